//! `POST /v2/auth_providers/authorize`: whom a sign-in belongs to (T-05)

use serde_json::{Value, json};

use crate::common::external::with_idp;
use crate::common::{PASSWORD, TestRealm};

async fn user(realm: &TestRealm<'_>, email: &str, verification: &str) -> Value {
    let user = json!({"email": email, "password": PASSWORD, "email_verification": verification});
    realm.create("/v2/users", json!({ "user": user })).await.expect(201)
}

fn person(id: &str, email: &str, verified: Value) -> Value {
    json!({"sub": id, "email": email, "email_verified": verified})
}

#[tokio::test]
async fn t_05_an_address_that_both_have_checked_is_the_same_user() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let ana = user(&realm, "ana@example.com", "verified").await;
    let provider = realm.oidc(&idp).await;
    idp.person(person("1", "ANA@Example.com ", json!(true)));
    let session = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(session["user_id"], ana["id"]);
    // The password stays what it was, and the tie is beside it.
    realm.login("ana@example.com").await.expect(200);
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown["credentials"].as_array().unwrap().len(), 2);
    // Once tied, the provider's own id counts, whatever address it tells.
    idp.person(person("1", "elsewhere@example.com", json!(false)));
    let session = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(session["user_id"], ana["id"]);
    assert_eq!(realm.list("/v2/users").await.len(), 1);
}

#[tokio::test]
async fn t_05_an_address_that_the_provider_has_not_checked_opens_nobody_s_account() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    for (at, (verification, said)) in [
        ("verified", json!(false)),
        ("verified", json!(null)),
        ("verified", json!("yes")),
        ("none", json!(false)),
        ("requested", json!(null)),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("victim{at}@example.com");
        let victim = user(&realm, &email, verification).await;
        idp.person(person(&format!("evil-{at}"), &email, said.clone()));
        let reply = realm.sign_in_at(&provider).await;
        assert_eq!(
            reply.errors(422),
            ["The provider has not verified the email address, and it is already in use here"],
            "{verification} {said}"
        );
        let shown = realm.read(&format!("/v2/users/{email}")).await.expect(200);
        assert_eq!(shown, victim);
    }
}

#[tokio::test]
async fn t_05_who_took_an_address_before_its_owner_came_loses_all_of_it() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    // The thief signs up with the victim's address, which nobody has checked, and leaves doors open.
    let taken = user(&realm, "ana@example.com", "none").await;
    let authenticator = realm.authenticator(&taken).await;
    let codes = realm
        .create("/v2/users/ana@example.com/generate_recovery_codes", json!({}))
        .await
        .expect(201)["codes"]
        .clone();
    let half = realm.half("ana@example.com").await;
    let other = realm.half("ana@example.com").await;
    let thief = realm.finish(&other, codes[0].as_str().unwrap()).await.expect(201);
    let reset = realm
        .create("/v2/users/ana@example.com/generate_password_token", json!({}))
        .await
        .expect(201);
    assert!(reset["token"].as_str().unwrap().starts_with("tpw:"));
    // The owner comes by a provider that has checked it.
    let provider = realm.oidc(&idp).await;
    let session = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(
        json!([session["object"], session["user_id"]]),
        json!(["session", taken["id"]])
    );
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown["email_verification"], "verified");
    let left: Vec<_> = shown["credentials"].as_array().unwrap().iter().collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["provider_user_id"], "their-1");
    // No door is open any more.
    assert_eq!(realm.login("ana@example.com").await.errors(422), ["Login failed"]);
    realm.finish(&half, &authenticator.code(&app)).await.errors(422);
    realm.finish(&half, codes[1].as_str().unwrap()).await.errors(422);
    let path = format!("/v2/sessions/{}", thief["id"].as_str().unwrap());
    realm.read(&path).await.errors(404);
    let own = format!("/v2/sessions/{}", session["id"].as_str().unwrap());
    realm.read(&own).await.expect(200);
}

