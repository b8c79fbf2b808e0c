//! `/v2/mailing_list_providers` (contract 3.13)

use futures::FutureExt;
use gantry_kernel::{Id, MailingListProviderId};
use reqwest::Method;
use serde_json::json;

use crate::common::{App, Setting};

const IT: Setting = Setting {
    path: "/v2/mailing_list_providers",
    root: "mailing_list_provider",
    unknown: "mlp_0000000000000000000000",
    is_id: |text| MailingListProviderId::parse(text).is_ok(),
    fresh: |_, number| {
        let name = format!("P{number}");
        async move { json!({"provider_name": name, "provider_type": "mailchimp"}) }.boxed()
    },
};

#[tokio::test]
async fn it_is_made_read_changed_listed_and_deleted() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "provider_name": "News", "provider_type": "mailchimp", "state": "active",
        "api_endpoint": "https://api.example/3.0", "provider_account": "acme", "valid_list_ids": ["a", "b"],
        "api_key": "s3cret-canary",
    });
    let mut shown = sent.clone();
    shown.as_object_mut().unwrap().remove("api_key");
    let changes = [
        ("provider_name", json!("Other")),
        ("provider_type", json!("other")),
        ("state", json!("inactive")),
        ("api_endpoint", json!(null)),
        ("provider_account", json!(null)),
        ("valid_list_ids", json!([])),
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
        (json!({"provider_name": ""}), 1),
        (json!({"provider_type": null}), 1),
        (json!({"state": "asleep"}), 1),
        (json!({"api_endpoint": "https://user:key@api.example/"}), 1),
        (json!({"api_endpoint": "javascript:1"}), 1),
        (json!({"valid_list_ids": vec!["x"; 1001]}), 1),
        (json!({"api_key": "x".repeat(1025)}), 1),
    ];
    IT.refuses(&App::start().await, &wrong).await;
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    IT.is_its_realm_s_own(&App::start().await).await;
}

#[tokio::test]
async fn t_33_a_key_is_never_shown_and_a_provider_in_use_stays() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({"provider_name": "News", "provider_type": "mailchimp", "api_key": "s3cret-canary"});
    let made = IT.make(&realm, sent).await;
    let path = IT.path_of(&made.expect(201));
    for reply in [&made, &realm.read(&path).await, &realm.read(IT.path).await] {
        assert!(!reply.text.contains("canary") && !reply.text.contains("api_key"));
    }
    let hook = json!({"hook_type": "mailing_list", "mailing_list_provider_id": made.json()["id"], "list_id": "a"});
    let hook = realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    IT.send(&realm, Method::DELETE, &path, json!(null)).await.errors(409);
    realm.read(&path).await.expect(200);
    let hook = format!("/v2/hooks/{}", hook["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &hook)).await.expect(200);
    IT.send(&realm, Method::DELETE, &path, json!(null)).await.expect(200);
}
