//! `POST /v2/memberships` (contract 3.4)

use gantry_kernel::{Id, MembershipId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, ip_and_client};

async fn join(realm: &TestRealm<'_>, fields: Value) -> Reply {
    realm.create("/v2/memberships", json!({ "membership": fields })).await
}

async fn members(realm: &TestRealm<'_>, org: &Value) -> usize {
    let path = format!("/v2/memberships?org_id={}", org["id"].as_str().unwrap());
    realm.list(&path).await.len()
}

#[tokio::test]
async fn a_membership_is_made_without_permissions() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let reply = join(&realm, json!({"user_id": user["id"], "org_id": org["id"]})).await;
    let made = reply.expect(201);
    let id = made["id"].as_str().unwrap();
    assert!(MembershipId::parse(id).is_ok());
    assert_eq!(made["permissions"], json!([]));
    assert_eq!(
        (&made["object"], &made["expires_at"]),
        (&json!("membership"), &Value::Null)
    );
    assert_eq!((&made["user_id"], &made["org_id"]), (&user["id"], &org["id"]));
    assert_eq!(
        (&made["user"]["object"], &made["org"]["object"]),
        (&json!("user"), &json!("org"))
    );
    assert_eq!(realm.read(&format!("/v2/memberships/{id}")).await.expect(200), made);
}

#[tokio::test]
async fn permissions_are_kept_in_order() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("One").await;
    let longest = "x".repeat(62);
    let twenty: Vec<String> = (0..20).map(|n| format!("p{n}")).collect();
    let cases = [
        (json!("single"), json!(["single"])),
        (json!(["z", "a", "M"]), json!(["z", "a", "M"])),
        (json!(["App.*;x_y-1:z"]), json!(["App.*;x_y-1:z"])),
        (json!(["ar:owner", "ar:admin"]), json!(["ar:owner", "ar:admin"])),
        (json!([longest]), json!([longest])),
        (json!(twenty), json!(twenty)),
        (json!([]), json!([])),
        (json!(null), json!([])),
    ];
    for (n, (sent, kept)) in cases.into_iter().enumerate() {
        let user = realm
            .create("/v2/users", json!({"email": format!("u{n}@b.co")}))
            .await
            .expect(201);
        let made = join(
            &realm,
            json!({"user_id": user["id"], "org_id": org["id"], "permissions": sent}),
        )
        .await;
        assert_eq!(made.expect(201)["permissions"], kept);
    }
    let user = realm.user("form@b.co").await;
    let form = [
        ("membership[user_id]", user["id"].as_str().unwrap()),
        ("membership[org_id]", org["id"].as_str().unwrap()),
        ("membership[permissions][]", "b"),
        ("membership[permissions][]", "a"),
    ];
    let made = app
        .send(realm.core(Method::POST, "/v2/memberships").form(&form))
        .await
        .expect(201);
    assert_eq!(made["permissions"], json!(["b", "a"]));
}

#[tokio::test]
async fn the_event_says_who_joined_what() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let body = json!({"membership": {"user_id": user["id"], "org_id": org["id"]}, "request": ip_and_client()});
    let reply = realm.create("/v2/memberships", body).await;
    let made = reply.expect(201);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["event_type"], "membership.created");
    let said = json!([
        event["membership_id"],
        event["user_id"],
        event["org_id"],
        event["request"]
    ]);
    assert_eq!(said, json!([made["id"], user["id"], org["id"], ip_and_client()]));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let before = realm.history_types().await;
    let now = 1_767_225_600;
    for (wrong, count) in [
        (json!({"user_id": null, "org_id": null}), 2),
        (json!({"user_id": ""}), 1),
        (json!({"org_id": "Acme"}), 1),
        (json!({"user_id": org["id"], "org_id": user["id"]}), 2),
        (json!({"user_id": "ana@example.com"}), 1),
        (json!({"user_id": "usr_0000000000000000000000"}), 1),
        (json!({"org_id": "org_0000000000000000000000"}), 1),
        (json!({"permissions": ["a b"]}), 1),
        (json!({"permissions": ["é"]}), 1),
        (json!({"permissions": [""]}), 1),
        (json!({"permissions": ["x".repeat(63)]}), 1),
        (json!({"permissions": vec!["x"; 21]}), 1),
        (json!({"permissions": ["ar:god"]}), 1),
        (json!({"permissions": ["AR:owner"]}), 1),
        (json!({"expires_at": now}), 1),
        (json!({"expires_at": 1}), 1),
        (json!({"expires_at": -5}), 1),
        (json!({"permissions": ["a b"], "expires_at": 0, "org_id": "x"}), 3),
    ] {
        let mut fields = json!({"user_id": user["id"], "org_id": org["id"]});
        fields
            .as_object_mut()
            .unwrap()
            .extend(wrong.as_object().unwrap().clone());
        let reply = join(&realm, fields).await;
        assert_eq!(reply.errors(422).len(), count, "{wrong}: {}", reply.text);
    }
    realm
        .create("/v2/memberships", json!({"membership": null}))
        .await
        .errors(422);
    join(
        &realm,
        json!({"user_id": user["id"], "org_id": org["id"], "expires_at": "soon"}),
    )
    .await
    .errors(400);
    assert_eq!(members(&realm, &org).await, 0);
    assert_eq!(realm.history_types().await, before);
}

