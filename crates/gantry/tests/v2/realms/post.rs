//! `POST /v2/realms` (contract 3.1)

use gantry_kernel::{Id, RealmId};
use reqwest::Method;
use serde_json::{Value, json};

use super::wrong_settings;
use crate::common::App;

async fn count(app: &App) -> usize {
    let list = app.get("/v2/realms?max_results=1000").await.expect(200);
    list["collection"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_fresh_realm_has_the_defaults_of_the_contract() {
    let app = App::start().await;
    let mut realm = app
        .post("/v2/realms", json!({"realm": {"name": "Fresh"}}))
        .await
        .expect(201);
    assert!(RealmId::parse(realm["id"].as_str().unwrap()).is_ok());
    let pem = realm["jwt_key"].as_str().unwrap();
    assert_eq!(pem.len(), 451);
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"), "{pem}");
    assert!(pem.ends_with("\n-----END PUBLIC KEY-----\n"), "{pem}");
    let fields = realm.as_object_mut().unwrap();
    fields.remove("id");
    fields.remove("jwt_key");
    let expected = json!({
        "object": "realm", "name": "Fresh", "public_name": null, "environment": null, "state": "active", "custom": {},
        "created_at": 1_767_225_600.0, "available_locales": [
            "en", "es", "ja", "de", "fr", "pt-BR", "it", "nl", "pl", "tr", "ko", "zh-Hans", "zh-Hant", "ar", "he",
        ], "default_locale": "en",
        "email_verification": "none", "email_login": "off", "org_mode": "single_user", "signup": "open",
        "name_field": "optional", "org_name_field": "hidden", "password_field": "single", "username_field": "hidden",
        "allowed_origins": [], "lr_features": [],
        "branding": null, "color_1": null, "logo": null, "logo_icon": null, "privacy_policy": null, "stylesheet": null,
        "terms_of_service": null, "access_token_minutes": 60, "jwt_algo": "rs256", "jwt_minutes": 1440,
        "jwt_scopes": "openid profile email", "session_minutes": 1440,
        "named_permissions": [], "resource_links": [],
    });
    assert_eq!(realm, expected);
}

#[tokio::test]
async fn each_realm_has_a_key_of_its_own_and_names_may_be_the_same() {
    let app = App::start().await;
    let make = || app.post("/v2/realms", json!({"realm": {"name": "Twin"}}));
    let (one, two) = (make().await.expect(201), make().await.expect(201));
    assert_ne!(one["id"], two["id"]);
    assert_ne!(one["jwt_key"], two["jwt_key"]);
    assert_eq!(one["name"], two["name"]);
}

#[tokio::test]
async fn an_hs256_realm_shows_its_secret() {
    let app = App::start().await;
    let body = json!({"realm": {"name": "Symmetric", "jwt_algo": "hs256"}});
    let realm = app.post("/v2/realms", body).await.expect(201);
    let secret = realm["jwt_key"].as_str().unwrap();
    // Clients tell it from a PEM by its length (contract 4).
    assert!(
        secret.starts_with("jsk_") && (32..=256).contains(&secret.len()),
        "{secret}"
    );
}

#[tokio::test]
async fn settings_are_kept_as_they_were_sent() {
    let app = App::start().await;
    let sent = json!({
        "name": "  Padded ", "public_name": "Shown", "environment": "staging", "state": "inactive",
        "custom": {"plan": "gold", "Seats": 5, "ratio": 0.5, "tags": ["a", 1, null], "on": true},
        "available_locales": ["es", "en"], "default_locale": "es", "email_verification": "requested", "email_login": "both",
        "org_mode": "multi_user", "signup": "closed", "name_field": "required", "org_name_field": "optional",
        "password_field": "confirm", "username_field": "required", "allowed_origins": ["http://localhost:4000"],
        "lr_features": ["new"], "branding": "b", "color_1": "#fff", "logo": "l", "logo_icon": "i",
        "privacy_policy": "https://x.example/p", "stylesheet": "s", "terms_of_service": "https://x.example/t",
        "access_token_minutes": 5, "jwt_minutes": 30, "jwt_scopes": "openid,ar.orgs", "session_minutes": 90,
    });
    let realm = app.post("/v2/realms", json!({ "realm": sent })).await.expect(201);
    let id = realm["id"].as_str().unwrap();
    for shown in [&realm, &app.get(&format!("/v2/realms/{id}")).await.expect(200)] {
        for (name, value) in sent.as_object().unwrap() {
            let kept = match name.as_str() {
                "name" => json!("Padded"),
                "jwt_scopes" => json!("openid ar.orgs"),
                _ => value.clone(),
            };
            assert_eq!(shown[name], kept, "{name}");
        }
        // Numbers stay the numbers that they were, and keys keep their order.
        assert!(
            shown["custom"].to_string().contains(r#""Seats":5,"ratio":0.5,"#),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn the_root_may_be_left_out_and_the_body_may_be_a_form() {
    let app = App::start().await;
    let flat = app
        .post("/v2/realms", json!({"name": "Flat", "signup": "closed"}))
        .await;
    assert_eq!(flat.expect(201)["signup"], "closed");
    let form = [
        ("realm[name]", "Form"),
        ("realm[session_minutes]", "15"),
        ("realm[allowed_origins][]", "https://a.example"),
        ("realm[allowed_origins][]", "https://b.example"),
        ("realm[custom][plan]", "gold"),
    ];
    let made = app
        .send(app.root(Method::POST, "/v2/realms").form(&form))
        .await
        .expect(201);
    assert_eq!(made["name"], "Form");
    assert_eq!(made["session_minutes"], 15);
    assert_eq!(
        made["allowed_origins"],
        json!(["https://a.example", "https://b.example"])
    );
    assert_eq!(made["custom"], json!({"plan": "gold"}));
}

#[tokio::test]
async fn a_fresh_realm_takes_passwords_of_eight_characters_and_asks_for_no_second_factor() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = |password: &str| {
        let body = json!({"user": {"email": "ana@example.com", "password": password}});
        realm.create("/v2/users", body)
    };
    user("seven77").await.errors(422);
    user("eight888").await.expect(201);
    let body = json!({"user": {"password": "eight888"}});
    let session = realm
        .create("/v2/users/ana@example.com/authenticate", body)
        .await
        .expect(201);
    assert_eq!(session["object"], "session");
}

#[tokio::test]
async fn a_fresh_realm_is_empty() {
    let app = App::start().await;
    let made = app.post("/v2/realms", json!({"name": "Empty"})).await.expect(201);
    let id = made["id"].as_str().unwrap();
    for path in ["users", "orgs", "client_apps", "domains", "sessions"] {
        let list = app.get(&format!("/v2/{path}?realm_id={id}")).await.expect(200);
        assert_eq!(list, json!({"collection": [], "more_results": false}), "{path}");
    }
}

#[tokio::test]
async fn a_broken_setting_is_refused_and_nothing_is_made() {
    let app = App::start().await;
    let before = count(&app).await;
    app.post("/v2/realms", json!({"realm": {}})).await.errors(422);
    app.post("/v2/realms", json!({"realm": null})).await.errors(422);
    app.send(app.root(Method::POST, "/v2/realms")).await.errors(422);
    for (setting, wrong) in wrong_settings() {
        let mut realm = json!({"name": "Never"});
        realm
            .as_object_mut()
            .unwrap()
            .extend(setting.as_object().unwrap().clone());
        let reply = app.post("/v2/realms", json!({ "realm": realm })).await;
        assert_eq!(reply.errors(422).len(), wrong, "{setting}");
    }
    for unreadable in [
        json!({"realm": [1]}),
        json!({"realm": "name"}),
        json!({"realm": {"name": {"a": 1}}}),
        json!({"realm": {"name": "x", "session_minutes": "soon"}}),
        json!({"realm": {"name": "x", "session_minutes": 1.5}}),
        json!({"realm": {"name": "x", "allowed_origins": {"a": 1}}}),
    ] {
        assert_eq!(app.post("/v2/realms", unreadable).await.errors(400).len(), 1);
    }
    assert_eq!(count(&app).await, before);
}

#[tokio::test]
async fn a_caller_cannot_choose_what_is_ours_to_choose() {
    let app = App::start().await;
    let body = json!({"realm": {
        "name": "Mine", "id": "rl_0000000000000000000001", "object": "user", "created_at": 1, "jwt_key": "jsk_mine", "present": ["state"],
    }});
    let realm = app.post("/v2/realms", body).await.expect(201);
    assert_ne!(realm["id"], "rl_0000000000000000000001");
    assert_eq!(
        (&realm["object"], &realm["created_at"]),
        (&json!("realm"), &json!(1_767_225_600.0))
    );
    assert_ne!(realm["jwt_key"], "jsk_mine");
}

#[tokio::test]
async fn t_03_a_locked_key_makes_no_realm_whatever_it_may_do_in_its_own() {
    let app = App::start().await;
    let own = app.post("/v2/realms", json!({"name": "Own"})).await.expect(201);
    let key = app.key("manage", own["id"].as_str()).await;
    let before = count(&app).await;
    let request = app
        .holder(&key, Method::POST, "/v2/realms")
        .json(&json!({"name": "Other"}));
    app.send(request).await.errors(403);
    assert_eq!(count(&app).await, before);
}

#[tokio::test]
async fn many_realms_at_once_have_each_their_own_key() {
    let app = App::start().await;
    // More than are in stock: those who find none wait for theirs.
    let made = (0..8).map(|n| app.post("/v2/realms", json!({"name": format!("Realm {n}")})));
    let made: Vec<Value> = futures::future::join_all(made)
        .await
        .iter()
        .map(|r| r.expect(201))
        .collect();
    let mut keys: Vec<&str> = made.iter().map(|realm| realm["jwt_key"].as_str().unwrap()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 8);
}
