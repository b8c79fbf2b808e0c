//! Mails: to whom, saying what, in which language, by which server (contract 5.4; T-15, T-29).

use std::time::Duration;

use gantry_config::{Config, SmtpTls};
use gantry_kernel::Secret;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, LOGIN, Mailbox, Manner, Reply, TestRealm};

/// Settings by which a mailbox is the server's own provider.
fn by(mailbox: &Mailbox) -> impl FnOnce(&mut Config) + use<> {
    let port = mailbox.port;
    move |config| {
        config.smtp.host = Some("localhost".to_owned());
        config.smtp.port = port;
        config.smtp.from = Some("no-reply@acme.example".to_owned());
    }
}

/// A realm whose users sign in at an app.
async fn realm_of(app: &App) -> TestRealm<'_> {
    let realm = app.realm_with(json!({"public_name": "Acme & Sons"})).await;
    let apps = realm.list("/v2/client_apps").await;
    let path = format!("/v2/client_apps/{}", apps[0]["id"].as_str().unwrap());
    let body = json!({"client_app": {"redirect_uris": ["https://app.example/start"]}});
    app.send(realm.core(Method::PUT, &path).json(&body)).await.expect(200);
    realm
}

async fn forgets(realm: &TestRealm<'_>, email: &str) -> Reply {
    let path = format!("/v2/users/{email}/generate_password_token");
    let made = realm.create(&path, json!({})).await;
    made.expect(201);
    made
}

/// The mail of the event of a call, once it is as it should be.
async fn told(realm: &TestRealm<'_>, call: &Reply, good: impl Fn(&Value) -> bool) -> Value {
    let event = realm.app.event(&realm.id, call.request_id()).await;
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap());
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let shown = realm.read(&path).await.expect(200);
        let one = shown["notifications"][0].clone();
        if good(&one) {
            return one;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {shown}");
        tokio::task::yield_now().await;
    }
}

fn state(wanted: &str) -> impl Fn(&Value) -> bool {
    move |one| one["state"] == wanted
}

#[tokio::test]
async fn t_15_a_forgotten_password_is_answered_by_a_mail_with_a_link_to_the_realm_s_app() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app).await;
    realm.user("ana@example.com").await;
    let path = "/v2/users/ana@example.com/generate_password_token";
    let call = realm.core(Method::POST, path).json(&json!({}));
    let call = call
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example");
    let call = app.send(call).await;
    let token = call.expect(201)["token"].as_str().unwrap().to_owned();
    let mail = mailbox.next().await;
    assert_eq!(
        (mail.from.as_str(), mail.to.clone()),
        ("no-reply@acme.example", vec!["ana@example.com".to_owned()])
    );
    assert_eq!(mail.header("Subject"), "Reset your password");
    assert_eq!(mail.header("From"), "Acme & Sons <no-reply@acme.example>");
    let link = format!("https://app.example/start?reset_password={}", token.replace(':', "%3A"));
    assert!(mail.part("text/plain").contains(&link), "{}", mail.part("text/plain"));
    let html = mail.part("text/html");
    assert!(
        html.contains("Acme &amp; Sons") && html.contains("href=\"https:"),
        "{html}"
    );
    assert!(!mail.raw.contains("evil"));
    let done = told(&realm, &call, state("completed")).await;
    assert_eq!(
        json!([
            done["hook_type"],
            done["hook_id"],
            done["last_destination"],
            done["last_result"],
            done["attempts"]
        ]),
        json!(["email", null, "ana@example.com", "250 taken", 1])
    );
    assert_eq!(
        mail.header("Message-ID"),
        format!("<{}@acme.example>", done["id"].as_str().unwrap())
    );
}

#[tokio::test]
async fn each_mail_is_in_the_language_of_whom_it_is_for() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app).await;
    for (email, locale, subject) in [
        ("es@example.com", json!("es"), "Restablezca su contraseña"),
        ("ja@example.com", json!("ja"), "パスワードの再設定"),
        ("no@example.com", json!(null), "Reset your password"),
    ] {
        let body = json!({"user": {"email": email, "locale": locale}});
        realm.create("/v2/users", body).await.expect(201);
        forgets(&realm, email).await;
        let mail = mailbox.next().await;
        assert_eq!((mail.to[0].as_str(), mail.header("Subject").as_str()), (email, subject));
    }
    let invitation = json!({"invitation_type": "referral", "email": "new@example.com", "locale": "ja"});
    let made = realm
        .create("/v2/invitations", json!({ "invitation": invitation }))
        .await
        .expect(201);
    let path = format!("/v2/invitations/{}/invite", made["id"].as_str().unwrap());
    realm.create(&path, json!({})).await.expect(200);
    let mail = mailbox.next().await;
    assert_eq!(
        (mail.to[0].as_str(), mail.header("Subject").as_str()),
        ("new@example.com", "Acme & Sons への招待")
    );
    let token = made["token"].as_str().unwrap().replace(':', "%3A");
    assert!(mail.part("text/plain").contains(&format!("?invitation={token}")));
}

