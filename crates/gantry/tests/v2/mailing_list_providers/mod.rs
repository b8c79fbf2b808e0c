//! `/v2/mailing_list_providers` (contract 3.13)

use gantry_kernel::{Id, MailingListProviderId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, pages_are_right};

const PATH: &str = "/v2/mailing_list_providers";

async fn make(realm: &TestRealm<'_>, fields: Value) -> Reply {
    realm.create(PATH, json!({ "mailing_list_provider": fields })).await
}

async fn send(realm: &TestRealm<'_>, method: Method, path: &str, fields: Value) -> Reply {
    let request = realm
        .core(method, path)
        .json(&json!({ "mailing_list_provider": fields }));
    realm.app.send(request).await
}

fn path_of(made: &Value) -> String {
    format!("{PATH}/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn it_is_made_read_changed_listed_and_deleted() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "provider_name": "News", "provider_type": "mailchimp", "state": "active",
        "api_endpoint": "https://api.example/3.0", "provider_account": "acme", "valid_list_ids": ["a", "b"],
        "api_key": "s3cret-canary",
    });
    let made = make(&realm, sent.clone()).await.expect(201);
    assert!(MailingListProviderId::parse(made["id"].as_str().unwrap()).is_ok());
    let mut expected = sent;
    expected.as_object_mut().unwrap().remove("api_key");
    expected["id"] = made["id"].clone();
    expected["object"] = json!("mailing_list_provider");
    expected["realm_id"] = json!(realm.id);
    expected["created_at"] = json!(1_767_225_600.0);
    assert_eq!(made, expected);
    let path = path_of(&made);
    assert_eq!(realm.read(&path).await.expect(200), made);
    for (name, value) in [
        ("provider_name", json!("Other")),
        ("provider_type", json!("other")),
        ("state", json!("inactive")),
        ("api_endpoint", json!(null)),
        ("provider_account", json!(null)),
        ("valid_list_ids", json!([])),
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
        let made = make(
            &realm,
            json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"}),
        )
        .await
        .expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
        make(
            &other,
            json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"}),
        )
        .await
        .expect(201);
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
    let made = make(
        &realm,
        json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"}),
    )
    .await
    .expect(201);
    for (wrong, count) in [
        (json!({"provider_name": ""}), 1),
        (json!({"provider_type": null}), 1),
        (json!({"state": "asleep"}), 1),
        (json!({"api_endpoint": "https://user:key@api.example/"}), 1),
        (json!({"api_endpoint": "javascript:1"}), 1),
        (json!({"valid_list_ids": vec!["x"; 1001]}), 1),
        (json!({"api_key": "x".repeat(1025)}), 1),
    ] {
        let mut sent = json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"});
        sent.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(make(&realm, sent).await.errors(422).len(), count, "{wrong}");
        let changed = send(&realm, Method::PUT, &path_of(&made), wrong.clone()).await;
        assert_eq!(changed.errors(422).len(), count, "{wrong}");
    }
    make(&realm, json!("x")).await.errors(400);
    app.post(
        &format!("{PATH}?realm_id=rl_0000000000000000000000"),
        json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"}),
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
    let theirs = {
        make(
            &other,
            json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"}),
        )
        .await
        .expect(201)
    };
    let key = app.key("manage", Some(&own.id)).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let send = |path: String| app.send(app.holder(&key, method.clone(), &path));
        let unknown = send(format!("{PATH}/mlp_0000000000000000000000")).await;
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
    let body = json!({"realm_id": other.id, "mailing_list_provider": json!({"provider_name": format!("P{number}"), "provider_type": "mailchimp"})});
    app.send(app.holder(&key, Method::POST, PATH).json(&body))
        .await
        .errors(404);
    assert_eq!(other.list(PATH).await, [theirs]);
}

#[tokio::test]
async fn t_33_a_key_is_never_shown_and_a_provider_in_use_stays() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({"provider_name": "News", "provider_type": "mailchimp", "api_key": "s3cret-canary"});
    let made = make(&realm, sent).await;
    let path = path_of(&made.expect(201));
    for reply in [&made, &realm.read(&path).await, &realm.read(PATH).await] {
        assert!(!reply.text.contains("canary") && !reply.text.contains("api_key"));
    }
    let hook = json!({"hook_type": "mailing_list", "mailing_list_provider_id": made.json()["id"], "list_id": "a"});
    let hook = realm.create("/v2/hooks", json!({ "hook": hook })).await.expect(201);
    send(&realm, Method::DELETE, &path, json!(null)).await.errors(409);
    realm.read(&path).await.expect(200);
    let hook = format!("/v2/hooks/{}", hook["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &hook)).await.expect(200);
    send(&realm, Method::DELETE, &path, json!(null)).await.expect(200);
}
