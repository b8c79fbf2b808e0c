//! `PUT /v2/invitations/:id` (contract 3.11)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, ip_and_client};

const START: f64 = 1_767_225_600.0;

async fn put(realm: &TestRealm<'_>, invitation: &Value, change: Value) -> Reply {
    let path = format!("/v2/invitations/{}", invitation["id"].as_str().unwrap());
    let body = json!({"invitation": change, "request": ip_and_client()});
    realm.app.send(realm.core(Method::PUT, &path).json(&body)).await
}

async fn to_org(realm: &TestRealm<'_>) -> (Value, Value) {
    let org = realm.org("One").await;
    let sent = json!({"invitation_type": "org", "email": "a@b.co", "org_id": org["id"], "permissions": ["app:x"]});
    let made = realm
        .create("/v2/invitations", json!({ "invitation": sent }))
        .await
        .expect(201);
    (org, made)
}

#[tokio::test]
async fn only_what_was_sent_changes_and_null_is_the_default_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (org, mut expected) = to_org(&realm).await;
    let user = realm.user("ana@example.com").await;
    realm.join(&user, &org).await;
    for (name, value) in [
        ("locale", json!("ja")),
        ("expires_at", json!(START + 60.0)),
        ("permissions", json!([])),
        ("inviting_user_id", user["id"].clone()),
    ] {
        let reply = put(&realm, &expected, json!({name: value})).await;
        expected[name] = value;
        assert_eq!(reply.expect(200), expected, "{name}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (&event["event_type"], &event["invitation_id"], &event["request"]),
            (&json!("invitation.org.updated"), &expected["id"], &ip_and_client())
        );
    }
    let cleared = json!({"locale": null, "expires_at": null, "inviting_user_id": null});
    let cleared = put(&realm, &expected, cleared).await.expect(200);
    assert_eq!(
        (&cleared["locale"], &cleared["expires_at"], &cleared["inviting_user_id"]),
        (&json!("en"), &json!(START + 30.0 * 86400.0), &Value::Null)
    );
}

#[tokio::test]
async fn t_35_with_a_new_address_comes_a_new_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (_, made) = to_org(&realm).await;
    let same = put(&realm, &made, json!({"email": "A@b.co"})).await.expect(200);
    assert_eq!(same, made);
    let moved = put(&realm, &made, json!({"email": "other@b.co"})).await.expect(200);
    assert_eq!(moved["email"], "other@b.co");
    assert_ne!(moved["token"], made["token"]);
    realm.user("ana@example.com").await;
    let accept = |token: &Value| {
        let body = json!({"user": {"token": token}});
        realm.create("/v2/users/ana@example.com/accept_invitation", body)
    };
    accept(&made["token"]).await.errors(422);
    accept(&moved["token"]).await.expect(200);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_nothing_changes() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (org, made) = to_org(&realm).await;
    let (user, two) = (realm.user("ana@example.com").await, realm.org("Two").await);
    for same in [
        json!({}),
        json!(null),
        json!({"org_id": org["id"], "invitation_type": "org"}),
    ] {
        assert_eq!(put(&realm, &made, same).await.expect(200), made);
    }
    for (wrong, count) in [
        (json!({"invitation_type": "request", "org_id": two["id"]}), 2),
        (json!({"email": null}), 1),
        (json!({"email": "nobody", "locale": "xx", "expires_at": START}), 3),
        (json!({"permissions": ["a b"]}), 1),
        // T-35: one who is no member gives nothing, so they cannot be the one who invites to this.
        (json!({"inviting_user_id": user["id"]}), 1),
    ] {
        assert_eq!(
            put(&realm, &made, wrong.clone()).await.errors(422).len(),
            count,
            "{wrong}"
        );
    }
    let path = format!("/v2/invitations/{}", made["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), made);
    let reader = app.key("read", Some(&realm.id)).await;
    app.send(
        app.holder(&reader, Method::PUT, &path)
            .json(&json!({"email": "x@b.co"})),
    )
    .await
    .errors(403);
}