#[tokio::test]
async fn a_user_is_in_an_org_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let fields = json!({"user_id": user["id"], "org_id": org["id"]});
    let answers = futures::future::join_all((0..6).map(|_| join(&realm, fields.clone()))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == 201).count(), 1);
    for refused in answers.iter().filter(|reply| reply.status != 201) {
        assert_eq!(refused.errors(422).len(), 1);
    }
    let mut again = fields.clone();
    again["permissions"] = json!(["more"]);
    join(&realm, again).await.errors(422);
    assert_eq!(members(&realm, &org).await, 1);
    let types = realm.history_types().await;
    assert_eq!(types.iter().filter(|t| *t == "membership.created").count(), 1);
    realm.join(&user, &realm.org("Two").await).await;
}

#[tokio::test]
async fn one_that_has_expired_stands_in_nobody_s_way() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let fields = json!({"user_id": user["id"], "org_id": org["id"], "expires_at": 1_767_225_660});
    let first = join(&realm, fields.clone()).await.expect(201);
    assert_eq!(first["expires_at"], json!(1_767_225_660.0));
    app.clock.advance_ms(59_999);
    join(&realm, json!({"user_id": user["id"], "org_id": org["id"]}))
        .await
        .errors(422);
    app.clock.advance_ms(1);
    let second = join(&realm, json!({"user_id": user["id"], "org_id": org["id"]}))
        .await
        .expect(201);
    assert_ne!(first["id"], second["id"]);
    assert_eq!(members(&realm, &org).await, 1);
}

#[tokio::test]
async fn t_03_user_and_org_must_be_of_the_realm() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (user, org) = (own.user("ana@example.com").await, own.org("One").await);
    let (their_user, their_org) = (other.user("bob@example.com").await, other.org("Two").await);
    let unknown_user = join(
        &own,
        json!({"user_id": "usr_0000000000000000000000", "org_id": org["id"]}),
    )
    .await;
    let unknown_org = join(
        &own,
        json!({"user_id": user["id"], "org_id": "org_0000000000000000000000"}),
    )
    .await;
    let foreign_user = join(&own, json!({"user_id": their_user["id"], "org_id": org["id"]})).await;
    let foreign_org = join(&own, json!({"user_id": user["id"], "org_id": their_org["id"]})).await;
    assert_eq!((foreign_user.status, foreign_user.text), (422, unknown_user.text));
    assert_eq!((foreign_org.status, foreign_org.text), (422, unknown_org.text));
    join(&own, json!({"user_id": their_user["id"], "org_id": their_org["id"]}))
        .await
        .errors(422);
    let key = app.key("write", Some(&own.id)).await;
    let body = json!({"realm_id": other.id, "membership": {"user_id": their_user["id"], "org_id": their_org["id"]}});
    app.send(app.holder(&key, Method::POST, "/v2/memberships").json(&body))
        .await
        .errors(404);
    assert_eq!((members(&own, &org).await, members(&other, &their_org).await), (0, 0));
    for realm in [&own, &other] {
        assert_eq!(realm.history_types().await, ["user.created", "org.created"]);
    }
}
