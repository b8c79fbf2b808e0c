//! Webhooks to which nothing arrives for days are switched off, with an event and a mail.

use std::time::Duration;

use gantry_config::Config;
use serde_json::json;

use super::{count, hook, switch, until};
use crate::common::{App, Mailbox, Manner, Mood, Receiver, TestRealm};

/// Lets the time pass while nothing arrives, a quarter of an hour whenever nobody is at work, until a hook is switched off.
async fn exhaust(app: &App, realm: &TestRealm<'_>, hook: &str) {
    let path = format!("/v2/hooks/{hook}");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    let mut pace = tokio::time::interval(Duration::from_millis(30));
    while realm.read(&path).await.expect(200)["state"] != "inactive" {
        assert!(tokio::time::Instant::now() < deadline, "never switched off");
        pace.tick().await;
        app.clock.advance_ms(16 * 60_000);
    }
}

fn with_mail(mailbox: &Mailbox) -> impl FnOnce(&mut Config) + use<> {
    let port = mailbox.port;
    move |config| {
        Receiver::allow(config);
        config.smtp.host = Some("localhost".to_owned());
        config.smtp.port = port;
        config.smtp.alerts_to = Some("operators@acme.example".to_owned());
    }
}

#[tokio::test]
async fn what_fails_for_days_is_switched_off_with_an_event_and_a_mail_and_misses_nothing() {
    let mut mailbox = Mailbox::start(Manner::default()).await;
    let app = App::start_with(with_mail(&mailbox)).await;
    let realm = app.realm_with(json!({"public_name": "Acme"})).await;
    let receiver = Receiver::start().await;
    receiver.set(Mood::Answers(500));
    let fields = json!({"destination": receiver.url, "event_type": ["org.created"], "alert_email": "ops@acme.example"});
    let id = hook(&realm, fields).await;
    for n in 0..20 {
        realm.org(&format!("Org {n}")).await;
    }
    let list = format!("/v2/notifications?hook_id={id}");
    until(&realm, &list, |shown| count(shown) == 20).await;
    exhaust(&app, &realm, &id).await;

    let path = "/v2/events?event_type=hook.disabled&created_at_after=";
    let shown = until(&realm, path, |shown| count(shown) == 1).await;
    assert_eq!(shown["collection"][0]["hook_id"], id.as_str());
    let mail = mailbox.next().await;
    assert_eq!(mail.to, ["ops@acme.example"]);
    assert_eq!(mail.header("Subject"), "A webhook was switched off");
    let text = mail.part("text/plain");
    assert!(text.contains(&receiver.url) && text.contains("Acme"), "{text}");
    // What waited is called off, and none of it is lost: it is told once more when the receiver is back.
    until(&realm, &format!("{list}&state=in_progress"), |shown| count(shown) == 0).await;
    receiver.set(Mood::Answers(200));
    switch(&realm, &id, "active").await;
    let shown = realm.read(&format!("/v2/hooks/{id}")).await.expect(200);
    assert_eq!(json!([shown["state"], shown["failing_since"]]), json!(["active", null]));
    let again = json!({"replay": {"hook_id": id, "state": "all", "created_at_after": 1}});
    assert_eq!(realm.create("/v2/replays", again).await.expect(201)["replayed"], 20);
    until(&realm, &format!("{list}&state=completed"), |shown| count(shown) == 20).await;
}
