//! `POST /v2/users/:id/generate_recovery_codes`, which the vendor does not have (docs/API-DESIGN.md)

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, TestRealm};

const PATH: &str = "/v2/users/ana@example.com/generate_recovery_codes";

async fn codes(realm: &TestRealm<'_>) -> Vec<String> {
    let made = realm.create(PATH, json!({})).await.expect(201);
    let codes = made["codes"].as_array().unwrap().iter();
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_code_stands_in_for_the_second_factor() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.authenticator(&user).await;
    let made = realm.create(PATH, json!({"user": {}})).await.expect(201);
    assert_eq!(
        json!([made["object"], made["user_id"]]),
        json!(["recovery_codes", user["id"]])
    );
    let codes = codes(&realm).await;
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 10);
    let token = realm.half("ana@example.com").await;
    let session = realm.finish(&token, &codes[0].to_uppercase()).await.expect(201);
    assert_eq!(session["object"], "session");
    let half = realm.login("ana@example.com").await.expect(200)["token"].clone();
    let body = json!({"token": half, "code": codes[1].replace('-', "")});
    let full = realm.post("/v2/login/verify", body).await.expect(200);
    assert_eq!(full["result"], "full_login");
}

#[tokio::test]
async fn t_14_a_code_is_good_once_and_regenerating_ends_them_all() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.authenticator(&user).await;
    let old = codes(&realm).await;
    let (one, two) = (realm.half("ana@example.com").await, realm.half("ana@example.com").await);
    let tries = [&one, &two, &one, &two].map(|token| realm.finish(token, &old[0]));
    let replies = futures::future::join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    let new = codes(&realm).await;
    let token = realm.half("ana@example.com").await;
    for code in &old[..4] {
        assert_eq!(realm.finish(&token, code).await.errors(422), ["Verification failed"]);
    }
    realm.finish(&token, &new[9]).await.expect(201);
}

#[tokio::test]
async fn codes_are_for_one_user_who_has_a_second_factor() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    assert_eq!(
        realm.create(PATH, json!({})).await.errors(422),
        ["The user has no second factor"]
    );
    realm.authenticator(&user).await;
    let other = realm.user("bo@example.com").await;
    realm.authenticator(&other).await;
    let codes = codes(&realm).await;
    let token = realm.half("bo@example.com").await;
    realm.finish(&token, &codes[0]).await.errors(422);
    realm
        .create("/v2/users/nobody@example.com/generate_recovery_codes", json!({}))
        .await
        .errors(404);
    // A password is not to be had for one.
    let body = json!({"user": {"password": codes[0]}});
    realm
        .create("/v2/users/ana@example.com/authenticate", body)
        .await
        .errors(422);
}

#[tokio::test]
async fn t_03_only_who_may_write_in_the_realm_makes_codes() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let user = other.user("ana@example.com").await;
    other.authenticator(&user).await;
    let good = codes(&other).await;
    let post = async |key: &str, path: &str| app.send(app.with_key(key, Method::POST, path)).await;
    let locked = app.key("write", Some(&own.id)).await;
    post(&locked, PATH).await.errors(404);
    let by_id = format!("/v2/users/{}/generate_recovery_codes", user["id"].as_str().unwrap());
    post(&locked, &by_id).await.errors(404);
    post(&locked, &format!("{PATH}?realm_id={}", other.id))
        .await
        .errors(404);
    post(&app.key("read", Some(&other.id)).await, PATH).await.errors(403);
    let token = other.half("ana@example.com").await;
    let session: Value = other.finish(&token, &good[0]).await.expect(201);
    assert_eq!(session["user_id"], user["id"]);
}
