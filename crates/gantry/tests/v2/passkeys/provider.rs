//! The auth provider that switches passkeys on: `/v2/auth_providers` with the type `passkey`.

use gantry_testkit::passkey::Manner;
use serde_json::{Value, json};

use crate::common::{App, DOMAIN, PAGE, Reply, TestRealm};

async fn provider(realm: &TestRealm<'_>, fields: Value) -> Reply {
    realm
        .create("/v2/auth_providers", json!({ "auth_provider": fields }))
        .await
}

#[tokio::test]
async fn without_it_there_are_no_passkeys() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    for path in [
        "/v2/passkeys/register/start",
        "/v2/passkeys/register/finish",
        "/v2/login/passkey/start",
        "/v2/login/passkey/finish",
    ] {
        let reply = realm.post(path, json!({"session": session, "credential": {}})).await;
        assert_eq!(reply.errors(422), ["This way to sign in is switched off"], "{path}");
    }
    // Whoever has some left, or none, sees that.
    let list = realm.get(&format!("/v2/passkeys?session={session}")).await.expect(200);
    assert_eq!(list["collection"], json!([]));
}

#[tokio::test]
async fn it_names_the_domain_that_passkeys_are_for() {
    let app = App::start().await;
    let realm = app.realm().await;
    let missing = provider(&realm, json!({"provider_type": "passkey"})).await;
    assert_eq!(missing.errors(422), ["Passkey domain is required"]);
    for wrong in [
        "https://example.com",
        "example.com:443",
        "com",
        "*.example.com",
        "192.0.2.1:1",
        "a b",
    ] {
        provider(&realm, json!({"provider_type": "passkey", "rp_id": wrong}))
            .await
            .errors(422);
    }
    let made = provider(&realm, json!({"provider_type": "passkey", "rp_id": "Example.COM"}))
        .await
        .expect(201);
    assert_eq!(
        (&made["rp_id"], &made["state"]),
        (&json!("example.com"), &json!("active"))
    );
    // A realm has one.
    provider(&realm, json!({"provider_type": "passkey", "rp_id": DOMAIN}))
        .await
        .errors(422);
    let change = async |fields: Value| {
        realm
            .change("/v2/auth_providers/passkey", json!({ "auth_provider": fields }))
            .await
    };
    assert_eq!(
        change(json!({"name": "Keys"})).await.expect(200)["rp_id"],
        "example.com"
    );
    assert_eq!(
        change(json!({"rp_id": "localhost"})).await.expect(200)["rp_id"],
        "localhost"
    );
    change(json!({"rp_id": null})).await.errors(422);
    // Nothing else has one.
    let foreign = json!({"auth_provider": {"rp_id": DOMAIN}});
    realm.change("/v2/auth_providers/password", foreign).await.errors(422);
    let listed = realm
        .list("/v2/auth_providers/authorize?redirect_uri=https://app.example.com")
        .await;
    assert_eq!(listed, [] as [Value; 0]);
    // A back end cannot make a passkey.
    let user = realm.user("ana@example.com").await;
    let credential = json!({"credential": {"user_id": user["id"], "credential_type": "passkey", "name": "x"}});
    realm.create("/v2/credentials", credential).await.errors(422);
}

#[tokio::test]
async fn t_26_what_it_says_now_counts_for_ceremonies_that_were_begun() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    let (_, _, mut key) = realm.with_passkey("ana@example.com").await;
    let truth = Manner::at(PAGE);
    let begun = realm.begin_login().await;
    let signed = key.sign(&begun["options"], &truth).unwrap();
    realm.switch("passkey", "inactive").await;
    realm.finish_login(&begun, signed.clone()).await.errors(422);
    realm.switch("passkey", "active").await;
    // The page was taken from the list while the browser asked.
    let pages = async |pages: Value| {
        let path = format!("/v2/realms/{}", realm.id);
        realm
            .change(&path, json!({"realm": {"allowed_origins": pages}}))
            .await
            .expect(200);
    };
    let begun = realm.begin_login().await;
    let signed = key.sign(&begun["options"], &truth).unwrap();
    pages(json!(["https://other.example.com"])).await;
    assert_eq!(realm.finish_login(&begun, signed).await.errors(422), ["Login failed"]);
    // No page left: nothing to begin.
    pages(json!(["https://elsewhere.example"])).await;
    realm.post("/v2/login/passkey/start", json!({})).await.errors(422);
    pages(json!([PAGE])).await;
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    // Another domain ends them.
    let domain = async |name: &str| {
        let change = json!({"auth_provider": {"rp_id": name}});
        realm.change("/v2/auth_providers/passkey", change).await.expect(200);
    };
    domain("app.example.com").await;
    let old = Manner {
        rp_id: Some(DOMAIN.to_owned()),
        ..truth.clone()
    };
    realm.sign_in_with(&mut key, &old).await.errors(422);
    domain(DOMAIN).await;
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    // It is switched off, not deleted: everybody's would be gone.
    realm.remove("/v2/auth_providers/passkey").await.errors(409);
}

#[tokio::test]
async fn pages_of_apps_and_of_the_realm_s_own_hosts_count_too() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    provider(&realm, json!({"provider_type": "passkey", "rp_id": realm.host}))
        .await
        .expect(201);
    let own = format!("https://{}", realm.host);
    let signs = async |page: &str| {
        let begun = realm.begin_passkey(&session).await;
        let made = gantry_testkit::passkey::SoftPasskey::make(&begun["options"], &Manner::at(page)).unwrap();
        realm.finish_passkey(&session, &begun, made.1).await.status
    };
    assert_eq!(signs(&own).await, 201);
    let below = format!("https://app.{}", realm.host);
    assert_eq!(signs(&below).await, 422);
    let client = json!({"client_app": {"name": "Other", "redirect_uris": [format!("{below}/back?x=1")]}});
    realm.create("/v2/client_apps", client).await.expect(201);
    assert_eq!(signs(&below).await, 201);
}