#[tokio::test]
async fn t_16_a_token_that_is_worth_nothing_any_more_is_mailed_to_nobody() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app).await;
    let ana = realm.user("ana@example.com").await;
    // It waits, and meanwhile the address is another's.
    let hook = json!({"hook_type": "email", "event_type": ["user.password.resetting"], "delay": 60});
    realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    let call = forgets(&realm, "ana@example.com").await;
    told(&realm, &call, state("in_progress")).await;
    let path = format!("/v2/users/{}", ana["id"].as_str().unwrap());
    let moved = realm
        .core(Method::PUT, &path)
        .json(&json!({"user": {"email": "eve@example.com"}}));
    app.send(moved).await.expect(200);
    app.clock.advance_ms(60_000);
    let off = told(&realm, &call, state("canceled")).await;
    assert_eq!(json!([off["attempts"], off["last_destination"]]), json!([0, null]));
    assert!(!mailbox.has_more());
}

#[tokio::test]
async fn t_29_a_hook_s_own_templates_show_values_as_text() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app).await;
    let hook = json!({
        "hook_type": "email", "event_type": ["user.password.resetting"], "email_to": "ops@acme.example",
        "email_subjects": {"en": "Reset for {{ user.name }}", "es": "Para {{ user.name }}"},
        "email_templates": {"en": "Hello **{{ user.first_name|default('you') }}**, [go]({{ link }})", "es": "Hola {{ user.name }}"},
        "email_renderers": {"es": "text"},
    });
    realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    let user = json!({"email": "ana@example.com", "first_name": "<b>[x](https://evil.example)", "password": "a long password"});
    realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    let call = forgets(&realm, "ana@example.com").await;
    let mail = mailbox.next().await;
    // Its own takes the place of the one that is built in.
    told(&realm, &call, state("completed")).await;
    assert!(!mailbox.has_more());
    assert_eq!(mail.to, ["ops@acme.example"]);
    assert_eq!(mail.header("Subject"), "Reset for <b>[x](https://evil.example)");
    let html = mail.part("text/html");
    assert_eq!(html.matches("<a ").count(), 1, "{html}");
    assert!(
        html.contains("<a href=\"https://app.example/start?reset_password=tpw%3A") && !html.contains("<b>"),
        "{html}"
    );
    let spanish = realm
        .core(Method::PUT, "/v2/users/ana@example.com")
        .json(&json!({"user": {"locale": "es"}}));
    app.send(spanish).await.expect(200);
    forgets(&realm, "ana@example.com").await;
    let mail = mailbox.next().await;
    assert_eq!(mail.header("Subject"), "Para <b>[x](https://evil.example)");
    assert_eq!(mail.part("text/plain").trim(), "Hola <b>[x](https://evil.example)");
}

