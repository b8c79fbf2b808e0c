//! How requests are written: `Accept`, `Content-Type`, `Expect`, empty bodies, and the habits of each published client (contract 1.3).

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, ROOT_KEY, Raw, Reply, TestRealm};

const FORM: &str = "application/x-www-form-urlencoded";

/// Sends a body of a type of one's own to an app's root.
async fn typed(app: &App, method: Method, path: &str, kind: &str, body: &str) -> Reply {
    let request = app.root(method, path).header(CONTENT_TYPE, kind).body(body.to_owned());
    app.send(request).await
}

/// Sends a request with these headers and no others, as PHP's client does without an `Accept`.
async fn bare(app: &App, line: &str, headers: &str, body: &str) -> Reply {
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let request = format!("{line} HTTP/1.1\r\nhost: a\r\nauthrocket-api-key: {ROOT_KEY}\r\n{headers}\r\n{body}");
    raw.ask(request).await
}

#[tokio::test]
async fn json_is_answered_to_whoever_does_not_exclude_it() {
    let app = App::start().await;
    for accept in [
        "application/json",
        "application/json, text/plain, */*",
        "*/*",
        "application/*",
        "text/html, application/*;q=0.1",
        "",
    ] {
        let reply = app
            .send(app.root(Method::GET, "/v2/realms").header(ACCEPT, accept))
            .await;
        reply.expect(200);
        assert!(reply.header("content-type").starts_with("application/json"), "{accept}");
    }
    for accept in [
        "text/html",
        "application/json;q=0",
        "application/xml, text/*",
        "*/*;q=0",
    ] {
        let reply = app
            .send(app.root(Method::GET, "/v2/realms").header(ACCEPT, accept))
            .await;
        assert_eq!(reply.errors(406), ["Only JSON answers are available"], "{accept}");
    }
    let none = bare(&app, "GET /v2/realms", "", "").await;
    none.expect(200);
}

