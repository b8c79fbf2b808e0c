//! `/v2/mailing_list_subscriptions` (contract 3.13)

use futures::FutureExt;
use gantry_kernel::{Id, MailingListSubscriptionId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Setting, TestRealm, field};

const IT: Setting = Setting {
    path: "/v2/mailing_list_subscriptions",
    root: "mailing_list_subscription",
    unknown: "mls_0000000000000000000000",
    is_id: |text| MailingListSubscriptionId::parse(text).is_ok(),
    fresh: |realm, number| pair(realm, number).boxed(),
};

/// A hook for a mailing list, and a user to be on it.
async fn pair(realm: &TestRealm<'_>, number: usize) -> Value {
    let provider = json!({"mailing_list_provider": {"provider_name": "News", "provider_type": "mailchimp"}});
    let provider = realm.create("/v2/mailing_list_providers", provider).await.expect(201);
    let hook = json!({"hook_type": "mailing_list", "mailing_list_provider_id": provider["id"], "list_id": "a"});
    let hook = realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    let user = realm
        .user(&format!(
            "u{number}-{}@example.com",
            &hook["id"].as_str().unwrap()[20..]
        ))
        .await;
    json!({"hook_id": hook["id"], "user_id": user["id"]})
}

#[tokio::test]
async fn it_is_made_read_changed_listed_and_deleted() {
    let app = App::start().await;
    let realm = app.realm().await;
    let mut sent = pair(&realm, 0).await;
    sent["list_state"] = json!("pending");
    let changes = [
        ("list_state", json!("unsubscribed")),
        ("list_state", json!("subscribed")),
    ];
    IT.lives(&realm, sent.clone(), sent, &changes).await;
}

#[tokio::test]
async fn they_are_listed_in_the_order_of_their_making() {
    IT.is_listed_in_order(&App::start().await).await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let wrong = [
        (json!({"list_state": "gone"}), 1),
        (json!({"hook_id": "hk_0000000000000000000000"}), 1),
        (json!({"user_id": "usr_0000000000000000000000"}), 1),
        (json!({"hook_id": "nonsense", "user_id": "nonsense"}), 2),
    ];
    IT.refuses(&App::start().await, &wrong).await;
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    IT.is_its_realm_s_own(&App::start().await).await;
}

#[tokio::test]
async fn a_user_is_on_a_list_once_and_lists_are_found_by_either() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let (one, two) = (pair(&realm, 1).await, pair(&realm, 2).await);
    let first = IT.make(&realm, one.clone()).await.expect(201);
    assert_eq!(first["list_state"], "subscribed");
    assert_eq!(IT.make(&realm, one.clone()).await.errors(422).len(), 1);
    let mixed = json!({"hook_id": one["hook_id"], "user_id": two["user_id"]});
    let second = IT.make(&realm, mixed.clone()).await.expect(201);
    let by = async |query: String| field(&realm.list(&format!("{}?{query}", IT.path)).await, "id");
    let ids = |items: &[&Value]| {
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    assert_eq!(
        by(format!("hook_id={}", text(&one["hook_id"]))).await,
        ids(&[&first, &second])
    );
    assert_eq!(by(format!("user_id={}", text(&two["user_id"]))).await, ids(&[&second]));
    assert_eq!(
        by(format!(
            "hook_id={}&user_id={}",
            text(&two["hook_id"]),
            text(&two["user_id"])
        ))
        .await,
        ids(&[])
    );
    // A webhook has no list, and nobody is on a list of another realm.
    let webhook = realm
        .create("/v2/hooks", json!({"hook": {"destination": "https://a.example"}}))
        .await
        .expect(201);
    let foreign = pair(&other, 3).await;
    for wrong in [
        json!({"hook_id": webhook["id"], "user_id": two["user_id"]}),
        json!({"hook_id": foreign["hook_id"], "user_id": two["user_id"]}),
        json!({"hook_id": two["hook_id"], "user_id": foreign["user_id"]}),
        json!({"hook_id": two["hook_id"]}),
    ] {
        assert_eq!(IT.make(&realm, wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
    // A hook takes its subscriptions along.
    let hook = format!("/v2/hooks/{}", text(&one["hook_id"]));
    app.send(realm.core(Method::DELETE, &hook)).await.expect(200);
    assert_eq!(realm.list(IT.path).await, [json!(null); 0]);
}
