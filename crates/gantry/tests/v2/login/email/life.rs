//! T-13, T-16, T-17: how long a mail signs in, and how often

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, ByMail, PASSWORD, TestRealm};

const QUARTER_MS: i64 = 15 * 60 * 1000;

async fn served(app: &App) -> TestRealm<'_> {
    app.realm_with(json!({"email_login": "both"})).await
}

async fn without_limits() -> App {
    App::start_with(|config| config.limits_enabled = false).await
}

/// Fails unless neither the link nor the code of a mail signs anybody in.
async fn dead(realm: &TestRealm<'_>, mail: &ByMail, why: &str) {
    for body in [mail.by_link(), mail.by_code()] {
        let reply = realm.enter(body).await;
        assert_eq!(reply.status, 422, "{why}: {}", reply.text);
    }
}

#[tokio::test]
async fn t_16_a_mail_signs_in_for_a_quarter_of_an_hour() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    for by_link in [true, false] {
        let mail = realm.mail_to("ana@example.com").await;
        let body = if by_link { mail.by_link() } else { mail.by_code() };
        app.clock.advance_ms(QUARTER_MS - 1);
        realm.enter(body.clone()).await.expect(200);
        let mail = realm.mail_to("ana@example.com").await;
        app.clock.advance_ms(QUARTER_MS);
        dead(&realm, &mail, "its time is over").await;
    }
}

#[tokio::test]
async fn t_16_only_the_newest_mail_signs_in() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    let (first, second) = (
        realm.mail_to("ana@example.com").await,
        realm.mail_to("ana@example.com").await,
    );
    dead(&realm, &first, "there is a newer one").await;
    // Nor the code of the one in the browser of the other.
    let mixed = json!({"token": first.handle, "code": second.code});
    realm.enter(mixed).await.errors(422);
    realm.enter(second.by_code()).await.expect(200);
}

#[tokio::test]
async fn t_16_a_mail_dies_with_what_it_was_made_for() {
    let app = without_limits().await;
    let realm = served(&app).await;
    let path = "/v2/users/ana@example.com";
    let user = |fields: Value| json!({ "user": fields });
    for (why, method, path, body) in [
        (
            "a new password",
            Method::PUT,
            format!("{path}/update_password"),
            user(json!({"password": "another long password", "current_password": PASSWORD})),
        ),
        (
            "a password that a back end set",
            Method::PUT,
            path.to_owned(),
            user(json!({"password": "another long password"})),
        ),
        (
            "a new address",
            Method::PUT,
            path.to_owned(),
            user(json!({"email": "eve@example.com"})),
        ),
        (
            "switched off",
            Method::PUT,
            path.to_owned(),
            user(json!({"state": "inactive"})),
        ),
        ("gone", Method::DELETE, path.to_owned(), json!({})),
    ] {
        realm.verified("ana@example.com").await;
        let mail = realm.mail_to("ana@example.com").await;
        app.send(realm.core(method, &path).json(&body)).await.expect(200);
        dead(&realm, &mail, why).await;
        for left in realm.list("/v2/users").await {
            let path = format!("/v2/users/{}", left["id"].as_str().unwrap());
            realm.remove(&path).await.expect(200);
        }
    }
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
}

#[tokio::test]
async fn t_16_whoever_only_looks_uses_nothing_up() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    let link = mail.link.clone().unwrap();
    for path in [
        format!("/v2/login/email/verify?token={link}"),
        format!("/login?login={link}"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let reply = app.client.execute(realm.anyone(method, &path).build().unwrap()).await;
            assert!(reply.unwrap().status().is_client_error());
        }
    }
    realm.enter(mail.by_link()).await.expect(200);
}

#[tokio::test]
async fn t_13_of_many_at_once_one_gets_in() {
    let app = without_limits().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    for way in 0..3 {
        let mail = realm.mail_to("ana@example.com").await;
        let bodies = (0..4).map(|at| match (way, at % 2) {
            (0, _) | (2, 0) => mail.by_link(),
            _ => mail.by_code(),
        });
        let all = join_all(bodies.map(|body| realm.enter(body))).await;
        let through = all.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(through, 1, "{all:?}");
        assert!(all.iter().all(|reply| matches!(reply.status, 200 | 422)));
    }
    assert_eq!(realm.list("/v2/sessions").await.len(), 3);
}

