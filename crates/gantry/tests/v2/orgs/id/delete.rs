//! `DELETE /v2/orgs/:id` (contract 3.3)

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::common::{App, TestRealm, field, ip_and_client};

fn delete(realm: &TestRealm<'_>, org: &Value) -> RequestBuilder {
    realm.core(Method::DELETE, &format!("/v2/orgs/{}", org["id"].as_str().unwrap()))
}

#[tokio::test]
async fn it_closes_once_and_stays_in_the_list() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("One").await;
    let user = realm.user("ana@example.com").await;
    realm.join(&user, &org).await;
    let reply = app
        .send(delete(&realm, &org).json(&json!({"request": ip_and_client()})))
        .await;
    let mut closed = org.clone();
    closed["state"] = json!("closed");
    assert_eq!(reply.expect(200), closed);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["org_id"], &event["request"]),
        (&json!("org.closed"), &org["id"], &ip_and_client())
    );
    assert_eq!(app.send(delete(&realm, &org)).await.expect(200), closed);
    assert_eq!(realm.list("/v2/orgs").await.len(), 1);
    assert_eq!(realm.list("/v2/orgs?state=closed").await.len(), 1);
    assert_eq!(realm.list("/v2/orgs?state=active").await, Vec::<Value>::new());
    // It is an account no more, and nobody can join.
    let bea = realm.user("bea@example.com").await;
    let joining = json!({"membership": {"user_id": bea["id"], "org_id": org["id"]}});
    realm.create("/v2/memberships", joining).await.errors(422);
    let types = realm.history_types().await;
    assert_eq!(types.iter().filter(|t| *t == "org.closed").count(), 1);
}

#[tokio::test]
async fn with_force_it_is_gone_with_all_that_hangs_on_it() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    // However the clients write it: query, form, JSON; true or 1.
    for n in 0..5 {
        let org = realm.org(&format!("Org {n}")).await;
        let membership = realm.join(&user, &org).await;
        let invitation = json!({"invitation": {"invitation_type": "org", "email": "a@b.c", "org_id": org["id"]}});
        let invitation = realm.create("/v2/invitations", invitation).await.expect(201);
        let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
        let reply = app.send(match n {
            0 => realm.core(Method::DELETE, &format!("{path}?force=true")),
            1 => realm.core(Method::DELETE, &format!("{path}?force=1")),
            2 => delete(&realm, &org).json(&json!({"force": true})),
            3 => delete(&realm, &org).json(&json!({"force": 1})),
            _ => delete(&realm, &org).form(&[("force", "true")]),
        });
        let reply = reply.await;
        assert_eq!(reply.expect(200)["state"], "closed", "{n}");
        assert_eq!(
            app.event(&realm.id, reply.request_id()).await["event_type"],
            "org.closed"
        );
        realm.read(&path).await.errors(404);
        let of = |thing: &Value, list: &str| format!("/v2/{list}/{}", thing["id"].as_str().unwrap());
        realm.read(&of(&membership, "memberships")).await.errors(404);
        realm.read(&of(&invitation, "invitations")).await.errors(404);
        app.send(delete(&realm, &org)).await.errors(404);
    }
    assert_eq!(realm.list("/v2/orgs").await, Vec::<Value>::new());
    realm.read("/v2/users/ana@example.com").await.expect(200);
}

#[tokio::test]
async fn a_closed_org_goes_without_another_event() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("One").await;
    for force in ["", "?force=", "?force=false", "?force=0"] {
        let path = format!("/v2/orgs/{}{force}", org["id"].as_str().unwrap());
        app.send(realm.core(Method::DELETE, &path)).await.expect(200);
    }
    let path = format!("/v2/orgs/{}?force=true", org["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &path)).await.expect(200);
    assert_eq!(realm.history_types().await, ["org.created", "org.closed"]);
    assert_eq!(field(&realm.list("/v2/orgs").await, "id"), Vec::<String>::new());
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_closes_an_org() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let foreign = other.org("Theirs").await;
    let path = format!("/v2/orgs/{}", foreign["id"].as_str().unwrap());
    let writer = app.key("write", Some(&own.id)).await;
    for query in ["", "?force=true"] {
        app.send(app.holder(&writer, Method::DELETE, &format!("{path}{query}")))
            .await
            .errors(404);
    }
    let named = format!("{path}?force=true&realm_id={}", other.id);
    app.send(app.holder(&writer, Method::DELETE, &named)).await.errors(404);
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::DELETE, &path)).await.errors(403);
    assert_eq!(other.read(&path).await.expect(200), foreign);
    assert_eq!(other.history_types().await, ["org.created"]);
}
