//! How orgs end, who belongs to them, and who is asked to (contract 3.3, 3.4 and 3.11).

use serde_json::{Value, json};

use super::client::Client;
use super::parts::{org, realm, shows, text, user};

/// Orgs, memberships, invitations.
pub(super) async fn all(client: &Client) {
    closing(client).await;
    memberships(client).await;
    invitations(client).await;
    acceptance(client).await;
}

/// DELETE closes; with `force` it deletes, whatever the state.
async fn closing(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let count = async |params: Value| client.get("/v2/orgs", params).await.items().len();
    let (one, two) = (org(&client, "Same").await, org(&client, "Same").await);
    let path = format!("/v2/orgs/{one}");
    let closed = json!({"object": "org", "id": one, "name": "Same", "state": "closed"});
    for params in [Value::Null, json!({"force": false}), json!({"force": null})] {
        shows(&client.delete(&path, params).await.expect(200), &closed);
        shows(&client.get(&path, Value::Null).await.expect(200), &closed);
    }
    assert_eq!(count(Value::Null).await, 2);
    assert_eq!(count(json!({"state": "active"})).await, 1);
    // Closed is final.
    client.put(&path, json!({"org": {"state": "active"}})).await.errors(422);
    let (ana, _) = user(&client, "ana@example.com").await;
    let late = json!({"membership": {"user_id": ana, "org_id": one}});
    client.post("/v2/memberships", late).await.errors(422);
    for org in [one, two] {
        let path = format!("/v2/orgs/{org}");
        client.delete(&path, json!({"force": true})).await.expect(200);
        client.get(&path, Value::Null).await.errors(404);
    }
    assert_eq!(count(Value::Null).await, 0);
}

async fn memberships(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let crew = org(&client, "Crew").await;
    let pair = json!({"user_id": ana, "org_id": crew});
    let made = client.post("/v2/memberships", json!({ "membership": pair })).await;
    let (id, made) = made.made();
    shows(&made, &json!({"permissions": [], "user_id": ana, "org_id": crew}));
    let path = format!("/v2/memberships/{id}");
    // One permission may be a text, and several are echoed in their order.
    for (sent, echoed) in [
        (json!("one:x"), json!(["one:x"])),
        (json!(["z", "ar:owner", "a"]), json!(["z", "ar:owner", "a"])),
        (json!([]), json!([])),
    ] {
        let body = json!({"membership": {"permissions": sent}});
        shows(
            &client.put(&path, body).await.expect(200),
            &json!({"permissions": echoed}),
        );
    }
    let both = client.get("/v2/memberships", pair.clone()).await.items();
    assert_eq!((both.len(), both[0].get("user"), both[0].get("org")), (1, None, None));
    client.delete(&path, Value::Null).await.expect(200);
    client.get(&path, Value::Null).await.errors(404);
    let (again, _) = client
        .post("/v2/memberships", json!({ "membership": pair }))
        .await
        .made();
    assert_ne!(again, id);
}

async fn invitations(client: &Client) {
    let (_, client) = realm(client, json!({"default_locale": "es"})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let crew = org(&client, "Crew").await;
    for (kind, more) in [
        ("org", json!({"org_id": crew, "permissions": ["a:b"]})),
        ("referral", json!({"inviting_user_id": ana})),
        ("request", json!({})),
        ("preverify", json!({})),
    ] {
        let mut sent = more.clone();
        sent["invitation_type"] = json!(kind);
        sent["email"] = json!("new@example.com");
        let (id, made) = client
            .post("/v2/invitations", json!({ "invitation": sent }))
            .await
            .made();
        shows(&made, &sent);
        shows(
            &made,
            &json!({"object": "invitation", "locale": "es", "invited_at": null}),
        );
        assert!(!text(&made, "token").is_empty());
        let days = (made["expires_at"].as_f64().unwrap() - made["created_at"].as_f64().unwrap()) / 86_400.0;
        assert!((days - 30.0).abs() < 0.01, "{made}");
        let path = format!("/v2/invitations/{id}");
        let invited = client.post(&format!("{path}/invite"), client.empty("invitation")).await;
        assert!(invited.expect(200)["invited_at"].is_number());
        client.delete(&path, Value::Null).await.expect(200);
        client.get(&path, Value::Null).await.errors(404);
    }
    for wrong in [
        json!({"invitation_type": "org", "email": "a@b.c"}),
        json!({"invitation_type": "request"}),
    ] {
        client
            .post("/v2/invitations", json!({ "invitation": wrong }))
            .await
            .errors(422);
    }
}

/// Whoever has the token may accept, whatever address it was sent to.
async fn acceptance(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana+test@example.com").await;
    let crew = org(&client, "Crew").await;
    let invitation =
        json!({"invitation_type": "org", "email": "else@example.com", "org_id": crew, "permissions": ["a:b", "c"]});
    let (id, made) = client
        .post("/v2/invitations", json!({ "invitation": invitation }))
        .await
        .made();
    let path = format!("/v2/users/{}/accept_invitation", client.escaped("ana+test@example.com"));
    let accept = json!({"user": {"token": made["token"]}});
    let seen = client.post(&path, accept.clone()).await.expect(200);
    shows(
        &seen,
        &json!({"object": "user", "id": ana, "email": "ana+test@example.com"}),
    );
    let joined = client.get("/v2/memberships", json!({"org_id": crew})).await.items();
    assert_eq!(joined.len(), 1);
    shows(&joined[0], &json!({"user_id": ana, "permissions": ["a:b", "c"]}));
    client.post(&path, accept).await.errors(422);
    client
        .get(&format!("/v2/invitations/{id}"), Value::Null)
        .await
        .errors(404);
}
