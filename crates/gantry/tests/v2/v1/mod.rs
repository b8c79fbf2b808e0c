//! The older calls (contract 7): nothing answers where they are off, and where they are on they give no more than a secret is worth.

use reqwest::Method;
use reqwest::header::{ORIGIN, REFERER};
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm};

const PAGE: &str = "https://app.example.com";
const ANA: &str = "ana@example.com";

async fn app() -> App {
    App::start_with(|config| config.http.v1 = true).await
}

async fn realm(app: &App) -> TestRealm<'_> {
    let realm = app.realm_with(json!({"allowed_origins": [PAGE]})).await;
    realm.user(ANA).await;
    realm
}

/// Asks as a browser does for a script that a page names.
async fn script(realm: &TestRealm<'_>, path: &str, page: Option<&str>, query: &[(&str, &str)]) -> Reply {
    let mut request = realm.anyone(Method::GET, path).query(query);
    if let Some(page) = page {
        request = request.header(REFERER, format!("{page}/"));
    }
    realm.app.send(request).await
}

/// What a script hands to the page's function.
fn handed(reply: &Reply, name: &str) -> Value {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), "application/javascript; charset=utf-8");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("cache-control"), "no-store");
    let inner = reply
        .text
        .strip_prefix(&format!("/**/{name}("))
        .and_then(|text| text.strip_suffix(");"));
    serde_json::from_str(inner.unwrap_or_else(|| panic!("{reply:?}"))).unwrap()
}

fn ana<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("email", ANA), ("password", PASSWORD)], more].concat()
}