#[tokio::test]
async fn bodies_are_json_or_forms() {
    let app = App::start().await;
    for (kind, body) in [
        ("application/json", r#"{"realm":{"name":"R"}}"#),
        ("application/json; charset=utf-8", r#"{"realm":{"name":"R"}}"#),
        ("Application/JSON", r#"{"name":"R"}"#),
        (FORM, "realm[name]=R"),
        (FORM, "realm%5Bname%5D=R"),
        ("application/x-www-form-urlencoded; charset=UTF-8", "name=R"),
    ] {
        let made = typed(&app, Method::POST, "/v2/realms", kind, body).await.expect(201);
        assert_eq!(made["name"], "R", "{kind} {body}");
    }
    let before = app.get("/v2/realms").await.text;
    for kind in [
        "text/plain",
        "text/xml",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "x",
    ] {
        let reply = typed(&app, Method::POST, "/v2/realms", kind, r#"{"realm":{"name":"R"}}"#).await;
        assert_eq!(reply.errors(415), ["Send JSON or form data"], "{kind}");
    }
    let untyped = app.root(Method::POST, "/v2/realms").body(r#"{"realm":{"name":"R"}}"#);
    app.send(untyped).await.errors(415);
    assert_eq!(app.get("/v2/realms").await.text, before);
}

#[tokio::test]
async fn an_empty_body_is_an_empty_object() {
    let app = App::start().await;
    let realm = app.realm().await;
    let path = format!("/v2/domains?realm_id={}", realm.id);
    for (headers, body) in [
        ("content-length: 0\r\n", ""),
        ("content-type: application/json\r\ncontent-length: 0\r\n", ""),
        ("content-type: application/json\r\ncontent-length: 2\r\n", "{}"),
        (
            "content-type: application/json\r\ncontent-length: 15\r\n",
            r#"{"domain":null}"#,
        ),
        (
            "content-type: application/json\r\ncontent-length: 13\r\n",
            r#"{"domain":{}}"#,
        ),
        ("content-type: application/json\r\ncontent-length: 4\r\n", "null"),
        (
            "content-type: application/json\r\ntransfer-encoding: chunked\r\n",
            "0\r\n\r\n",
        ),
        ("", ""),
    ] {
        let made = bare(&app, &format!("POST {path}"), headers, body).await.expect(201);
        assert_eq!(made["object"], "domain", "{headers}{body}");
    }
}

#[tokio::test]
async fn what_is_no_object_is_malformed_and_says_why() {
    let app = App::start().await;
    let before = app.get("/v2/realms").await.text;
    let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
    let deeper = "[".repeat(50_000);
    for (body, text) in [
        ("{", "The body is not valid JSON"),
        ("{\"realm\":{\"name\":\"R\"}}x", "The body is not valid JSON"),
        ("[{}]", "The body must be a JSON object"),
        ("\"x\"", "The body must be a JSON object"),
        (&deep, "The body is not valid JSON"),
        (&deeper, "The body is not valid JSON"),
        (
            r#"{"realm":{"name":"a\u0000b"}}"#,
            "The request contains characters that are not allowed",
        ),
        (r#"{"realm":{"name":["R"]}}"#, "A field has a value of the wrong type"),
        (r#"{"realm":"R"}"#, "A field has a value of the wrong type"),
        (r#"{"realm":[1]}"#, "A field has a value of the wrong type"),
    ] {
        let reply = typed(&app, Method::POST, "/v2/realms", "application/json", body).await;
        assert_eq!(reply.errors(400), [text], "{body:.80}");
    }
    let invalid = app
        .root(Method::POST, "/v2/realms")
        .header(CONTENT_TYPE, "application/json");
    let invalid = app
        .send(invalid.body(b"{\"realm\":{\"name\":\"\xff\"}}".to_vec()))
        .await;
    assert_eq!(invalid.errors(400), ["The body is not valid JSON"]);
    for form in ["name=%zz", "name=%ff", "a[b=1", "=x", "name=%00"] {
        typed(&app, Method::POST, "/v2/realms", FORM, form).await.errors(400);
        app.get(&format!("/v2/realms?{form}")).await.errors(400);
    }
    assert_eq!(app.get("/v2/realms").await.text, before);
}

#[tokio::test]
async fn only_a_continuation_may_be_expected() {
    let app = App::start().await;
    let body = r#"{"realm":{"name":"R"}}"#;
    let typed = format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    let made = bare(
        &app,
        "POST /v2/realms",
        &format!("{typed}expect: 100-continue\r\n"),
        body,
    )
    .await;
    made.expect(201);
    let reply = bare(&app, "POST /v2/realms", &format!("{typed}expect: 200-ok\r\n"), body).await;
    assert_eq!(reply.errors(417), ["The expectation of the request cannot be met"]);
}

async fn session_of(realm: &TestRealm<'_>, email: &str) -> String {
    realm.login(email).await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_node_client_types_requests_without_body_and_deletes_by_query() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let node = |method: Method, path: &str| {
        let request = app.root(method, path).header("Authrocket-Realm", &realm.id);
        request
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/plain, */*")
    };
    let list = app
        .send(node(Method::GET, "/v2/users?expand[]=custom&max_results=1"))
        .await
        .expect(200);
    assert_eq!(list["collection"][0]["id"], user["id"]);
    // encodeURI leaves @ and + as they are.
    let found = app
        .send(node(Method::GET, "/v2/users/ana@example.com"))
        .await
        .expect(200);
    assert_eq!(found["id"], user["id"]);
    let types = "event_type[]=user.created&event_type[]=org.created&created_at_after=";
    app.event(&realm.id, "").await;
    let events = app
        .send(node(Method::GET, &format!("/v2/events?{types}")))
        .await
        .expect(200);
    assert!(
        events["collection"]
            .as_array()
            .unwrap()
            .iter()
            .all(|e| e["event_type"] == "user.created")
    );
    let session = session_of(&realm, "ana@example.com").await;
    let gone = app
        .send(node(Method::DELETE, &format!("/v2/sessions/{session}?force=true")))
        .await;
    assert_eq!(gone.expect(200)["object"], "session");
}

#[tokio::test]
async fn the_php_client_sends_no_accept_and_deletes_by_body() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("a+b@example.com").await;
    let default = format!("authrocket-realm: {}\r\n", realm.id);
    let list = bare(&app, "GET /v2/users?expand[0]=custom&max_results=1", &default, "")
        .await
        .expect(200);
    assert_eq!(list["collection"][0]["custom"], json!({}));
    let found = bare(&app, "GET /v2/users/a%2Bb%40example.com", &default, "")
        .await
        .expect(200);
    assert_eq!(found["email"], "a+b@example.com");
    let session = session_of(&realm, "a+b@example.com").await;
    let body = r#"{"force":true,"session":null,"request":{"ip":"192.0.2.1"}}"#;
    let headers = format!(
        "{default}content-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    let gone = bare(&app, &format!("DELETE /v2/sessions/{session}"), &headers, body).await;
    gone.expect(200);
    let event = app.event(&realm.id, gone.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["request"]["ip"]),
        (&json!("session.deleted"), &json!("192.0.2.1"))
    );
}

#[tokio::test]
async fn brackets_name_what_json_would() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"org_mode": "multi_user"})).await;
    let form = format!(
        "realm_id={}&user[email]=a%40b.example&user[password]={PASSWORD}&user[custom][k]=v",
        realm.id
    );
    let form = format!(
        "{}&request[ip]=192.0.2.9&request[client]=Shop+1",
        form.replace(' ', "+")
    );
    let reply = typed(&app, Method::POST, "/v2/users", FORM, &form).await;
    let user = reply.expect(201);
    assert_eq!(
        (&user["email"], &user["custom"]),
        (&json!("a@b.example"), &json!({"k": "v"}))
    );
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["request"], json!({"ip": "192.0.2.9", "client": "Shop 1"}));
    let org = realm.org("One").await;
    for (lists, expected) in [
        (
            "membership[permissions][]=a&membership[permissions][]=b",
            json!(["a", "b"]),
        ),
        (
            "membership[permissions][1]=b&membership[permissions][0]=a",
            json!(["a", "b"]),
        ),
    ] {
        let other = realm.user(&format!("{}@example.com", lists.len())).await;
        let (user, org) = (other["id"].as_str().unwrap(), org["id"].as_str().unwrap());
        let form = format!(
            "realm_id={}&membership[user_id]={user}&membership[org_id]={org}&{lists}",
            realm.id
        );
        let made = typed(&app, Method::POST, "/v2/memberships", FORM, &form)
            .await
            .expect(201);
        assert_eq!(made["permissions"], expected, "{lists}");
    }
    // A login form whose text has each character that means something in a form.
    let password = "a&b=c+d%e [f] é";
    let body = json!({"realm_id": realm.id, "user": {"email": "odd@example.com", "password": password}});
    app.post("/v2/users", body).await.expect(201);
    let login = realm
        .anyone(Method::POST, "/v2/login")
        .form(&[("email", "odd@example.com"), ("password", password)]);
    app.send(login).await.expect(200);
}

#[tokio::test]
async fn a_path_counts_before_the_body_and_the_body_before_the_query() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (ana, bob) = (realm.user("ana@example.com").await, realm.user("bob@example.com").await);
    let id = |user: &Value| user["id"].as_str().unwrap().to_owned();
    let path = format!("/v2/users/{}?id={}&realm_id={}", id(&ana), id(&bob), realm.id);
    assert_eq!(app.get(&path).await.expect(200)["id"], ana["id"]);
    let body = json!({"realm_id": realm.id, "session": {"user_id": ana["id"]}});
    let made = app
        .post(&format!("/v2/sessions?user_id={}", id(&bob)), body)
        .await
        .expect(201);
    assert_eq!(made["user_id"], ana["id"]);
}

#[tokio::test]
async fn t_03_a_realm_among_a_new_thing_s_fields_is_the_request_s_and_bounded_as_any() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let body = |email: &str, realm: &TestRealm<'_>| json!({"user": {"email": email, "realm_id": realm.id}});
    let made = app.post("/v2/users", body("one@b.co", &own)).await.expect(201);
    assert_eq!(made["realm_id"], own.id);
    // It counts before what the caller's header says, as one beside the root does.
    let made = own.create("/v2/users", body("one@b.co", &other)).await.expect(201);
    assert_eq!(made["realm_id"], other.id);
    // Two that differ are a mistake, in the body and in the query.
    let mut both = body("two@b.co", &other);
    both["realm_id"] = json!(own.id);
    let reply = app.post("/v2/users", both.clone()).await;
    assert_eq!(reply.errors(422), ["Realm is not valid"]);
    both["realm_id"] = json!(other.id);
    app.post("/v2/users", both).await.expect(201);
    let path = format!("/v2/users?realm_id={}", own.id);
    app.post(&path, body("three@b.co", &other)).await.errors(422);
    // Neither a locked key nor one that is not there reaches a realm by it, and what is no id is none here either.
    let key = app.key("manage", Some(&own.id)).await;
    let with_key = |body: Value| app.send(app.with_key(&key, Method::POST, "/v2/users").json(&body));
    with_key(body("four@b.co", &other)).await.errors(404);
    with_key(body("four@b.co", &own)).await.expect(201);
    for (realm, status) in [
        (json!("rl_0000000000000000000000"), 404),
        (json!(["x"]), 400),
        (json!({"x": 1}), 400),
    ] {
        let body = json!({"user": {"email": "five@b.co", "realm_id": realm}});
        app.post("/v2/users", body).await.errors(status);
    }
    // Whatever is no making takes the realm from beside the root alone.
    let path = format!("/v2/users/one@b.co?realm_id={}", own.id);
    let changed = app
        .put(&path, json!({"user": {"first_name": "X", "realm_id": other.id}}))
        .await;
    assert_eq!(changed.expect(200)["realm_id"], own.id);
    assert_eq!(
        (own.list("/v2/users").await.len(), other.list("/v2/users").await.len()),
        (2, 2)
    );
}

#[tokio::test]
async fn an_empty_list_is_an_empty_hash_where_a_hash_belongs() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let path = format!("/v2/users/ana@example.com?realm_id={}", realm.id);
    for body in ["[]", r#"{"user":[]}"#, " [ ] ", r#"{"user":{"custom":[]}}"#] {
        let reply = typed(&app, Method::PUT, &path, "application/json", body).await;
        assert_eq!(reply.expect(200), user, "{body}");
    }
    // Only an empty one, and only there.
    for body in [
        "[[]]",
        "[1]",
        "[{}]",
        r#"{"user":[[]]}"#,
        r#"{"user":["email"]}"#,
        r#"{"user":{"first_name":[]}}"#,
    ] {
        typed(&app, Method::PUT, &path, "application/json", body)
            .await
            .errors(400);
    }
    let filled = typed(
        &app,
        Method::PUT,
        &path,
        "application/json",
        r#"{"user":{"custom":[1]}}"#,
    )
    .await;
    filled.errors(422);
    assert_eq!(app.get(&path).await.expect(200), user);
}

#[tokio::test]
async fn the_head_alone_has_no_body() {
    let app = App::start().await;
    let full = app.get("/v2/realms").await;
    let head = app.send(app.root(Method::HEAD, "/v2/realms")).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), full.header("content-type"));
    assert_eq!(head.headers.get(CONTENT_LENGTH), full.headers.get(CONTENT_LENGTH));
    assert_eq!(
        app.send(app.root(Method::HEAD, "/v2/login")).await.status,
        404,
        "no realm here"
    );
}