#[tokio::test]
async fn t_05_a_thief_s_provider_opens_nothing_once_the_owner_has_a_new_password() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    // The thief comes by a provider that has not checked the victim's address.
    idp.person(person("evil", "ana@example.com", json!(false)));
    let thief = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(thief["user"]["email_verification"], "none");
    let asked = realm
        .create("/v2/users/ana@example.com/generate_password_token", json!({}))
        .await
        .expect(201);
    let body = json!({"token": asked["token"], "password": PASSWORD, "password_confirmation": PASSWORD});
    realm.post("/v2/password/reset", body).await.expect(200);
    let reply = realm.sign_in_at(&provider).await;
    assert_eq!(
        reply.errors(422),
        ["The provider has not verified the email address, and it is already in use here"]
    );
    realm.login("ana@example.com").await.expect(200);
}

#[tokio::test]
async fn a_new_user_s_address_is_as_verified_as_the_provider_says() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    for (id, email, said, kept) in [
        ("1", "one@example.com", json!(true), "verified"),
        ("2", "two@example.com", json!(false), "none"),
        ("3", "three@example.com", json!(null), "none"),
    ] {
        idp.person(person(id, email, said));
        let session = realm.sign_in_at(&provider).await.expect(201);
        assert_eq!(session["user"]["email_verification"], kept);
    }
    // T-34: what a provider says beside counts for nothing.
    let mut more = person("4", "four@example.com", json!(true));
    more["state"] = json!("inactive");
    more["reference"] = json!("admin");
    more["custom"] = json!({"role": "admin"});
    idp.person(more);
    let session = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(
        json!([
            session["user"]["state"],
            session["user"]["reference"],
            session["user"]["custom"]
        ]),
        json!(["active", null, {}])
    );
}

#[tokio::test]
async fn without_an_address_there_is_no_user() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    for email in [
        json!(null),
        json!(""),
        json!("not an address"),
        json!(7),
        json!(["a@b.c"]),
    ] {
        idp.person(json!({"sub": "1", "email": email, "email_verified": true}));
        assert_eq!(
            realm.sign_in_at(&provider).await.errors(422),
            ["The provider did not tell an email address"],
            "{email}"
        );
    }
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
}

#[tokio::test]
async fn two_first_sign_ins_at_once_make_one_user() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let (one, two) = (realm.browse(&provider).await, realm.browse(&provider).await);
    let (one, two) = futures::join!(realm.bring(&one), realm.bring(&two));
    assert_eq!(one.expect(201)["user_id"], two.expect(201)["user_id"]);
    let users = realm.list("/v2/users").await;
    assert_eq!(users.len(), 1);
}

#[tokio::test]
async fn a_plain_oauth2_provider_is_read_by_the_names_that_were_told() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let at = |path: &str| format!("{}{path}", idp.issuer());
    let settings = json!({
        "provider_type": "oauth2", "authorization_url": at("/authorize"), "token_url": at("/token"), "profile_url": at("/me"),
        "id_field": "uid", "email_field": "mail", "email_verified_field": "mail_ok", "name_field": "display",
    });
    let provider = realm.external(settings).await;
    idp.person(json!({"uid": 42, "mail": "ana@example.com", "mail_ok": true, "display": "Ana María Ñ", "email": "evil@example.com"}));
    let session = realm.sign_in_at(&provider).await.expect(201);
    let user = &session["user"];
    assert_eq!(
        json!([
            user["email"],
            user["first_name"],
            user["last_name"],
            user["email_verification"]
        ]),
        json!(["ana@example.com", "Ana María", "Ñ", "verified"])
    );
    assert_eq!(user["credentials"][0]["provider_user_id"], "42");
}

#[tokio::test]
async fn t_05_github_s_profile_is_not_believed_about_addresses_but_its_list_is() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let at = |path: &str| format!("{}{path}", idp.issuer());
    let settings = json!({
        "provider_type": "github", "authorization_url": at("/authorize"), "token_url": at("/token"), "profile_url": at("/me"),
    });
    let provider = realm.external(settings).await;
    user(&realm, "victim@example.com", "verified").await;
    let entry = |email: &str, verified: bool| json!({"email": email, "primary": true, "verified": verified});
    let mut person = json!({"id": 7, "login": "eve", "email": "victim@example.com", "email_verified": true});
    person["emails"] = json!([entry("victim@example.com", false)]);
    idp.person(person.clone());
    realm.sign_in_at(&provider).await.errors(422);
    person["emails"] = json!([entry("eve@example.com", true)]);
    idp.person(person);
    let session = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(session["user"]["email"], "eve@example.com");
}
