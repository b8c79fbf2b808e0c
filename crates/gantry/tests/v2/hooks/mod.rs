//! `/v2/hooks` (contract 5.4)

mod delivery;
mod mail;
mod ping;
mod rotate_secret;

use futures::FutureExt;
use gantry_kernel::{HookId, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Setting};

const IT: Setting = Setting {
    path: "/v2/hooks",
    root: "hook",
    unknown: "hk_0000000000000000000000",
    is_id: |text| HookId::parse(text).is_ok(),
    fresh: |_, number| async move { json!({"destination": format!("https://a.example/{number}")}) }.boxed(),
};

#[tokio::test]
async fn it_is_made_read_changed_listed_and_deleted() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "hook_type": "webhook", "state": "active", "event_type": ["user.created", "session.deleted"], "delay": 5,
        "accumulate": "daily", "destination": "https://a.example/hook?x=1", "email_to": null, "locales": [],
        "email_subjects": null, "email_templates": null, "email_renderers": null, "mailing_list_provider_id": null,
        "list_id": null, "name": null, "description": null, "on_create": null, "visibility": null, "ordered": true, "alert_email": "ops@a.example",
    });
    let mut shown = sent.clone();
    shown["current_locales"] = json!([]);
    shown["failing_since"] = json!(null);
    let changes = [
        ("state", json!("inactive")),
        ("event_type", json!([])),
        ("delay", json!(0)),
        ("accumulate", json!(null)),
        ("destination", json!("http://127.0.0.1:9/x")),
        ("ordered", json!(false)),
        ("alert_email", json!(null)),
    ];
    IT.lives(&realm, sent, shown, &changes).await;
}

#[tokio::test]
async fn they_are_listed_in_the_order_of_their_making() {
    IT.is_listed_in_order(&App::start().await).await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let wrong = [
        (json!({"hook_type": "pigeon"}), 1),
        (json!({"state": "asleep"}), 1),
        (json!({"event_type": ["user.created", "user.exploded"]}), 1),
        (json!({"event_type": "ping"}), 1),
        (json!({"delay": -1}), 1),
        (json!({"delay": 604_801}), 1),
        (json!({"accumulate": "x".repeat(256)}), 1),
        (json!({"destination": null}), 1),
        (json!({"destination": "ftp://a.example"}), 1),
        (json!({"destination": "/relative"}), 1),
        (json!({"email_to": "a@b.example", "list_id": "x", "name": "y"}), 3),
    ];
    IT.refuses(&App::start().await, &wrong).await;
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    IT.is_its_realm_s_own(&App::start().await).await;
}

#[tokio::test]
async fn t_33_a_password_in_an_address_is_hidden_and_kept() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = IT
        .make(&realm, json!({"destination": "https://user:s3cret-canary@a.example/x"}))
        .await;
    let hook = made.expect(201);
    assert_eq!(hook["destination"], "https://user:***@a.example/x");
    // Who sends back what was shown changes nothing.
    let same = IT
        .send(
            &realm,
            Method::PUT,
            &IT.path_of(&hook),
            json!({"destination": hook["destination"], "delay": 1}),
        )
        .await;
    same.expect(200);
    for reply in [
        &made,
        &same,
        &realm.read(&IT.path_of(&hook)).await,
        &realm.read(IT.path).await,
    ] {
        assert!(!reply.text.contains("canary"));
    }
}

#[tokio::test]
async fn mail_has_texts_by_language() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = IT.make(
        &realm,
        json!({
            "hook_type": "email", "event_type": "user.password.resetting", "email_to": "Ops@A.example", "locales": ["en", "ja"],
            "email_subjects": {"en": "Reset", "ja": "再設定"}, "email_templates": {"en": "Hello **you**", "ja": "こんにちは\n{{x}}"},
            "email_renderers": {"en": "html+text"},
        }),
    )
    .await
    .expect(201);
    let shown = json!([
        made["email_to"],
        made["current_locales"],
        made["email_subjects"],
        made["email_renderers"]
    ]);
    assert_eq!(
        shown,
        json!(["ops@a.example", ["en", "ja"], {"en": "Reset", "ja": "再設定"}, {"en": "html+text"}])
    );
    let cleared = IT
        .send(
            &realm,
            Method::PUT,
            &IT.path_of(&made),
            json!({"email_to": null, "email_templates": null}),
        )
        .await;
    let cleared = cleared.expect(200);
    assert_eq!(
        json!([
            cleared["email_to"],
            cleared["current_locales"],
            cleared["email_subjects"]
        ]),
        json!([null, [], made["email_subjects"]])
    );
    for wrong in [
        json!({"event_type": []}),
        json!({"event_type": ["user.created", "user.updated"]}),
        json!({"event_type": "org.created"}),
        json!({"hook_type": "webhook"}),
        json!({"destination": "https://a.example"}),
        json!({"email_to": "nobody"}),
        json!({"locales": ["tlh"]}),
        json!({"email_subjects": {"en": "a\r\nBcc: b@c.example"}}),
        json!({"email_subjects": {"tlh": "x"}}),
        json!({"email_templates": {"en": 1}}),
        json!({"email_templates": ["x"]}),
        json!({"email_renderers": {"en": "pdf"}}),
    ] {
        let reply = IT.send(&realm, Method::PUT, &IT.path_of(&made), wrong.clone()).await;
        assert_eq!(reply.errors(422).len(), 1, "{wrong}");
    }
    assert_eq!(realm.read(&IT.path_of(&made)).await.expect(200), cleared);
}

#[tokio::test]
async fn a_mailing_list_is_one_of_its_provider_s() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let provider = json!({"provider_name": "News", "provider_type": "mailchimp", "valid_list_ids": ["a", "b"]});
    let body = json!({ "mailing_list_provider": provider });
    let own = realm
        .create("/v2/mailing_list_providers", body.clone())
        .await
        .expect(201);
    let theirs = other.create("/v2/mailing_list_providers", body).await.expect(201);
    let fields = |list: &str, provider: &Value| {
        json!({
            "hook_type": "mailing_list", "list_id": list, "mailing_list_provider_id": provider, "name": "News",
            "description": "All of it", "on_create": "subscribe", "visibility": "public",
        })
    };
    let made = IT.make(&realm, fields("a", &own["id"])).await.expect(201);
    assert_eq!(
        json!([made["list_id"], made["visibility"], made["destination"]]),
        json!(["a", "public", null])
    );
    for wrong in [
        fields("c", &own["id"]),
        fields("a", &theirs["id"]),
        fields("a", &json!("mlp_0000000000000000000000")),
        fields("a", &json!("nonsense")),
        fields("a", &json!(null)),
        fields("", &own["id"]),
    ] {
        assert_eq!(IT.make(&realm, wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
    let moved = IT
        .send(&realm, Method::PUT, &IT.path_of(&made), json!({"list_id": "b"}))
        .await;
    assert_eq!(moved.expect(200)["list_id"], "b");
    IT.send(&realm, Method::PUT, &IT.path_of(&made), json!({"list_id": "c"}))
        .await
        .errors(422);
}
