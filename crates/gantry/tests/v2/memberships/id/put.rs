//! `PUT /v2/memberships/:id` (contract 3.4)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, claims, ip_and_client};

async fn put(realm: &TestRealm<'_>, membership: &Value, change: Value) -> Reply {
    let path = format!("/v2/memberships/{}", membership["id"].as_str().unwrap());
    let body = json!({"membership": change, "request": ip_and_client()});
    realm.app.send(realm.core(Method::PUT, &path).json(&body)).await
}

async fn joined(realm: &TestRealm<'_>) -> (Value, Value, Value) {
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let membership = realm.join(&user, &org).await;
    (user, org, membership)
}

#[tokio::test]
async fn permissions_are_replaced_in_their_order() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"jwt_scopes": "openid ar.orgs"})).await;
    let (user, org, mut membership) = joined(&realm).await;
    for (sent, kept) in [
        (json!(["b:x", "a:y", "ar:admin"]), json!(["b:x", "a:y", "ar:admin"])),
        (json!("one"), json!(["one"])),
        (json!([]), json!([])),
        (json!(["ar:owner"]), json!(["ar:owner"])),
        (json!(null), json!([])),
    ] {
        let reply = put(&realm, &membership, json!({"permissions": sent})).await;
        membership["permissions"] = kept;
        assert_eq!(reply.expect(200), membership, "{sent}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (
                &event["event_type"],
                &event["membership_id"],
                &event["org_id"],
                &event["user_id"]
            ),
            (&json!("membership.updated"), &membership["id"], &org["id"], &user["id"])
        );
        assert_eq!(event["request"], ip_and_client());
    }
    put(&realm, &membership, json!({"permissions": ["app:x"]}))
        .await
        .expect(200);
    let session = realm.open(&user).await;
    assert_eq!(
        claims(session["token"].as_str().unwrap())["orgs"][0]["perm"],
        json!(["app:x"])
    );
}

#[tokio::test]
async fn the_end_can_be_set_moved_and_taken_away() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (_, _, membership) = joined(&realm).await;
    let start = 1_767_225_600;
    let at = |seconds: i64| json!({"expires_at": start + seconds});
    let shown = put(&realm, &membership, at(60)).await.expect(200);
    assert_eq!(shown["expires_at"], json!((start + 60) as f64));
    assert_eq!(shown["permissions"], membership["permissions"]);
    put(&realm, &membership, at(0)).await.errors(422);
    put(&realm, &membership, json!({"expires_at": null})).await.expect(200);
    app.clock.advance_ms(61_000);
    put(&realm, &membership, at(120)).await.expect(200);
    app.clock.advance_ms(60_000);
    // Over, it is gone at once.
    put(&realm, &membership, json!({"expires_at": null})).await.errors(404);
}

#[tokio::test]
async fn nothing_sent_changes_nothing_and_who_is_a_member_stays() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org, membership) = joined(&realm).await;
    let (bea, two) = (realm.user("bea@example.com").await, realm.org("Two").await);
    let before = realm.history_types().await;
    for same in [
        json!({}),
        json!(null),
        json!({"user_id": user["id"], "org_id": org["id"]}),
    ] {
        assert_eq!(put(&realm, &membership, same).await.expect(200), membership);
    }
    for other in [
        json!({"user_id": bea["id"]}),
        json!({"org_id": two["id"], "permissions": ["a"]}),
    ] {
        assert_eq!(put(&realm, &membership, other).await.errors(422).len(), 1);
    }
    let bad = json!({"permissions": ["ar:god", "a b"], "user_id": bea["id"]});
    assert_eq!(put(&realm, &membership, bad).await.errors(422).len(), 2);
    assert_eq!(realm.history_types().await, before);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_changes_a_membership() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (_, _, foreign) = joined(&other).await;
    let path = format!("/v2/memberships/{}", foreign["id"].as_str().unwrap());
    let body = json!({"membership": {"permissions": ["ar:owner"]}});
    let writer = app.key("write", Some(&own.id)).await;
    for path in [path.clone(), format!("{path}?realm_id={}", other.id)] {
        app.send(app.holder(&writer, Method::PUT, &path).json(&body))
            .await
            .errors(404);
    }
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::PUT, &path).json(&body))
        .await
        .errors(403);
    assert_eq!(other.read(&path).await.expect(200), foreign);
}
