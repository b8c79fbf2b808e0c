//! `/v2/smtp_providers` (contract 3.13)

use futures::FutureExt;
use gantry_kernel::{Id, SmtpProviderId};
use reqwest::Method;
use serde_json::json;

use crate::common::{App, Setting};

const IT: Setting = Setting {
    path: "/v2/smtp_providers",
    root: "smtp_provider",
    unknown: "smtp_0000000000000000000000",
    is_id: |text| SmtpProviderId::parse(text).is_ok(),
    fresh: |_, number| {
        let name = format!("P{number}");
        async move { json!({"provider_name": name, "email_from": "a@a.example", "smtp_host": "mail.a.example"}) }
            .boxed()
    },
};

#[tokio::test]
async fn it_is_made_read_changed_listed_and_deleted() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "provider_name": "Mail", "provider_type": "smtp", "state": "active", "email_from": "no-reply@a.example",
        "email_from_name": "Acme Ñ", "smtp_host": "mail.a.example", "smtp_port": 465, "smtp_user": "acme",
        "smtp_password": "s3cret-canary",
    });
    let mut shown = sent.clone();
    shown.as_object_mut().unwrap().remove("smtp_password");
    let changes = [
        ("provider_name", json!("Other")),
        ("state", json!("inactive")),
        ("email_from", json!("b@a.example")),
        ("email_from_name", json!(null)),
        ("smtp_host", json!("127.0.0.1")),
        ("smtp_port", json!(25)),
        ("smtp_user", json!(null)),
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
        (json!({"provider_name": " "}), 1),
        (json!({"provider_type": "pigeon"}), 1),
        (json!({"state": "asleep"}), 1),
        (json!({"email_from": "nobody"}), 1),
        (json!({"email_from_name": "A\r\nBcc: b@c.example"}), 1),
        (json!({"smtp_host": "mail.a.example:25"}), 1),
        (json!({"smtp_port": 0}), 1),
        (json!({"smtp_port": 65536}), 1),
        (json!({"smtp_password": "a\r\nQUIT"}), 1),
        (json!({"email_from": null, "smtp_host": null}), 2),
    ];
    IT.refuses(&App::start().await, &wrong).await;
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    IT.is_its_realm_s_own(&App::start().await).await;
}

#[tokio::test]
async fn t_33_a_password_is_never_shown() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "provider_name": "Mail", "email_from": "a@a.example", "smtp_host": "mail.a.example",
        "smtp_password": "s3cret-canary",
    });
    let made = IT.make(&realm, sent).await;
    let path = IT.path_of(&made.expect(201));
    let replies = [
        realm.read(&path).await,
        realm.read(IT.path).await,
        IT.send(&realm, Method::PUT, &path, json!({"smtp_password": "an0ther-canary"}))
            .await,
        IT.send(&realm, Method::PUT, &path, json!({"smtp_password": null}))
            .await,
        IT.send(&realm, Method::DELETE, &path, json!(null)).await,
        made,
    ];
    for reply in replies {
        assert!(reply.status < 300 && !reply.text.contains("canary") && !reply.text.contains("password"));
    }
}
