//! `GET /v2/auth_providers/authorize` (contract 3.8)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::external::{BACK, parameter, with_idp};
use crate::common::{App, field};

#[tokio::test]
async fn active_external_providers_alone_are_listed_without_asking_anybody() {
    // No egress at all: what is known of a kind suffices.
    let app = App::start().await;
    let realm = app.realm().await;
    let list = async |query: &str| realm.list(&format!("/v2/auth_providers/authorize?{query}")).await;
    assert_eq!(list("redirect_uri=https://app.example/cb").await, Vec::<Value>::new());
    realm.switch("totp", "active").await;
    for kind in ["facebook", "github", "google", "linkedin", "slack", "yahoo"] {
        realm.external(json!({ "provider_type": kind })).await;
    }
    realm.switch("slack", "inactive").await;
    let all = list("redirect_uri=https://app.example/cb&nonce=the-callers-own").await;
    assert_eq!(
        field(&all, "provider_type"),
        ["facebook", "github", "google", "linkedin", "yahoo"]
    );
    for one in &all {
        let url = one["auth_url"].as_str().unwrap();
        assert!(url.starts_with("https://"), "{url}");
        let get = |name: &str| parameter(url, name);
        assert_eq!(get("response_type").as_deref(), Some("code"));
        assert_eq!(get("client_id").as_deref(), Some("gantry-at-idp"));
        assert_eq!(get("redirect_uri").as_deref(), Some("https://app.example/cb"));
        assert_eq!(get("code_challenge_method").as_deref(), Some("S256"));
        assert!(get("state").is_some() && get("code_challenge").is_some() && get("scope").is_some());
        assert!(!url.contains("canary"), "T-33: {url}");
        assert!(
            !url.contains("the-callers-own"),
            "the caller's nonce stays with the caller"
        );
    }
    // Each has a state of its own, and each time another.
    let mut states: Vec<_> = all
        .iter()
        .chain(&list("redirect_uri=https://app.example/cb").await)
        .map(state)
        .collect();
    states.sort();
    states.dedup();
    assert_eq!(states.len(), 10);
}

fn state(one: &Value) -> String {
    parameter(one["auth_url"].as_str().unwrap(), "state").unwrap()
}

#[tokio::test]
async fn one_that_cannot_say_where_it_is_keeps_nobody_from_the_others() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    realm.oidc(&idp).await;
    let gone = json!({"provider_type": "oauth2", "issuer": "http://127.0.0.1:1"});
    let gone = realm.external(gone).await;
    realm.external(json!({"provider_type": "github"})).await;
    let path = "/v2/auth_providers/authorize?redirect_uri=https://app.example/cb";
    let all = realm.list(path).await;
    assert_eq!(field(&all, "provider_type"), ["oauth2", "github"]);
    assert_eq!(realm.ask(&gone).await.status, 503);
}

#[tokio::test]
async fn t_24_a_redirect_address_is_needed_and_must_be_plain() {
    let app = App::start().await;
    let realm = app.realm().await;
    let google = realm.external(json!({"provider_type": "google"})).await;
    let one = format!("/v2/auth_providers/{}/authorize", google["id"].as_str().unwrap());
    for path in ["/v2/auth_providers/authorize", one.as_str()] {
        let ask = async |uri: &str| {
            let request = realm.core(Method::GET, path).query(&[("redirect_uri", uri)]);
            app.send(request).await
        };
        ask(BACK).await.expect(200);
        for wrong in [
            "",
            "/cb",
            "//evil.example/cb",
            "javascript:alert(1)",
            "https://app.example@evil.example/",
            "https://app.example/#frag",
            "https://app.example\\@evil.example/",
            "https://app.example/\r\nX: y",
        ] {
            assert_eq!(ask(wrong).await.errors(422).len(), 1, "{wrong}");
        }
        assert_eq!(realm.read(path).await.errors(422), ["Redirect address is required"]);
        let long = realm
            .core(Method::GET, path)
            .query(&[("redirect_uri", BACK), ("nonce", &"x".repeat(1025))]);
        app.send(long).await.errors(422);
    }
}

#[tokio::test]
async fn t_03_only_who_may_read_the_realm_gets_addresses() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.external(json!({"provider_type": "google"})).await;
    let key = app.key("read", Some(&own.id)).await;
    let ask = async |path: &str| {
        let request = app.with_key(&key, Method::GET, path).query(&[("redirect_uri", BACK)]);
        app.send(request).await
    };
    assert_eq!(
        ask("/v2/auth_providers/authorize").await.expect(200)["collection"],
        json!([])
    );
    ask(&format!("/v2/auth_providers/authorize?realm_id={}", other.id))
        .await
        .errors(404);
    ask(&format!(
        "/v2/auth_providers/{}/authorize",
        theirs["id"].as_str().unwrap()
    ))
    .await
    .errors(404);
    let nobody = app.anyone(Method::GET, "/v2/auth_providers/authorize");
    app.send(nobody.query(&[("redirect_uri", BACK)])).await.errors(403);
}