#[tokio::test]
async fn t_23_nothing_answers_where_it_is_off() {
    let app = App::start().await;
    let realm = realm(&app).await;
    let session = realm.session_of(ANA).await;
    let token = realm.look(&session).await.expect(200)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    for path in ["/v1/login", "/v1/signup", "/v1/logout", "/v1/session", "/v1/"] {
        for method in [Method::GET, Method::POST, Method::OPTIONS, Method::PUT] {
            let query = ana(&[("callback", "cb"), ("token", &token), ("session", &session)]);
            let asked = realm.anyone(method.clone(), path).query(&query);
            let asked = asked.header(REFERER, format!("{PAGE}/")).header(ORIGIN, PAGE);
            let reply = app.send(asked).await;
            assert_eq!(reply.status, 404, "{method} {path}");
            assert!(!reply.text.contains("cb") && !reply.headers.contains_key("access-control-allow-origin"));
        }
    }
    // What is on without it answers no callback either: a session is read by pages that CORS lets, and by no script.
    let asked = realm.get(&format!("/v2/session?session={session}&callback=cb")).await;
    assert!(asked.text.starts_with('{') && asked.header("content-type").starts_with("application/json"));
    assert_eq!(realm.look(&session).await.status, 200, "nothing was signed out");
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_signs_in_and_out_by_script() {
    let app = app().await;
    let realm = realm(&app).await;
    let reply = script(&realm, "/v1/login", Some(PAGE), &ana(&[("callback", "lr.done")])).await;
    let told = handed(&reply, "lr.done");
    let token = told["token"].as_str().unwrap();
    assert_eq!(told.as_object().unwrap().len(), 1, "{told}");
    let claims = crate::common::claims(token);
    let session = claims["sid"].as_str().unwrap();
    assert_eq!(realm.look(session).await.status, 200);
    let reply = script(
        &realm,
        "/v1/logout",
        Some(PAGE),
        &[("callback", "cb"), ("token", token)],
    )
    .await;
    assert_eq!(handed(&reply, "cb"), json!({"result": "okay"}));
    assert_eq!(realm.look(session).await.status, 403);

    let new = [("email", "new@example.com"), ("password", PASSWORD), ("callback", "cb")];
    let told = handed(&script(&realm, "/v1/signup", Some(PAGE), &new).await, "cb");
    assert!(told["token"].is_string(), "{told}");
}

#[tokio::test]
async fn without_a_script_it_is_json_under_cors() {
    let app = app().await;
    let realm = realm(&app).await;
    let json = realm
        .get(&format!("/v1/login?username={ANA}&password=correct%20horse%20battery"))
        .await;
    assert!(json.expect(200)["token"].is_string());
    let form = realm
        .anyone(Method::POST, "/v1/login")
        .form(&ana(&[]))
        .header(ORIGIN, PAGE);
    let form = app.send(form).await;
    assert!(form.expect(200)["token"].is_string());
    assert_eq!(form.header("access-control-allow-origin"), PAGE);
    let strange = realm
        .anyone(Method::POST, "/v1/login")
        .form(&ana(&[]))
        .header(ORIGIN, "https://evil.example");
    assert!(
        !app.send(strange)
            .await
            .headers
            .contains_key("access-control-allow-origin")
    );
    let wrong = realm
        .post("/v1/login", json!({"email": ANA, "password": "not it"}))
        .await;
    assert_eq!(wrong.expect(200), json!({"error": "Login failed"}));
    for method in [Method::PUT, Method::DELETE, Method::HEAD] {
        let asked = realm.anyone(method.clone(), "/v1/login").query(&ana(&[]));
        assert_eq!(app.send(asked).await.status, 405, "{method}");
    }
}

#[tokio::test]
async fn t_23_no_other_page_has_a_script_made_for_it() {
    let app = app().await;
    let realm = realm(&app).await;
    let query = ana(&[("callback", "cb")]);
    for page in [
        None,
        Some("https://evil.example"),
        Some("https://app.example.com.evil.example"),
        Some("http://app.example.com"),
    ] {
        let reply = script(&realm, "/v1/login", page, &query).await;
        assert_eq!(reply.status, 403, "{page:?}");
        assert!(reply.header("content-type").starts_with("application/json"));
        assert!(
            !reply.text.contains("token") && !reply.text.contains("cb("),
            "{reply:?}"
        );
        let events = app.events(&realm.id, reply.request_id(), 0).await;
        assert_eq!(events, Vec::<Value>::new(), "nothing was tried");
    }
    // Nor does it help to have a browser's own word of who somebody is: there is none that counts.
    let session = realm.session_of(ANA).await;
    let asked = realm.anyone(Method::GET, "/v1/login").query(&[("callback", "cb")]);
    let asked = asked
        .header(REFERER, format!("{PAGE}/"))
        .header("cookie", format!("session={session}; arToken={session}"));
    let told = handed(&app.send(asked).await, "cb");
    assert!(told["token"].is_null() && told["error"].is_string(), "{told}");
    // There is no call that reads a session.
    let reply = script(
        &realm,
        "/v1/session",
        Some(PAGE),
        &[("callback", "cb"), ("session", &session)],
    )
    .await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_callback_is_a_name_and_nothing_more() {
    let app = app().await;
    let realm = realm(&app).await;
    for name in [
        "",
        "alert(1)//",
        "a;b",
        "<script>",
        "a b",
        "a\nb",
        "cb[0]",
        &"a".repeat(65),
    ] {
        let reply = script(&realm, "/v1/login", Some(PAGE), &ana(&[("callback", name)])).await;
        assert_eq!(reply.status, 400, "{name}");
        assert!(name.is_empty() || !reply.text.contains(name), "{reply:?}");
    }
    // A function is called by what a page loads, not by what it sends.
    let body = json!({"email": ANA, "password": PASSWORD, "callback": "cb"});
    assert_eq!(realm.post("/v1/login", body).await.status, 400);
}

#[tokio::test]
async fn a_second_factor_s_code_comes_with_the_password() {
    let app = app().await;
    let realm = realm(&app).await;
    let phone = realm.authenticator(&realm.shown(ANA).await).await;
    let ask = async |more: &[(&str, &str)]| {
        let query = [&ana(&[("callback", "cb")])[..], more].concat();
        handed(&script(&realm, "/v1/login", Some(PAGE), &query).await, "cb")
    };
    assert_eq!(ask(&[]).await, json!({"error": "mfa_required"}));
    assert_eq!(
        ask(&[("code", &phone.wrong(&app))]).await,
        json!({"error": "Verification failed"})
    );
    assert!(ask(&[("code", &phone.code(&app))]).await["token"].is_string());
}

#[tokio::test]
async fn what_is_not_a_full_login_gives_neither_token_nor_session() {
    let app = app().await;
    let realm = app
        .realm_with(json!({"allowed_origins": [PAGE], "org_mode": "multi_user"}))
        .await;
    let user = realm.user(ANA).await;
    for name in ["One", "Two"] {
        realm.join(&user, &realm.org(name).await).await;
    }
    let told = handed(
        &script(&realm, "/v1/login", Some(PAGE), &ana(&[("callback", "cb")])).await,
        "cb",
    );
    assert_eq!(
        told,
        json!({"error": "conditional_login", "conditions": ["no_account_selected"]})
    );
}

#[tokio::test]
async fn the_limits_are_those_of_the_calls_behind() {
    let app = app().await;
    let realm = realm(&app).await;
    for _ in 0..30 {
        realm.post("/v2/login", json!({})).await;
    }
    let refused = script(&realm, "/v1/login", Some(PAGE), &ana(&[("callback", "cb")])).await;
    let told = handed(&refused, "cb");
    assert!(
        told["token"].is_null() && told["error"].as_str().unwrap().contains("Too many"),
        "{told}"
    );
    assert!(refused.headers.contains_key("retry-after"));
    let plain = realm
        .post("/v1/login", json!({"email": ANA, "password": PASSWORD}))
        .await;
    assert_eq!(plain.status, 429);
}
