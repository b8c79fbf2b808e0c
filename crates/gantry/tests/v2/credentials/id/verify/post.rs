//! `POST /v2/credentials/:id/verify` (contract 3.7)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Authenticator};

#[tokio::test]
async fn the_first_right_code_makes_it_count() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.switch("totp", "active").await;
    let authenticator = Authenticator::of(&realm.new_totp(&user).await);
    let wrong = authenticator.wrong(&app);
    for code in [wrong.as_str(), "", "12345", "abcdef", "1234567"] {
        assert_eq!(
            realm.verify(&authenticator.id, code).await.errors(422),
            ["Verification failed"],
            "{code}"
        );
    }
    assert_eq!(
        realm.authenticate("ana@example.com").await.expect(201)["object"],
        "session"
    );
    let code = authenticator.code(&app);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let verified = realm.verify(&authenticator.id, &spaced).await.expect(200);
    assert_eq!(
        json!([verified["id"], verified["state"]]),
        json!([authenticator.id, "active"])
    );
    assert_eq!(
        realm.authenticate("ana@example.com").await.expect(201)["object"],
        "token"
    );
}

#[tokio::test]
async fn t_13_a_step_is_used_once_also_at_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.switch("totp", "active").await;
    let authenticator = Authenticator::of(&realm.new_totp(&user).await);
    let code = authenticator.code(&app);
    let spaced = format!("{code} ");
    let tries = (0..8).map(|at| {
        let code = if at % 2 == 0 { &code } else { &spaced };
        realm.verify(&authenticator.id, code)
    });
    let replies = futures::future::join_all(tries).await;
    let good = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(good, 1);
    // Used here, it is used for a login as well; and so are the steps before it.
    let token = realm.half("ana@example.com").await;
    for old in [0, -30] {
        realm
            .finish(&token, &authenticator.code_later(&app, old))
            .await
            .errors(422);
    }
    realm
        .finish(&token, &authenticator.code_later(&app, 30))
        .await
        .expect(201);
}

#[tokio::test]
async fn t_11_guesses_are_bounded_by_account_and_wherever_they_are_made() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let token = realm.half("ana@example.com").await;
    let wrong = authenticator.wrong(&app);
    let tries = (0..20).map(|_| realm.verify(&authenticator.id, &wrong));
    let replies = futures::future::join_all(tries).await;
    let looked_at = replies
        .iter()
        .filter(|reply| reply.errors(422) == ["Verification failed"])
        .count();
    assert_eq!(looked_at, 10);
    // The right code comes too late, at any door.
    let right = authenticator.code(&app);
    for reply in [
        realm.verify(&authenticator.id, &right).await,
        realm.finish(&token, &right).await,
        realm
            .post("/v2/login/verify", json!({"token": token, "code": right}))
            .await,
    ] {
        let said = reply.json()["errors"][0].as_str().unwrap().to_owned();
        assert!(reply.status == 422 && said.starts_with("Too many"), "{said}");
        assert!(!reply.header("retry-after").is_empty());
    }
    // Passwords are counted apart.
    realm.authenticate("ana@example.com").await.expect(201);
    app.clock.advance_ms(300_000);
    let token = realm.half("ana@example.com").await;
    realm.finish(&token, &authenticator.code(&app)).await.expect(201);
}

#[tokio::test]
async fn what_has_no_codes_has_nothing_to_verify() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let password = user["credentials"][0]["id"].as_str().unwrap();
    realm.verify(password, "123456").await.errors(422);
    realm.verify("crd_0000000000000000000000", "123456").await.errors(404);
    // A provider that is switched off verifies nothing.
    realm.switch("totp", "active").await;
    let authenticator = Authenticator::of(&realm.new_totp(&user).await);
    realm.switch("totp", "inactive").await;
    let code = authenticator.code(&app);
    assert_eq!(
        realm.verify(&authenticator.id, &code).await.errors(422),
        ["This way to sign in is switched off"]
    );
}

#[tokio::test]
async fn t_03_only_who_may_write_in_the_realm_verifies() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let user = other.user("ana@example.com").await;
    other.switch("totp", "active").await;
    let authenticator = Authenticator::of(&other.new_totp(&user).await);
    let path = format!("/v2/credentials/{}/verify", authenticator.id);
    let body: Value = json!({"credential": {"code": authenticator.code(&app)}});
    let locked = app.key("write", Some(&own.id)).await;
    let request = app.with_key(&locked, Method::POST, &path).json(&body);
    app.send(request).await.errors(404);
    let read = app.key("read", Some(&other.id)).await;
    let request = app.with_key(&read, Method::POST, &path).json(&body);
    app.send(request).await.errors(403);
    other
        .verify(&authenticator.id, &authenticator.code(&app))
        .await
        .expect(200);
}
