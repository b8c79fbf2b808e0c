//! How realms are emptied and end, what is shown with them, and the names they are served by (contract 3.1, 3.10 and 3.13).

use serde_json::{Value, json};

use super::client::Client;
use super::parts::{org, realm, served, session, shows, text, user};
use crate::common::NameServer;

/// Realms and domains.
pub(super) async fn all(client: &Client, names: &NameServer) {
    embedded(client).await;
    reset_and_deleted(client).await;
    domains(client, names).await;
}

async fn embedded(client: &Client) {
    let (id, client) = realm(client, json!({})).await;
    let permission = json!({"named_permission": {"name": "Edit", "permission": "docs:edit"}});
    let (_, permission) = client.post("/v2/named_permissions", permission).await.made();
    let link = json!({"resource_link": {"title": "Help", "link_url": "https://help.example/"}});
    let (_, link) = client.post("/v2/resource_links", link).await.made();
    let seen = client.get(&format!("/v2/realms/{id}"), Value::Null).await.expect(200);
    shows(
        &seen,
        &json!({"named_permissions": [permission], "resource_links": [link]}),
    );
}

/// What was there is gone at once, though it is much that hangs together.
async fn reset_and_deleted(client: &Client) {
    let (id, inside) = realm(client, json!({})).await;
    let host = served(&inside).await;
    let path = format!("/v2/realms/{id}");
    let fill = async || {
        let (ana, _) = user(&inside, "ana@example.com").await;
        let crew = org(&inside, "Crew").await;
        let pair = json!({"membership": {"user_id": ana, "org_id": crew}});
        inside.post("/v2/memberships", pair).await.made();
        [
            session(&inside, &ana).await,
            format!("/v2/users/{ana}"),
            format!("/v2/orgs/{crew}"),
        ]
    };
    let filled = fill().await;
    let reset = inside.post(&format!("{path}/reset"), Value::Null).await.expect(200);
    shows(&reset, &json!({"object": "realm", "id": id, "name": "Test"}));
    for path in &filled {
        inside.get(path, Value::Null).await.errors(404);
    }
    for list in ["users", "orgs", "invitations"] {
        assert!(
            inside.get(&format!("/v2/{list}"), Value::Null).await.items().is_empty(),
            "{list}"
        );
    }
    // What configures it stays, and the names are free again.
    for (list, count) in [("auth_providers", 2), ("client_apps", 1), ("domains", 1)] {
        assert_eq!(
            inside.get(&format!("/v2/{list}"), Value::Null).await.items().len(),
            count
        );
    }
    host.get("/connect/jwks", Value::Null).await.expect(200);
    let filled = fill().await;

    let last = client.delete(&path, Value::Null).await.expect(200);
    shows(&last, &json!({"object": "realm", "id": id}));
    client.get(&path, Value::Null).await.errors(404);
    client.get(&path, json!({"state": "active"})).await.errors(404);
    client.post(&format!("{path}/reset"), Value::Null).await.errors(404);
    for path in &filled {
        inside.get(path, Value::Null).await.errors(404);
    }
    host.get("/connect/jwks", Value::Null).await.errors(404);
    let listed = client.get("/v2/realms", json!({"max_results": 1000})).await.items();
    assert!(listed.iter().all(|realm| realm["id"] != json!(id)));
}

/// An automatic name serves at once, one's own when it is proven.
async fn domains(client: &Client, names: &NameServer) {
    let (_, client) = realm(client, json!({})).await;
    let host = served(&client).await;
    host.get("/connect/jwks", Value::Null).await.expect(200);
    let listed = client.get("/v2/domains", Value::Null).await.items();
    let fqdn = text(&listed[0], "fqdn");
    assert!(!fqdn.contains('/') && !fqdn.contains(':'), "{fqdn}");
    let name = format!("login-{:?}.example.com", client.library).to_lowercase();
    let custom = json!({"domain": {"domain_type": "custom", "domain": name}});
    let (id, made) = client.post("/v2/domains", custom).await.made();
    shows(&made, &json!({"fqdn": name, "dns_state": "pending"}));
    let verify = async || {
        let path = format!("/v2/domains/{id}/verify");
        client.post(&path, client.empty("domain")).await.expect(200)
    };
    assert_eq!(verify().await["dns_state"], "failed");
    let own = client.at(&name);
    own.get("/connect/jwks", Value::Null).await.errors(404);
    names.set(text(&made, "verification_name"), &[text(&made, "verification_value")]);
    assert_eq!(verify().await["dns_state"], "verified");
    own.get("/connect/jwks", Value::Null).await.expect(200);
}
