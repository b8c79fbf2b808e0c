//! `POST /v2/users/:id/accept_invitation` (contract 3.2 and 3.11)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, ip_and_client};

const PATH: &str = "/v2/users/ana@example.com/accept_invitation";

async fn invite(realm: &TestRealm<'_>, invitation: Value) -> Value {
    realm
        .create("/v2/invitations", json!({ "invitation": invitation }))
        .await
        .expect(201)
}

async fn accept(realm: &TestRealm<'_>, token: &Value) -> Reply {
    let body = json!({"user": {"token": token}, "request": ip_and_client()});
    realm.create(PATH, body).await
}

async fn permissions(realm: &TestRealm<'_>, org: &Value) -> Vec<Value> {
    let path = format!("/v2/memberships?org_id={}", org["id"].as_str().unwrap());
    let members = realm.list(&path).await;
    members
        .into_iter()
        .map(|member| member["permissions"].clone())
        .collect()
}

#[tokio::test]
async fn an_invitation_to_an_org_makes_a_member_once_whatever_the_address() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let sent = json!({
        "invitation_type": "org", "email": "else@example.com", "org_id": org["id"], "permissions": ["b:x", "ar:admin"],
    });
    let made = invite(&realm, sent).await;
    let reply = accept(&realm, &made["token"]).await;
    assert_eq!(reply.expect(200), user);
    assert_eq!(permissions(&realm, &org).await, [json!(["b:x", "ar:admin"])]);
    let mut events = app.events(&realm.id, reply.request_id(), 2).await;
    events.sort_by_key(|event| event["event_type"].to_string());
    assert_eq!(
        field(&events, "event_type"),
        ["invitation.org.accepted", "membership.created"]
    );
    for event in &events {
        assert_eq!(
            (&event["org_id"], &event["user_id"], &event["request"]),
            (&org["id"], &user["id"], &ip_and_client())
        );
        assert!(event["membership_id"].as_str().unwrap().starts_with("mb_"));
    }
    assert_eq!(events[0]["invitation_id"], made["id"]);
    // T-35: one time.
    let again = accept(&realm, &made["token"]).await;
    assert_eq!(again.errors(422), ["The token is not valid or has expired"]);
    realm
        .read(&format!("/v2/invitations/{}", made["id"].as_str().unwrap()))
        .await
        .errors(404);
}

#[tokio::test]
async fn who_is_a_member_already_loses_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let membership = realm.join(&user, &org).await;
    let path = format!("/v2/memberships/{}", membership["id"].as_str().unwrap());
    let body = json!({"membership": {"permissions": ["ar:owner", "a"]}});
    app.send(realm.core(Method::PUT, &path).json(&body)).await.expect(200);
    let to_org = |permissions: Value| json!({"invitation_type": "org", "email": "a@b.co", "org_id": org["id"], "permissions": permissions});
    let made = invite(&realm, to_org(json!(["a", "b"]))).await;
    let reply = accept(&realm, &made["token"]).await;
    reply.expect(200);
    assert_eq!(permissions(&realm, &org).await, [json!(["ar:owner", "a", "b"])]);
    let mut types = field(&app.events(&realm.id, reply.request_id(), 2).await, "event_type");
    types.sort();
    assert_eq!(types, ["invitation.org.accepted", "membership.updated"]);
    // Together they may be too many: then nothing happens, and the invitation is still good.
    let many: Vec<String> = (0..20).map(|n| format!("p{n}")).collect();
    let made = invite(&realm, to_org(json!(many))).await;
    assert_eq!(
        accept(&realm, &made["token"]).await.errors(422),
        ["There can be at most 20 permissions"]
    );
    realm
        .read(&format!("/v2/invitations/{}", made["id"].as_str().unwrap()))
        .await
        .expect(200);
}

#[tokio::test]
async fn the_other_types_are_used_up() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    for kind in ["referral", "request"] {
        let made = invite(&realm, json!({"invitation_type": kind, "email": "else@example.com"})).await;
        let reply = accept(&realm, &made["token"]).await;
        assert_eq!(reply.expect(200), user);
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (
                &event["event_type"],
                &event["invitation_id"],
                &event["user_id"],
                &event["org_id"]
            ),
            (
                &json!(format!("invitation.{kind}.accepted")),
                &made["id"],
                &user["id"],
                &Value::Null
            )
        );
        accept(&realm, &made["token"]).await.errors(422);
    }
}

#[tokio::test]
async fn t_35_one_that_verifies_an_address_is_for_that_address_alone() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let other = invite(
        &realm,
        json!({"invitation_type": "preverify", "email": "else@example.com"}),
    )
    .await;
    accept(&realm, &other["token"]).await.errors(422);
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown["email_verification"], "none");
    realm
        .read(&format!("/v2/invitations/{}", other["id"].as_str().unwrap()))
        .await
        .expect(200);
    let own = invite(
        &realm,
        json!({"invitation_type": "preverify", "email": "Ana@example.com"}),
    )
    .await;
    let shown = accept(&realm, &own["token"]).await.expect(200);
    assert_eq!(shown["email_verification"], "verified");
}

