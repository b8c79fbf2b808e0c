//! T-11, T-12, T-38: how often, and who suffers from it

use gantry_config::{Config, LimitOverride};
use serde_json::json;

use crate::common::{App, PASSWORD, TestRealm};

/// Lets an address try so often that only the account's own limit counts.
fn many_by_address(config: &mut Config) {
    let limit = || LimitOverride {
        max: Some(1000),
        ..LimitOverride::default()
    };
    for name in ["login", "forgot"] {
        config.limits.insert(name.to_owned(), limit());
    }
}

async fn served(app: &App) -> TestRealm<'_> {
    app.realm_with(json!({"email_login": "both"})).await
}

#[tokio::test]
async fn t_38_a_mailbox_gets_a_few_mails_an_hour_however_it_is_named() {
    let app = App::start().await;
    let realm = served(&app).await;
    let user = json!({"email": "ana@example.com", "username": "ana"});
    realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    for who in ["ana@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            realm.ask_for_mail(who).await.expect(200);
        }
        // Known or not, the sixth is told the same.
        let reply = realm.ask_for_mail(&format!(" {}", who.to_uppercase())).await;
        let said = ["Enough mails were sent to this address; please wait a while and try again"];
        assert_eq!(reply.errors(422), said);
        app.clock.advance_ms(60_000);
    }
    // By another name it is the same mailbox, whatever the mails are for.
    for _ in 0..3 {
        realm.ask_for_mail("ana").await.expect(200);
    }
    let forgot = json!({"username": "ana"});
    realm.post("/v2/password/forgot", forgot).await.expect(200);
    let types = realm.history_types().await;
    let count = |wanted: &str| types.iter().filter(|name| *name == wanted).count();
    assert_eq!(
        (count("user.login.requested"), count("user.password.resetting")),
        (5, 0)
    );
    app.clock.advance_ms(3_600_000);
    realm.mail_to("ana@example.com").await;
}

#[tokio::test]
async fn t_11_an_address_asks_and_guesses_only_so_often() {
    let app = App::start().await;
    let realm = served(&app).await;
    for n in 0..10 {
        realm.ask_for_mail(&format!("u{n}@example.com")).await.expect(200);
    }
    realm.ask_for_mail("u10@example.com").await.errors(429);
    for _ in 0..30 {
        realm.enter(json!({"token": "tml:x"})).await.errors(422);
    }
    realm.enter(json!({"token": "tml:x"})).await.errors(429);
}

#[tokio::test]
async fn t_12_who_guesses_at_codes_keeps_nobody_from_their_password_or_their_link() {
    let app = App::start_with(many_by_address).await;
    let realm = served(&app).await;
    let user = realm.verified("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    for _ in 0..2 {
        let mail = realm.mail_to("ana@example.com").await;
        for _ in 0..5 {
            assert_eq!(
                realm.enter(mail.by_wrong_code()).await.errors(422),
                ["Verification failed"]
            );
        }
    }
    let mail = realm.mail_to("ana@example.com").await;
    let reply = realm.enter(mail.by_code()).await;
    assert!(reply.errors(422)[0].contains("Too many"));
    // Neither of their other ways in, nor anybody else, waits for that.
    let half = realm.login("ana@example.com").await.expect(200);
    let code = json!({"token": half["token"], "code": authenticator.code(&app)});
    realm.post("/v2/login/verify", code).await.expect(200);
    realm.enter(mail.by_link()).await.expect(200);
    realm.verified("bob@example.com").await;
    let other = realm.mail_to("bob@example.com").await;
    realm.enter(other.by_code()).await.expect(200);
    app.clock.advance_ms(300_000);
    let mail = realm.mail_to("ana@example.com").await;
    realm.enter(mail.by_code()).await.expect(200);
}

#[tokio::test]
async fn t_12_wrong_passwords_keep_nobody_from_their_mail() {
    let app = App::start_with(many_by_address).await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    for _ in 0..=10 {
        let guess = json!({"email": "ana@example.com", "password": "wrong password"});
        realm.post("/v2/login", guess).await.errors(422);
    }
    let right = json!({"email": "ana@example.com", "password": PASSWORD});
    assert!(realm.post("/v2/login", right).await.errors(422)[0].contains("Too many"));
    for by_link in [true, false] {
        let mail = realm.mail_to("ana@example.com").await;
        let body = if by_link { mail.by_link() } else { mail.by_code() };
        realm.enter(body).await.expect(200);
    }
}

#[tokio::test]
async fn right_codes_take_none_of_the_guesses() {
    let app = App::start_with(|config| {
        many_by_address(config);
        let limit = LimitOverride {
            max: Some(1000),
            ..LimitOverride::default()
        };
        config.limits.insert("mail".to_owned(), limit);
    })
    .await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    for _ in 0..12 {
        let mail = realm.mail_to("ana@example.com").await;
        realm.enter(mail.by_code()).await.expect(200);
    }
}