#[tokio::test]
async fn t_11_a_code_stands_five_guesses_also_at_once() {
    let app = without_limits().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    for at_once in [false, true] {
        let mail = realm.mail_to("ana@example.com").await;
        // What cannot be a code is no guess.
        for typo in ["1", "123456789", "abcdefgh"] {
            let reply = realm.enter(json!({"token": mail.handle, "code": typo})).await;
            assert_eq!(reply.errors(422), ["Verification failed"]);
        }
        if at_once {
            join_all((0..5).map(|_| realm.enter(mail.by_wrong_code()))).await;
        } else {
            for _ in 0..5 {
                realm.enter(mail.by_wrong_code()).await.errors(422);
            }
        }
        assert_eq!(realm.enter(mail.by_code()).await.errors(422), ["Verification failed"]);
        // Who reads the mail is no guesser.
        realm.enter(mail.by_link()).await.expect(200);
    }
    let mail = realm.mail_to("ana@example.com").await;
    for _ in 0..4 {
        realm.enter(mail.by_wrong_code()).await.errors(422);
    }
    realm.enter(mail.by_code()).await.expect(200);
    let mut failed = realm.history_types().await;
    failed.retain(|name| name == "user.login.failed");
    assert_eq!(failed.len(), 2 * 6 + 4);
}

#[tokio::test]
async fn t_17_a_mail_s_tokens_do_one_thing_and_no_other_token_does_it() {
    let app = without_limits().await;
    let realm = served(&app).await;
    let user = realm.verified("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    let (link, handle) = (mail.link.clone().unwrap(), mail.handle.as_str().unwrap().to_owned());
    let code = mail.code.clone().unwrap();
    let whole = format!("{link}:{code}");
    for token in [&link, &handle, &whole] {
        for word in ["", "tpw", "tve", "tue", "tmf"] {
            let renamed = match token.split_once(':') {
                Some((_, rest)) if !word.is_empty() => format!("{word}:{rest}"),
                _ => token.clone(),
            };
            let reset = json!({"token": renamed, "password": PASSWORD, "password_confirmation": PASSWORD});
            realm.post("/v2/password/reset", reset.clone()).await.errors(422);
            realm
                .post("/v2/email/verify", json!({ "token": renamed }))
                .await
                .errors(422);
            let second = json!({"token": renamed, "code": code});
            realm.post("/v2/login/verify", second.clone()).await.errors(422);
            let path = "/v2/users/reset_password_with_token";
            realm.create(path, json!({ "user": reset })).await.errors(422);
            let path = "/v2/users/authenticate_token";
            realm.create(path, json!({ "user": second })).await.errors(422);
            realm.look(&renamed).await.errors(403);
        }
    }
    let made = async |action: &str| {
        let path = format!("/v2/users/ana@example.com/{action}");
        realm.create(&path, json!({})).await.expect(201)["token"].clone()
    };
    let session = realm.open(&user).await;
    let invited = json!({"email": "ana@example.com", "invitation_type": "referral"});
    let others = [
        made("generate_password_token").await,
        made("request_email_verification").await,
        json!(realm.invite(invited).await),
        session["id"].clone(),
        session["token"].clone(),
        json!(whole),
        json!(link.replace("tml", "tmc")),
        json!(handle.replace("tmh", "tml")),
    ];
    for token in others {
        let word = token.as_str().unwrap_or_default().split_once(':');
        let renamed = word.map(|(_, rest)| json!(format!("tml:{rest}")));
        for token in [
            Some(token.clone()),
            renamed.filter(|renamed| *renamed != mail.by_link()["token"]),
        ] {
            let Some(token) = token else { continue };
            let reply = realm.enter(json!({"token": token, "code": code})).await;
            assert_eq!(reply.errors(422), ["The token is not valid or has expired"], "{token}");
        }
    }
    realm.enter(mail.by_link()).await.expect(200);
}

#[tokio::test]
async fn t_03_a_mail_of_one_realm_signs_in_at_no_other() {
    let app = App::start().await;
    let (realm, other) = (served(&app).await, served(&app).await);
    for realm in [&realm, &other] {
        realm.verified("ana@example.com").await;
    }
    let (mail, theirs) = (
        realm.mail_to("ana@example.com").await,
        other.mail_to("ana@example.com").await,
    );
    let invalid = ["The token is not valid or has expired"];
    assert_eq!(other.enter(mail.by_link()).await.errors(422), invalid);
    assert_eq!(other.enter(mail.by_code()).await.errors(422), invalid);
    let mixed = json!({"token": theirs.handle, "code": mail.code});
    assert_eq!(other.enter(mixed).await.errors(422), ["Verification failed"]);
    realm.enter(mail.by_code()).await.expect(200);
    other.enter(theirs.by_link()).await.expect(200);
}
