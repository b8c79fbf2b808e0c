//! `/v2/mailing_list_subscriptions` (contract 3.13)

use gantry_kernel::{Id, MailingListSubscriptionId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, pages_are_right};

const PATH: &str = "/v2/mailing_list_subscriptions";

async fn make(realm: &TestRealm<'_>, fields: Value) -> Reply {
    realm.create(PATH, json!({ "mailing_list_subscription": fields })).await
}

async fn send(realm: &TestRealm<'_>, method: Method, path: &str, fields: Value) -> Reply {
    let request = realm
        .core(method, path)
        .json(&json!({ "mailing_list_subscription": fields }));
    realm.app.send(request).await
}

fn path_of(made: &Value) -> String {
    format!("{PATH}/{}", made["id"].as_str().unwrap())
}

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
    let made = make(&realm, sent.clone()).await.expect(201);
    assert!(MailingListSubscriptionId::parse(made["id"].as_str().unwrap()).is_ok());
    let mut expected = sent;
    expected["id"] = made["id"].clone();
    expected["object"] = json!("mailing_list_subscription");
    expected["realm_id"] = json!(realm.id);
    expected["created_at"] = json!(1_767_225_600.0);
    assert_eq!(made, expected);
    let path = path_of(&made);
    assert_eq!(realm.read(&path).await.expect(200), made);
    for (name, value) in [
        ("list_state", json!("unsubscribed")),
        ("list_state", json!("subscribed")),
    ] {
        expected[name] = value.clone();
        assert_eq!(
            send(&realm, Method::PUT, &path, json!({name: value})).await.expect(200),
            expected,
            "{name}"
        );
        assert_eq!(realm.read(&path).await.expect(200), expected, "{name}");
    }
    for nothing in [json!({}), json!(null), json!({"unheard_of": 1})] {
        assert_eq!(send(&realm, Method::PUT, &path, nothing).await.expect(200), expected);
    }
    assert_eq!(realm.list(PATH).await, std::slice::from_ref(&expected));
    assert_eq!(
        send(&realm, Method::DELETE, &path, json!(null)).await.expect(200),
        expected
    );
    realm.read(&path).await.errors(404);
    send(&realm, Method::DELETE, &path, json!(null)).await.errors(404);
    send(&realm, Method::PUT, &path, json!({})).await.errors(404);
    assert_eq!(realm.list(PATH).await, [json!(null); 0]);
}

#[tokio::test]
async fn they_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let mut ids = Vec::new();
    for number in 0..5 {
        let made = make(&realm, pair(&realm, number).await).await.expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
        make(&other, pair(&other, number).await).await.expect(201);
    }
    let ask = |query: &str| realm.core(Method::GET, &format!("{PATH}?{query}"));
    pages_are_right(&app, &ids, "asc", ask).await;
    assert_eq!(field(&other.list(PATH).await, "realm_id"), vec![other.id.clone(); 5]);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let number = 0;
    let made = make(&realm, pair(&realm, number).await).await.expect(201);
    for (wrong, count) in [
        (json!({"list_state": "gone"}), 1),
        (json!({"hook_id": "hk_0000000000000000000000"}), 1),
        (json!({"user_id": "usr_0000000000000000000000"}), 1),
        (json!({"hook_id": "nonsense", "user_id": "nonsense"}), 2),
    ] {
        let mut sent = pair(&realm, number).await;
        sent.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(make(&realm, sent).await.errors(422).len(), count, "{wrong}");
        let changed = send(&realm, Method::PUT, &path_of(&made), wrong.clone()).await;
        assert_eq!(changed.errors(422).len(), count, "{wrong}");
    }
    make(&realm, json!("x")).await.errors(400);
    app.post(
        &format!("{PATH}?realm_id=rl_0000000000000000000000"),
        pair(&realm, number).await,
    )
    .await
    .errors(404);
    assert_eq!(realm.list(PATH).await, [made]);
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let number = 0;
    let theirs = { make(&other, pair(&other, number).await).await.expect(201) };
    let key = app.key("manage", Some(&own.id)).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let send = |path: String| app.send(app.holder(&key, method.clone(), &path));
        let unknown = send(format!("{PATH}/mls_0000000000000000000000")).await;
        unknown.errors(404);
        for path in [
            path_of(&theirs),
            format!("{}?realm_id={}", path_of(&theirs), other.id),
            format!("{PATH}/nonsense"),
        ] {
            let reply = send(path).await;
            assert_eq!((reply.status, &reply.text), (404, &unknown.text));
        }
        for permission in ["read", "write"] {
            let key = app.key(permission, Some(&other.id)).await;
            for path in [PATH, &path_of(&theirs)] {
                if path != PATH || method == Method::GET {
                    app.send(app.holder(&key, method.clone(), path)).await.errors(403);
                }
            }
        }
    }
    let body = json!({"realm_id": other.id, "mailing_list_subscription": pair(&other, number).await});
    app.send(app.holder(&key, Method::POST, PATH).json(&body))
        .await
        .errors(404);
    assert_eq!(other.list(PATH).await, [theirs]);
}

#[tokio::test]
async fn a_user_is_on_a_list_once_and_lists_are_found_by_either() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let (one, two) = (pair(&realm, 1).await, pair(&realm, 2).await);
    let first = make(&realm, one.clone()).await.expect(201);
    assert_eq!(first["list_state"], "subscribed");
    assert_eq!(make(&realm, one.clone()).await.errors(422).len(), 1);
    let mixed = json!({"hook_id": one["hook_id"], "user_id": two["user_id"]});
    let second = make(&realm, mixed.clone()).await.expect(201);
    let by = async |query: String| field(&realm.list(&format!("{PATH}?{query}")).await, "id");
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
        assert_eq!(make(&realm, wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
    // A hook takes its subscriptions along.
    let hook = format!("/v2/hooks/{}", text(&one["hook_id"]));
    app.send(realm.core(Method::DELETE, &hook)).await.expect(200);
    assert_eq!(realm.list(PATH).await, [json!(null); 0]);
}
