//! `GET /v2/credentials/:id` (contract 3.7)

use reqwest::Method;
use serde_json::Value;

use crate::common::App;

/// What sets an authenticator app up.
const SETUP: [&str; 3] = ["otp_secret", "provisioning_uri", "provisioning_svg"];

#[tokio::test]
async fn t_33_what_sets_an_app_up_is_shown_while_it_is_new_to_keys_that_write() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.switch("totp", "active").await;
    let made = realm.new_totp(&user).await;
    let path = format!("/v2/credentials/{}", made["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), made);
    let read = app.key("read", Some(&realm.id)).await;
    let bare = app.send(app.with_key(&read, Method::GET, &path)).await.expect(200);
    let embedded = realm.read("/v2/users/ana@example.com").await;
    assert!(!embedded.text.contains(made["otp_secret"].as_str().unwrap()));
    let without = |shown: &Value| SETUP.iter().all(|name| shown.get(name).is_none());
    assert!(without(&bare), "{bare}");
    let authenticator = crate::common::Authenticator::of(&made);
    let verified = realm
        .verify(&authenticator.id, &authenticator.code(&app))
        .await
        .expect(200);
    assert_eq!(verified["state"], "active");
    for shown in [&verified, &realm.read(&path).await.expect(200)] {
        assert!(without(shown), "{shown}");
    }
}

#[tokio::test]
async fn a_password_shows_that_it_is_there_and_no_more() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let embedded = &user["credentials"][0];
    let path = format!("/v2/credentials/{}", embedded["id"].as_str().unwrap());
    let shown = realm.read(&path).await;
    assert_eq!(shown.expect(200), *embedded);
    assert!(!shown.text.contains("argon2"), "T-33");
}

#[tokio::test]
async fn t_03_a_credential_of_another_realm_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.user("ana@example.com").await;
    let id = theirs["credentials"][0]["id"].as_str().unwrap();
    own.read(&format!("/v2/credentials/{id}")).await.errors(404);
    for nobody in ["crd_0000000000000000000000", "crd_x", "usr_0000000000000000000000"] {
        own.read(&format!("/v2/credentials/{nobody}")).await.errors(404);
    }
}
