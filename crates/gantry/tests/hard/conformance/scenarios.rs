//! What existing clients depend on first of all, by the contract's sections. Each scenario makes a realm of its own.

use serde_json::{Value, json};

use super::client::Client;
use super::parts::{PASSWORD, realm, user};

/// Runs all scenarios.
pub(super) async fn all(client: &Client) {
    credentials_of_the_caller(client).await;
    realms(client).await;
    users(client).await;
    authentication(client).await;
    sessions(client).await;
    orgs_and_memberships(client).await;
    lists(client).await;
}

/// Contract 1.2: missing or wrong credentials are 403, never 401.
async fn credentials_of_the_caller(client: &Client) {
    for key in [
        "",
        "ks_wrong",
        "ks_0000000000000000000root-ffffffffffffffffffffffffffffffff",
    ] {
        client.with_key(key).get("/v2/realms", Value::Null).await.errors(403);
    }
    client.get("/v2/nowhere", Value::Null).await.errors(404);
}

/// Contract 3.1 and 3.8.
async fn realms(client: &Client) {
    let (id, inside) = realm(client, json!({})).await;
    let seen = client
        .get(&format!("/v2/realms/{id}"), json!({"state": "active"}))
        .await
        .expect(200);
    assert_eq!(
        (&seen["object"], &seen["id"], &seen["name"]),
        (&json!("realm"), &json!(id), &json!("Test"))
    );
    assert_eq!(
        (&seen["org_mode"], &seen["jwt_algo"]),
        (&json!("single_user"), &json!("rs256"))
    );
    let key = seen["jwt_key"].as_str().unwrap();
    assert!(key.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"), "{key}");
    // Without a default realm there is a list all the same.
    assert!(!client.get("/v2/realms", Value::Null).await.items().is_empty());
    assert!(inside.get("/v2/users", Value::Null).await.items().is_empty());
    assert!(inside.get("/v2/orgs", Value::Null).await.items().is_empty());

    let path = format!("/v2/realms/{id}");
    let hs256 = client
        .put(
            &path,
            json!({"realm": {"jwt_algo": "hs256", "jwt_scopes": "openid ar.orgs"}}),
        )
        .await
        .expect(200);
    assert!(
        hs256["jwt_key"].as_str().unwrap().starts_with("jsk_"),
        "the key follows the algorithm at once"
    );
    let renamed = client.put(&path, json!({"realm": {"name": "Other"}})).await.expect(200);
    assert_eq!(
        (&renamed["name"], &renamed["jwt_algo"]),
        (&json!("Other"), &json!("hs256"))
    );
    client
        .put(&path, json!({"realm": {"org_mode": "sideways"}}))
        .await
        .errors(422);
    client
        .get("/v2/realms/rl_0000000000000000000000", Value::Null)
        .await
        .errors(404);
}

/// Contract 3.2: looked up by id, e-mail address and username, each as the library escapes it.
async fn users(client: &Client) {
    let (realm_id, client) = realm(client, json!({})).await;
    let (id, made) = user(&client, "Ana+Test@Example.com").await;
    assert_eq!(
        (&made["object"], &made["email"]),
        (&json!("user"), &json!("ana+test@example.com"))
    );
    assert_eq!(
        (&made["state"], &made["realm_id"]),
        (&json!("active"), &json!(realm_id))
    );
    assert_eq!(made["credentials"][0]["credential_type"], "password");
    assert_eq!(made["credentials"][0]["object"], "credential");
    for name in [id.as_str(), "ana+test@example.com", "ANA+TEST@example.com"] {
        let seen = client
            .get(&format!("/v2/users/{}", client.escaped(name)), Value::Null)
            .await
            .expect(200);
        assert_eq!(seen["id"], json!(id), "{name}");
    }
    // Production code is known to double the slash.
    client.get(&format!("/v2//users/{id}"), Value::Null).await.expect(200);
    client
        .get("/v2/users/nobody@example.com", Value::Null)
        .await
        .errors(404);
    let named = json!({"user": {"email": "bob@example.com", "username": "Bob.B", "password": PASSWORD, "custom": {"a": 1, "b": ["x"]}}});
    let (bob, made) = client.post("/v2/users", named).await.made();
    assert_eq!(made["custom"], json!({"a": 1, "b": ["x"]}));
    assert_eq!(
        client.get("/v2/users/bob.b", Value::Null).await.expect(200)["id"],
        json!(bob)
    );
    assert!(made["name"].as_str().is_some_and(|name| !name.is_empty()));

    let twice = json!({"user": {"email": "ana+test@example.com", "password": PASSWORD}});
    client.post("/v2/users", twice).await.errors(422);
    client
        .post(
            "/v2/users",
            json!({"user": {"email": "c@example.com", "password": "short"}}),
        )
        .await
        .errors(422);
    client.post("/v2/users", Value::Null).await.errors(422);
    assert_eq!(client.get("/v2/users", Value::Null).await.items().len(), 2);
}

/// Contract 3.2 and 1.9.
async fn authentication(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (id, _) = user(&client, "ana@example.com").await;
    let path = format!("/v2/users/{}/authenticate", client.escaped("ana@example.com"));
    let good = json!({"user": {"password": PASSWORD}, "request": {"ip": "203.0.113.7", "client": "Tests/1"}});
    let session = client.post(&path, good).await.expect(201);
    assert_eq!(
        (&session["object"], &session["user_id"]),
        (&json!("session"), &json!(id))
    );
    assert_eq!(session["request"], json!({"ip": "203.0.113.7", "client": "Tests/1"}));
    assert_eq!(session["token"].as_str().unwrap().split('.').count(), 3);
    let wrong = json!({"user": {"password": "not this one"}});
    assert_eq!(client.post(&path, wrong.clone()).await.errors(422), ["Login failed"]);
    assert_eq!(
        client.speaking("es").post(&path, wrong.clone()).await.errors(422),
        ["Error al iniciar sesión"]
    );
    client
        .post("/v2/users/nobody@example.com/authenticate", wrong)
        .await
        .errors(404);
}

/// Contract 3.5.
async fn sessions(client: &Client) {
    let (_, client) = realm(client, json!({"jwt_scopes": "openid profile email ar.orgs"})).await;
    let (id, _) = user(&client, "ana@example.com").await;
    let (session, made) = client
        .post("/v2/sessions", json!({"session": {"user_id": id}}))
        .await
        .made();
    let token = made["token"].as_str().unwrap();
    // By its id, and by the whole token.
    for name in [session.as_str(), token] {
        let seen = client
            .get(&format!("/v2/sessions/{name}"), Value::Null)
            .await
            .expect(200);
        assert_eq!((&seen["user_id"], seen.get("token")), (&json!(id), None));
    }
    let fresh = client
        .get(&format!("/v2/sessions/{session}"), json!({"expand": ["token"]}))
        .await
        .expect(200);
    assert_eq!(fresh["expires_at"], made["expires_at"]);
    assert!(fresh["token"].is_string());
    let listed = client.get("/v2/sessions", json!({"user_id": id})).await.items();
    assert_eq!((listed.len(), listed[0].get("token")), (1, None));
    client
        .delete(&format!("/v2/sessions/{session}"), Value::Null)
        .await
        .expect(200);
    client
        .get(&format!("/v2/sessions/{session}"), Value::Null)
        .await
        .errors(404);
    assert!(
        client
            .get("/v2/sessions", json!({"user_id": id}))
            .await
            .items()
            .is_empty()
    );
}

/// Contract 3.3 and 3.4.
async fn orgs_and_memberships(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let (org, made) = client
        .post(
            "/v2/orgs",
            json!({"org": {"name": "Crew", "reference": "c-1", "custom": {"a": 1}}}),
        )
        .await
        .made();
    assert_eq!(
        (&made["object"], &made["name"], &made["state"]),
        (&json!("org"), &json!("Crew"), &json!("active"))
    );
    let listed = client.get("/v2/orgs", json!({"reference": "c-1"})).await.items();
    assert_eq!((listed.len(), listed[0].get("custom")), (1, None));
    let expanded = client.get("/v2/orgs", json!({"expand": ["custom"]})).await.items();
    assert_eq!(expanded[0]["custom"], json!({"a": 1}));

    let (id, made) = client
        .post(
            "/v2/memberships",
            json!({"membership": {"user_id": ana, "org_id": org}}),
        )
        .await
        .made();
    assert_eq!(
        (&made["object"], &made["permissions"]),
        (&json!("membership"), &json!([]))
    );
    let by_org = client.get("/v2/memberships", json!({"org_id": org})).await.items();
    assert_eq!(
        (by_org[0]["user"]["id"].as_str(), by_org[0].get("org")),
        (Some(ana.as_str()), None)
    );
    let by_user = client.get("/v2/memberships", json!({"user_id": ana})).await.items();
    assert_eq!(
        (by_user[0]["org"]["id"].as_str(), by_user[0].get("user")),
        (Some(org.as_str()), None)
    );
    let seen = client
        .get(&format!("/v2/users/{ana}"), json!({"expand": ["memberships"]}))
        .await
        .expect(200);
    assert_eq!(seen["memberships"][0]["id"], json!(id));
    let seen = client
        .get(&format!("/v2/orgs/{org}"), json!({"expand": ["memberships"]}))
        .await
        .expect(200);
    assert_eq!(seen["memberships"][0]["user"]["id"], json!(ana));
    // One membership for each pair.
    client
        .post(
            "/v2/memberships",
            json!({"membership": {"user_id": ana, "org_id": org}}),
        )
        .await
        .errors(422);
}

/// Contract 1.7.
async fn lists(client: &Client) {
    let (realm_id, client) = realm(client, json!({})).await;
    for name in ["c", "a", "b"] {
        client.post("/v2/orgs", json!({"org": {"name": name}})).await.made();
    }
    let names = |items: &[Value]| {
        items
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<String>()
    };
    assert_eq!(names(&client.get("/v2/orgs", Value::Null).await.items()), "abc");
    assert_eq!(
        names(&client.get("/v2/orgs", json!({"sort": "id"})).await.items()),
        "cab"
    );
    assert_eq!(
        names(&client.get("/v2/orgs", json!({"direction": "desc"})).await.items()),
        "cba"
    );
    let page = client.get("/v2/orgs", json!({"max_results": 2})).await.expect(200);
    assert_eq!(page["more_results"], json!(true));
    let last = page["collection"][1]["id"].clone();
    let rest = client
        .get(
            "/v2/orgs",
            json!({"max_results": 2, "after": last, "realm_id": realm_id}),
        )
        .await
        .expect(200);
    assert_eq!(
        (names(rest["collection"].as_array().unwrap()), &rest["more_results"]),
        ("c".to_owned(), &json!(false))
    );
    client.get("/v2/orgs", json!({"max_results": 0})).await.errors(422);
}
