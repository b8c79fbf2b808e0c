//! The mail itself: to whom, saying what, leading where (T-15, T-16, T-29, T-30)

use gantry_config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Mailbox, Manner, TestRealm};

/// Settings by which a mailbox is the server's own provider.
fn by(mailbox: &Mailbox) -> impl FnOnce(&mut Config) + use<> {
    let port = mailbox.port;
    move |config| {
        config.smtp.host = Some("localhost".to_owned());
        config.smtp.port = port;
        config.smtp.from = Some("no-reply@acme.example".to_owned());
    }
}

/// A realm whose users sign in at an app, by mail.
async fn realm_of<'a>(app: &'a App, word: &str) -> TestRealm<'a> {
    let settings = json!({"public_name": "Acme & Sons", "email_login": word});
    let realm = app.realm_with(settings).await;
    let apps = realm.list("/v2/client_apps").await;
    let path = format!("/v2/client_apps/{}", apps[0]["id"].as_str().unwrap());
    let body = json!({"client_app": {"redirect_uris": ["https://app.example/start"]}});
    realm.change(&path, body).await.expect(200);
    realm
}

#[tokio::test]
async fn t_15_a_mail_has_a_link_to_the_realm_s_app_a_code_or_both() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    for word in ["link", "code", "both"] {
        let realm = realm_of(&app, word).await;
        realm.verified("ana@example.com").await;
        let asked = realm
            .anyone(Method::POST, "/v2/login/email")
            .header("x-forwarded-host", "evil.example")
            // The address that is kept gets the mail, however it was typed.
            .json(&json!({"email": " ANA@Example.com"}));
        let asked = app.send(asked).await;
        let handle = asked.expect(200).get("token").cloned();
        let mail = mailbox.next().await;
        assert_eq!(mail.to, ["ana@example.com"]);
        assert_eq!(mail.header("Subject"), "Sign in to Acme & Sons");
        assert!(!mail.raw.contains("evil"));
        let (text, html) = (mail.part("text/plain"), mail.part("text/html"));
        let token = text.split("https://app.example/start?login=").nth(1);
        let token = token.map(|rest| rest.split_whitespace().next().unwrap().replace("%3A", ":"));
        let code = text
            .lines()
            .map(str::trim)
            .find(|line| line.len() == 9 && line.as_bytes()[4] == b'-');
        assert_eq!(
            (token.is_some(), code.is_some()),
            (word != "code", word != "link"),
            "{text}"
        );
        assert_eq!(html.contains("href="), word != "code", "{html}");
        assert_eq!(code.is_some_and(|code| html.contains(code)), word != "link", "{html}");
        let body = match (token, code) {
            (_, Some(code)) => json!({"token": handle, "code": code}),
            (token, None) => json!({ "token": token }),
        };
        realm.enter(body).await.expect(200);
    }
}

#[tokio::test]
async fn each_mail_is_in_the_language_of_whom_it_is_for() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app, "both").await;
    for (email, locale, subject, says) in [
        (
            "de@example.com",
            json!("de"),
            "Anmelden bei Acme & Sons",
            "innerhalb von 15 Minuten",
        ),
        ("ja@example.com", json!("ja"), "Acme & Sons へのログイン", "15分以内"),
        (
            "no@example.com",
            json!(null),
            "Sign in to Acme & Sons",
            "within 15 minutes",
        ),
    ] {
        let user = json!({"email": email, "locale": locale});
        realm.create("/v2/users", json!({ "user": user })).await.expect(201);
        realm.ask_for_mail(email).await.expect(200);
        let mail = mailbox.next().await;
        assert_eq!((mail.to[0].as_str(), mail.header("Subject").as_str()), (email, subject));
        assert!(mail.part("text/plain").contains(says));
    }
    // From right to left a code still reads from left to right.
    let user = json!({"email": "ar@example.com", "locale": "ar"});
    realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    realm.ask_for_mail("ar@example.com").await.expect(200);
    let html = mailbox.next().await.part("text/html");
    assert!(
        html.contains("dir=\"rtl\"") && html.contains("<bdi dir=\"ltr\">"),
        "{html}"
    );
}

#[tokio::test]
async fn a_realm_s_own_templates_show_link_and_code() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app, "both").await;
    let hook = json!({
        "hook_type": "email", "event_type": ["user.login.requested"], "email_subjects": {"en": "For {{ user.email }}"},
        "email_templates": {"en": "{% if code %}{{ code }}{% endif %} {{ link }} {{ token }}"}, "email_renderers": {"en": "text"},
    });
    realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    realm.verified("ana@example.com").await;
    let asked = realm.mail_to("ana@example.com").await;
    let mail = mailbox.next().await;
    let (link, code) = (asked.link.unwrap(), asked.code.unwrap());
    let (one, two) = code.split_at(4);
    let said = format!(
        "{one}-{two} https://app.example/start?login={} {link}",
        link.replace(':', "%3A")
    );
    assert_eq!(mail.part("text/plain").trim(), said);
    assert_eq!(mail.header("Subject"), "For ana@example.com");
    // It takes the place of the one that is built in.
    assert!(!mailbox.has_more());
}

#[tokio::test]
async fn t_16_a_mail_that_signs_in_no_more_goes_to_nobody() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(by(&mailbox)).await;
    let realm = realm_of(&app, "both").await;
    realm.verified("ana@example.com").await;
    // It waits, and meanwhile the address is another's.
    let hook = json!({"hook_type": "email", "event_type": ["user.login.requested"], "delay": 60});
    realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    let asked = realm.ask_for_mail("ana@example.com").await;
    let event = app
        .event_of(&realm.id, asked.request_id(), "user.login.requested")
        .await;
    let moved = json!({"user": {"email": "eve@example.com"}});
    realm.change("/v2/users/ana@example.com", moved).await.expect(200);
    app.clock.advance_ms(60_000);
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap());
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let shown: Value = realm.read(&path).await.expect(200);
        let one = &shown["notifications"][0];
        if one["state"] == "canceled" {
            assert_eq!(one["last_destination"], json!(null));
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {shown}");
        tokio::task::yield_now().await;
    }
    assert!(!mailbox.has_more());
}