#[tokio::test]
async fn a_realm_s_own_provider_sends_with_its_password_and_by_tls() {
    let mut mailbox = Mailbox::start(Manner {
        tls: true,
        login: true,
        wrapped: false,
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let ca = dir.path().join("ca.pem");
    std::fs::write(&ca, &mailbox.ca).unwrap();
    let app = App::start_with(|config| {
        config.smtp.ca = Some(ca);
        config.egress.allow = vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    })
    .await;
    let realm = realm_of(&app).await;
    realm.user("ana@example.com").await;
    let provider = json!({
        "provider_name": "Own", "email_from": "hello@own.example", "email_from_name": "Ñandú", "smtp_host": "localhost",
        "smtp_port": mailbox.port, "smtp_user": LOGIN.0, "smtp_password": LOGIN.1,
    });
    let made = realm
        .create("/v2/smtp_providers", json!({ "smtp_provider": provider }))
        .await
        .expect(201);
    let call = forgets(&realm, "ana@example.com").await;
    let mail = mailbox.next().await;
    assert_eq!((mail.encrypted, mail.user.as_deref()), (true, Some(LOGIN.0)));
    assert_eq!(mail.from, "hello@own.example");
    told(&realm, &call, state("completed")).await;
    // A wrong password is told to the realm's managers, and keeps the mail waiting.
    let path = format!("/v2/smtp_providers/{}", made["id"].as_str().unwrap());
    let wrong = realm
        .core(Method::PUT, &path)
        .json(&json!({"smtp_provider": {"smtp_password": "wrong"}}));
    app.send(wrong).await.expect(200);
    let call = forgets(&realm, "ana@example.com").await;
    let waits = told(&realm, &call, |one| one["attempts"] == 1).await;
    assert_eq!(waits["state"], "in_progress");
    assert!(
        waits["last_result"].as_str().unwrap().contains("who are you"),
        "{waits}"
    );
    assert!(!waits.to_string().contains("wrong"));
}

#[tokio::test]
async fn no_password_is_told_without_tls_and_no_stranger_is_believed() {
    // Without TLS; and with a certificate that nobody vouches for.
    for (manner, tls) in [
        (
            Manner {
                tls: false,
                login: true,
                wrapped: false,
            },
            SmtpTls::Auto,
        ),
        (
            Manner {
                tls: true,
                login: true,
                wrapped: false,
            },
            SmtpTls::Auto,
        ),
        (
            Manner {
                tls: true,
                login: true,
                wrapped: true,
            },
            SmtpTls::Wrapped,
        ),
    ] {
        let mut mailbox = Mailbox::start(manner).await;
        let change = by(&mailbox);
        let app = App::start_with(|config| {
            change(config);
            config.smtp.user = Some(LOGIN.0.to_owned());
            config.smtp.password = Some(Secret::new(LOGIN.1));
            config.smtp.tls = tls;
        })
        .await;
        let realm = realm_of(&app).await;
        realm.user("ana@example.com").await;
        let call = forgets(&realm, "ana@example.com").await;
        let waits = told(&realm, &call, |one| one["attempts"] == 1).await;
        assert_eq!(waits["state"], "in_progress", "{waits}");
        assert!(!mailbox.has_more());
    }
}

#[tokio::test]
async fn tls_from_the_beginning_works_too() {
    let mut mailbox = Mailbox::start(Manner {
        tls: false,
        login: true,
        wrapped: true,
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let ca = dir.path().join("ca.pem");
    std::fs::write(&ca, &mailbox.ca).unwrap();
    let change = by(&mailbox);
    let app = App::start_with(|config| {
        change(config);
        config.smtp.user = Some(LOGIN.0.to_owned());
        config.smtp.password = Some(Secret::new(LOGIN.1));
        config.smtp.tls = SmtpTls::Wrapped;
        config.smtp.ca = Some(ca);
    })
    .await;
    let realm = realm_of(&app).await;
    realm.user("ana@example.com").await;
    forgets(&realm, "ana@example.com").await;
    let mail = mailbox.next().await;
    assert_eq!((mail.encrypted, mail.user.as_deref()), (true, Some(LOGIN.0)));
}

#[tokio::test]
async fn what_the_server_refuses_for_good_is_not_sent_again_and_the_rest_is() {
    let mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app).await;
    for (email, wanted, result) in [
        ("unknown@example.com", "failed", "no such mailbox"),
        ("later@example.com", "in_progress", "try later"),
    ] {
        realm.user(email).await;
        let call = forgets(&realm, email).await;
        let one = told(&realm, &call, |one| one["attempts"] == 1).await;
        assert_eq!(one["state"], wanted);
        assert!(one["last_result"].as_str().unwrap().contains(result), "{one}");
    }
}

#[tokio::test]
async fn t_27_a_realm_s_provider_is_no_way_inside_and_without_any_the_mail_waits() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start().await;
    let realm = realm_of(&app).await;
    realm.user("ana@example.com").await;
    let call = forgets(&realm, "ana@example.com").await;
    let waits = told(&realm, &call, |one| one["attempts"] == 1).await;
    assert!(
        waits["last_result"]
            .as_str()
            .unwrap()
            .starts_with("there is no mail server"),
        "{waits}"
    );
    let provider = json!({
        "provider_name": "Inside", "email_from": "a@b.example", "smtp_host": "127.0.0.1", "smtp_port": mailbox.port,
    });
    realm
        .create("/v2/smtp_providers", json!({ "smtp_provider": provider }))
        .await
        .expect(201);
    let call = forgets(&realm, "ana@example.com").await;
    let waits = told(&realm, &call, |one| one["attempts"] == 1).await;
    assert_eq!(waits["last_result"], "the mail server must not be called");
    assert!(!mailbox.has_more());
}

#[tokio::test]
async fn an_email_hook_that_is_switched_off_switches_the_built_in_mail_off() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app).await;
    realm.user("ana@example.com").await;
    let hook = json!({"hook_type": "email", "event_type": ["user.password.resetting"], "state": "inactive"});
    realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    let call = forgets(&realm, "ana@example.com").await;
    let event = app.event(&realm.id, call.request_id()).await;
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200)["notifications"], json!([]));
    assert!(!mailbox.has_more());
}
