//! The story of issue 2, over whatever stands between.

use reqwest::Method;
use serde_json::{Value, json};

use super::Api;

fn types(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event_type"].as_str().unwrap())
        .collect()
}

/// Made at one gateway, used at the other, ended at the first: no process keeps anything of its own.
pub(crate) async fn story(one: &Api, two: &Api) {
    let realm = one.new_realm().await;
    let created = one.new_user(&realm, "ana@example.com").await;
    let user = created.expect(201);
    let org = json!({"realm_id": realm.id, "org": {"name": "Crew"}});
    let org = two.post("/v2/orgs", org).await.expect(201);
    let membership = json!({"user_id": user["id"], "org_id": org["id"]});
    let membership = json!({"realm_id": realm.id, "membership": membership});
    one.post("/v2/memberships", membership).await.expect(201);

    let login = two.login(&realm, "ana@example.com").await;
    let signed_in = login.expect(200);
    assert_eq!(
        (&signed_in["result"], &signed_in["account"]),
        (&json!("full_login"), &org["id"])
    );
    let session = signed_in["session"].as_str().unwrap();
    let seen = one.session(&realm, session).await.expect(200);
    assert_eq!(
        (&seen["session"], &seen["account"]),
        (&json!(session), &org["id"]),
        "{seen}"
    );
    let keys = one.send(one.visitor(&realm, Method::GET, "/connect/jwks")).await;
    assert_eq!(keys.expect(200)["keys"].as_array().unwrap().len(), 1);

    let logout = two.logout(&realm, session).await;
    logout.expect(200);
    one.session(&realm, session).await.errors(403);
    let refused = one.send(one.logging_in(&realm, "ana@example.com", "wrong")).await;
    refused.errors(422);

    // What each call caused carries the id that its caller was told, whichever gateway and service it went through.
    let of = async |id: &str| one.events(&realm, id, 1).await;
    assert_eq!(types(&of(created.request_id()).await), ["user.created"]);
    let login = of(login.request_id()).await;
    assert_eq!(types(&login), ["user.login.succeeded"]);
    assert!(session.starts_with(login[0]["session_id"].as_str().unwrap()));
    assert_eq!(types(&of(logout.request_id()).await), ["session.deleted"]);
    assert_eq!(types(&of(refused.request_id()).await), ["user.login.failed"]);
}