#[tokio::test]
async fn t_35_it_gives_no_more_than_the_inviter_has_when_it_is_used() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let (bea, org) = (realm.user("bea@example.com").await, realm.org("One").await);
    let membership = realm.join(&bea, &org).await;
    let path = format!("/v2/memberships/{}", membership["id"].as_str().unwrap());
    let hold = async |permissions: Value| {
        let body = json!({"membership": {"permissions": permissions}});
        app.send(realm.core(Method::PUT, &path).json(&body)).await.expect(200)
    };
    hold(json!(["ar:owner"])).await;
    let sent = json!({
        "invitation_type": "org", "email": "a@b.co", "org_id": org["id"], "inviting_user_id": bea["id"],
        "permissions": ["ar:owner", "app:x"],
    });
    let (made, late) = (invite(&realm, sent.clone()).await, invite(&realm, sent).await);
    hold(json!(["app:x"])).await;
    accept(&realm, &made["token"]).await.expect(200);
    assert_eq!(permissions(&realm, &org).await, [json!(["app:x"]), json!(["app:x"])]);
    // Whoever is switched off gives nothing.
    hold(json!(["app:y"])).await;
    let body = json!({
        "invitation_type": "org", "email": "a@b.co", "org_id": org["id"], "inviting_user_id": bea["id"],
        "permissions": ["app:y"],
    });
    let third = invite(&realm, body).await;
    let off = json!({"user": {"state": "inactive"}});
    app.send(realm.core(Method::PUT, "/v2/users/bea@example.com").json(&off))
        .await
        .expect(200);
    accept(&realm, &third["token"]).await.expect(200);
    assert_eq!(permissions(&realm, &org).await, [json!(["app:y"]), json!(["app:x"])]);
    // Whoever is gone invites nobody.
    app.send(realm.core(Method::DELETE, "/v2/users/bea@example.com"))
        .await
        .expect(200);
    accept(&realm, &late["token"]).await.errors(422);
}

#[tokio::test]
async fn t_35_it_ends_with_its_time_and_with_its_org() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let org = realm.org("One").await;
    let to_org = json!({"invitation_type": "org", "email": "a@b.co", "org_id": org["id"]});
    let mut short = to_org.clone();
    short["expires_at"] = json!(1_767_225_601);
    let (short, long) = (invite(&realm, short).await, invite(&realm, to_org).await);
    app.clock.advance_ms(1000);
    accept(&realm, &short["token"]).await.errors(422);
    let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &path)).await.expect(200);
    assert_eq!(
        accept(&realm, &long["token"]).await.errors(422),
        ["The organization is closed"]
    );
    assert_eq!(permissions(&realm, &org).await, Vec::<Value>::new());
}

#[tokio::test]
async fn t_17_no_other_token_is_an_invitation_and_an_invitation_is_no_other_token() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let user = realm.user("ana@example.com").await;
    let session = realm.open(&user).await;
    let kind = json!({"invitation_type": "request", "email": "a@b.co"});
    let (own, foreign) = (invite(&realm, kind.clone()).await, invite(&other, kind).await);
    let asked = async |action: &str| {
        let path = format!("/v2/users/ana@example.com/{action}");
        realm.create(&path, json!({})).await.expect(201)["token"].clone()
    };
    let (reset, verify) = (
        asked("generate_password_token").await,
        asked("request_email_verification").await,
    );
    for token in [
        &reset,
        &verify,
        &session["token"],
        &session["id"],
        &own["id"],
        &foreign["token"],
        &json!(null),
        &json!(""),
        &json!("nvt:0000000000000000000000"),
    ] {
        let reply = accept(&realm, token).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"], "{token}");
    }
    let elsewhere = json!({"user": {"token": own["token"], "password": "another long password"}});
    for path in ["/v2/users/verify_email", "/v2/users/reset_password_with_token"] {
        realm.create(path, elsewhere.clone()).await.errors(422);
    }
    accept(&realm, &own["token"]).await.expect(200);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_accepts() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    for realm in [&own, &other] {
        realm.user("ana@example.com").await;
    }
    let made = invite(&other, json!({"invitation_type": "request", "email": "a@b.co"})).await;
    let body = json!({"user": {"token": made["token"]}});
    let writer = app.key("write", Some(&own.id)).await;
    app.send(app.holder(&writer, Method::POST, PATH).json(&body))
        .await
        .errors(422);
    let foreign = format!("{PATH}?realm_id={}", other.id);
    app.send(app.holder(&writer, Method::POST, &foreign).json(&body))
        .await
        .errors(404);
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::POST, PATH).json(&body))
        .await
        .errors(403);
    accept(&own, &json!("nvt:x")).await.errors(422);
    own.create("/v2/users/nobody/accept_invitation", body.clone())
        .await
        .errors(404);
    let off = json!({"user": {"state": "inactive"}});
    app.send(other.core(Method::PUT, "/v2/users/ana@example.com").json(&off))
        .await
        .expect(200);
    assert_eq!(other.create(PATH, body).await.errors(422), ["The user is not active"]);
}
