//! `DELETE /v2/credentials/:id` (contract 3.7)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn the_only_password_may_go_and_nobody_signs_in_with_it_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let password = &user["credentials"][0];
    let path = format!("/v2/credentials/{}", password["id"].as_str().unwrap());
    assert_eq!(realm.remove(&path).await.expect(200), *password);
    realm.read(&path).await.errors(404);
    realm.remove(&path).await.errors(404);
    assert_eq!(realm.login("ana@example.com").await.errors(422), ["Login failed"]);
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown["credentials"], json!([]));
}

#[tokio::test]
async fn t_16_a_login_that_began_with_a_password_that_is_gone_goes_no_further() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let half = realm.half("ana@example.com").await;
    let path = format!("/v2/credentials/{}", user["credentials"][0]["id"].as_str().unwrap());
    realm.remove(&path).await.expect(200);
    realm.finish(&half, &authenticator.code(&app)).await.errors(422);
    let sessions = format!("/v2/sessions?user_id={}", user["id"].as_str().unwrap());
    assert_eq!(realm.list(&sessions).await.len(), 0);
}

#[tokio::test]
async fn without_the_last_second_factor_none_is_asked_for_and_recovery_codes_are_gone() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.authenticator(&user).await, realm.authenticator(&user).await);
    let path = "/v2/users/ana@example.com/generate_recovery_codes";
    let codes = realm.create(path, json!({})).await.expect(201)["codes"].clone();
    realm.remove(&format!("/v2/credentials/{}", one.id)).await.expect(200);
    let token = realm.half("ana@example.com").await;
    realm.finish(&token, codes[0].as_str().unwrap()).await.expect(201);
    let half = realm.half("ana@example.com").await;
    realm.remove(&format!("/v2/credentials/{}", two.id)).await.expect(200);
    // What waits for a second factor waits for ever.
    realm.finish(&half, &two.code(&app)).await.errors(422);
    assert_eq!(
        realm.authenticate("ana@example.com").await.expect(201)["object"],
        "session"
    );
    let three = realm.authenticator(&user).await;
    let token = realm.half("ana@example.com").await;
    realm.finish(&token, codes[1].as_str().unwrap()).await.errors(422);
    realm.finish(&token, &three.code(&app)).await.expect(201);
}

#[tokio::test]
async fn t_03_only_who_may_write_in_the_realm_removes_a_credential() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.user("ana@example.com").await;
    let path = format!("/v2/credentials/{}", theirs["credentials"][0]["id"].as_str().unwrap());
    let locked = app.key("write", Some(&own.id)).await;
    app.send(app.with_key(&locked, Method::DELETE, &path)).await.errors(404);
    let read = app.key("read", Some(&other.id)).await;
    app.send(app.with_key(&read, Method::DELETE, &path)).await.errors(403);
    other.login("ana@example.com").await.expect(200);
}
