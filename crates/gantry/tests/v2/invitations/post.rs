//! `POST /v2/invitations` (contract 3.11)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, ip_and_client};

const START: f64 = 1_767_225_600.0;

async fn create(realm: &TestRealm<'_>, invitation: Value) -> Reply {
    let body = json!({"invitation": invitation, "request": ip_and_client()});
    realm.create("/v2/invitations", body).await
}

#[tokio::test]
async fn each_of_the_four_types_is_made_with_a_token_and_told_of() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"default_locale": "es"})).await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let mut tokens = Vec::new();
    for (kind, more) in [
        (
            "org",
            json!({"org_id": org["id"], "permissions": ["app:x", "ar:admin"]}),
        ),
        ("referral", json!({"inviting_user_id": user["id"], "locale": "ja"})),
        ("request", json!({})),
        ("preverify", json!({"expires_at": START + 60.0})),
    ] {
        let mut sent = more.clone();
        sent["invitation_type"] = json!(kind);
        sent["email"] = json!("New@Example.com");
        let reply = create(&realm, sent).await;
        let made = reply.expect(201);
        let told = |name: &str| more.get(name).cloned().unwrap_or(Value::Null);
        assert_eq!(
            (&made["object"], &made["invitation_type"], &made["email"]),
            (&json!("invitation"), &json!(kind), &json!("new@example.com"))
        );
        assert_eq!(
            (&made["realm_id"], &made["created_at"]),
            (&json!(realm.id), &json!(START))
        );
        for name in ["org_id", "inviting_user_id"] {
            assert_eq!(made[name], told(name), "{kind} {name}");
        }
        let permissions = more.get("permissions").cloned().unwrap_or(json!([]));
        assert_eq!(
            (&made["permissions"], &made["invited_at"]),
            (&permissions, &Value::Null)
        );
        assert_eq!(made["locale"], if kind == "referral" { "ja" } else { "es" });
        let ends = if kind == "preverify" {
            START + 60.0
        } else {
            START + 30.0 * 86400.0
        };
        assert_eq!(made["expires_at"], json!(ends));
        assert!(made["id"].as_str().unwrap().starts_with("nvt_"));
        tokens.push(made["token"].as_str().unwrap().to_owned());
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (&event["event_type"], &event["invitation_id"], &event["org_id"]),
            (
                &json!(format!("invitation.{kind}.created")),
                &made["id"],
                &made["org_id"]
            )
        );
        assert_eq!(event["request"], ip_and_client());
    }
    tokens.sort();
    tokens.dedup();
    assert!(tokens.len() == 4 && tokens.iter().all(|token| token.len() >= 22));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_nothing_is_made() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let (theirs, foreign) = (other.org("Theirs").await, other.user("ana@example.com").await);
    let (org, closed) = (realm.org("One").await, realm.org("Closed").await);
    let close = format!("/v2/orgs/{}", closed["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &close)).await.expect(200);
    let made = |more: Value| {
        let mut sent = json!({"invitation_type": "org", "email": "a@b.co", "org_id": org["id"]});
        sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sent
    };
    for (wrong, count) in [
        (json!({}), 2),
        (made(json!({"invitation_type": "friend", "org_id": null})), 1),
        (made(json!({"email": "nobody"})), 1),
        (made(json!({"org_id": null})), 1),
        (made(json!({"org_id": "org_0000000000000000000000"})), 1),
        (made(json!({"org_id": theirs["id"]})), 1),
        (made(json!({"org_id": closed["id"]})), 1),
        (made(json!({"permissions": ["a b"]})), 1),
        (made(json!({"permissions": ["ar:god"]})), 1),
        (made(json!({"inviting_user_id": foreign["id"]})), 1),
        (made(json!({"inviting_user_id": "usr_0000000000000000000000"})), 1),
        (made(json!({"auth_provider_id": "ap_0000000000000000000000"})), 1),
        (made(json!({"locale": "xx", "expires_at": START})), 2),
        (made(json!({"invitation_type": "referral"})), 1),
        (
            json!({"invitation_type": "preverify", "email": "a@b.co", "auth_provider_id": "ap_0000000000000000000000"}),
            1,
        ),
        (
            json!({"invitation_type": "request", "email": "a@b.co", "inviting_user_id": foreign["id"]}),
            1,
        ),
    ] {
        assert_eq!(create(&realm, wrong.clone()).await.errors(422).len(), count, "{wrong}");
    }
    assert_eq!(realm.list("/v2/invitations").await, Vec::<Value>::new());
    assert_eq!(
        realm.history_types().await,
        ["org.created", "org.created", "org.closed"]
    );
}

#[tokio::test]
async fn t_35_nobody_invites_to_more_than_they_have() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let tried = async |permissions: Value| {
        let sent = json!({
            "invitation_type": "org", "email": "a@b.co", "org_id": org["id"], "inviting_user_id": user["id"],
            "permissions": permissions,
        });
        create(&realm, sent).await.status
    };
    // One who is no member at all may invite, but gives nothing.
    assert_eq!((tried(json!([])).await, tried(json!(["app:x"])).await), (201, 422));
    let membership = realm.join(&user, &org).await;
    let path = format!("/v2/memberships/{}", membership["id"].as_str().unwrap());
    for (held, asked, status) in [
        (json!(["app:x"]), json!(["app:x"]), 201),
        (json!(["app:x"]), json!(["app:x", "app:y"]), 422),
        (json!(["app:x"]), json!(["ar:admin"]), 422),
        (json!(["ar:admin"]), json!(["ar:admin", "app:y"]), 201),
        (json!(["ar:admin"]), json!(["ar:owner"]), 422),
        (json!(["ar:owner"]), json!(["ar:owner"]), 201),
    ] {
        let body = json!({"membership": {"permissions": held}});
        app.send(realm.core(Method::PUT, &path).json(&body)).await.expect(200);
        assert_eq!(tried(asked.clone()).await, status, "{held} {asked}");
    }
}

#[tokio::test]
async fn t_03_a_locked_key_invites_to_its_own_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let body = json!({"invitation": {"invitation_type": "referral", "email": "a@b.co"}});
    let reader = app.key("read", Some(&own.id)).await;
    app.send(app.holder(&reader, Method::POST, "/v2/invitations").json(&body))
        .await
        .errors(403);
    let writer = app.key("write", Some(&own.id)).await;
    let made = app
        .send(app.holder(&writer, Method::POST, "/v2/invitations").json(&body))
        .await
        .expect(201);
    assert_eq!(made["realm_id"], own.id.as_str());
    let foreign = format!("/v2/invitations?realm_id={}", other.id);
    app.send(app.holder(&writer, Method::POST, &foreign).json(&body))
        .await
        .errors(404);
    assert_eq!(field(&other.list("/v2/invitations").await, "id"), Vec::<String>::new());
}
