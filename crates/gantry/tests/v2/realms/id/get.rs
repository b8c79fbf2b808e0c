//! `GET /v2/realms/:id` (contract 3.1)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn a_realm_is_read_as_it_was_made() {
    let app = App::start().await;
    let made = app
        .post("/v2/realms", json!({"name": "One", "custom": {"a": 1}}))
        .await
        .expect(201);
    let path = format!("/v2/realms/{}", made["id"].as_str().unwrap());
    assert_eq!(app.get(&path).await.expect(200), made);
    // Without a default realm, with one, and with another one.
    let other = app.post("/v2/realms", json!({"name": "Other"})).await.expect(201);
    for realm in [&made, &other] {
        let request = app
            .root(Method::GET, &path)
            .header("Authrocket-Realm", realm["id"].as_str().unwrap());
        assert_eq!(app.send(request).await.expect(200), made);
    }
}

#[tokio::test]
async fn a_state_filters() {
    let app = App::start().await;
    let body = |state: &str| json!({"name": state, "state": state});
    for (state, other) in [("active", "inactive"), ("inactive", "active")] {
        let made = app.post("/v2/realms", body(state)).await.expect(201);
        let path = format!("/v2/realms/{}", made["id"].as_str().unwrap());
        for query in [String::new(), "?state=".to_owned(), format!("?state={state}")] {
            assert_eq!(
                app.get(&format!("{path}{query}")).await.expect(200)["state"],
                state,
                "{query}"
            );
        }
        app.get(&format!("{path}?state={other}")).await.errors(404);
        app.get(&format!("{path}?state=closed")).await.errors(404);
    }
}

#[tokio::test]
async fn t_41_what_is_no_realm_is_not_found() {
    let app = App::start().await;
    let made = app.post("/v2/realms", json!({"name": "One"})).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let twisted = id.replace("rl_", "usr_");
    let shouted = id.to_uppercase().replace("RL_", "rl_");
    for bogus in [
        "rl_0000000000000000000000",
        "rl_zzzzzzzzzzzzzzzzzzzzzz",
        "rl_1",
        "1",
        "One",
        "null",
        "rl_'%20OR%201=1--",
        "%2e%2e",
        "%E3%81%82",
        &twisted,
        &shouted,
        &format!("{id}0"),
        &format!("{id}%20"),
    ] {
        if bogus != id {
            assert_eq!(
                app.get(&format!("/v2/realms/{bogus}")).await.errors(404).len(),
                1,
                "{bogus}"
            );
        }
    }
}

#[tokio::test]
async fn t_03_a_realm_that_is_not_the_key_s_is_like_one_that_is_not_there() {
    let app = App::start().await;
    let own = app.post("/v2/realms", json!({"name": "Own"})).await.expect(201);
    let other = app.post("/v2/realms", json!({"name": "Other"})).await.expect(201);
    let key = app.key("manage", own["id"].as_str()).await;
    let (own, other) = (own["id"].as_str().unwrap(), other["id"].as_str().unwrap());
    let read = |id: &str| app.send(app.holder(&key, Method::GET, &format!("/v2/realms/{id}")));
    assert_eq!(read(own).await.expect(200)["name"], "Own");
    let foreign = read(other).await;
    let unknown = read("rl_0000000000000000000000").await;
    foreign.errors(404);
    assert_eq!((foreign.status, foreign.text), (unknown.status, unknown.text));
}

#[tokio::test]
async fn t_33_a_signing_secret_is_for_those_who_manage() {
    let app = App::start().await;
    let body = json!({"name": "Symmetric", "jwt_algo": "hs256"});
    let made = app.post("/v2/realms", body).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let public = app.post("/v2/realms", json!({"name": "Asymmetric"})).await.expect(201);
    for (permission, sees) in [("read", false), ("write", false), ("manage", true)] {
        for lock in [None, Some(id)] {
            let key = app.key(permission, lock).await;
            let shown = app
                .send(app.holder(&key, Method::GET, &format!("/v2/realms/{id}")))
                .await
                .expect(200);
            assert_eq!(shown.get("jwt_key").is_some(), sees, "{permission}");
            assert!(!sees || shown["jwt_key"] == made["jwt_key"]);
        }
        // The public half of an RSA key is for everybody.
        let key = app.key(permission, None).await;
        let path = format!("/v2/realms/{}", public["id"].as_str().unwrap());
        let shown = app.send(app.holder(&key, Method::GET, &path)).await.expect(200);
        assert_eq!(shown["jwt_key"], public["jwt_key"]);
    }
}
