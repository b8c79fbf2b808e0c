//! Sign-ins at a certified OpenID Connect provider in a process of its own: what somebody else understands by the standards. What an evil
//! one may try stands in `authorize/hostile.rs`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::common::external::{BACK, Brought, NONCE, parameter, reach_loopback};
use crate::common::{App, OidcProvider, Person};

fn accounts() -> Value {
    json!({
        "ana": {"email": "ana@example.com", "email_verified": true, "name": "Ana Ñ"},
        "eve": {"email": "ana@example.com", "email_verified": false, "name": "Eve"},
        "bob": {"email": "bob@example.com", "email_verified": true, "name": "Bob"},
    })
}

async fn app() -> App {
    App::start_with(reach_loopback).await
}

/// The address with one parameter set anew, or left out.
fn with(url: &str, name: &str, value: Option<&str>) -> String {
    let mut changed = Url::parse(url).unwrap();
    let kept: Vec<(String, String)> = changed
        .query_pairs()
        .into_owned()
        .filter(|(key, _)| key != name)
        .collect();
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .extend_pairs(value.map(|value| (name, value)));
    changed.into()
}

#[tokio::test]
async fn whoever_signs_in_there_is_made_here_and_found_again() {
    let app = app().await;
    for in_id_token in [false, true] {
        let server = OidcProvider::start_with(accounts(), in_id_token).await;
        let realm = app.realm().await;
        let provider = server.join(&realm).await;
        let mut ana = Person::new(&app, "ana");
        let brought = ana.browse(&realm, &provider).await;
        let session = realm.bring(&brought).await.expect(201);
        let user = &session["user"];
        assert_eq!(
            json!([
                session["object"],
                user["email"],
                user["email_verification"],
                user["first_name"],
                user["last_name"]
            ]),
            json!(["session", "ana@example.com", "verified", "Ana", "Ñ"])
        );
        assert_eq!(user["credentials"][0]["provider_user_id"], "ana");
        assert_eq!(ana.asked, 2, "to sign in and to agree");
        // The same browser, which is asked nothing any more, and another one: the same user.
        let again = ana.browse(&realm, &provider).await;
        assert_eq!(ana.asked, 2);
        let elsewhere = Person::new(&app, "ana").browse(&realm, &provider).await;
        for brought in [again, elsewhere] {
            assert_eq!(realm.bring(&brought).await.expect(201)["user_id"], session["user_id"]);
        }
        let bob = Person::new(&app, "bob").browse(&realm, &provider).await;
        assert_eq!(realm.bring(&bob).await.expect(201)["user"]["email"], "bob@example.com");
        assert_eq!(realm.list("/v2/users").await.len(), 2);
    }
}

#[tokio::test]
async fn t_05_an_address_that_it_has_not_checked_opens_nobody_s_account() {
    let app = app().await;
    let server = OidcProvider::start(accounts()).await;
    let realm = app.realm().await;
    let provider = server.join(&realm).await;
    let victim = json!({"user": {"email": "ana@example.com", "email_verification": "verified"}});
    let victim = realm.create("/v2/users", victim).await.expect(201);
    let brought = Person::new(&app, "eve").browse(&realm, &provider).await;
    assert_eq!(
        realm.bring(&brought).await.errors(422),
        ["The provider has not verified the email address, and it is already in use here"]
    );
    assert_eq!(realm.read("/v2/users/ana@example.com").await.expect(200), victim);
    // Whose address it is comes in.
    let brought = Person::new(&app, "ana").browse(&realm, &provider).await;
    assert_eq!(realm.bring(&brought).await.expect(201)["user_id"], victim["id"]);
}

#[tokio::test]
async fn t_25_a_code_counts_once_for_whom_and_for_what_it_was_given() {
    let app = app().await;
    let server = OidcProvider::start(accounts()).await;
    let realm = app.realm().await;
    let provider = server.join(&realm).await;
    let (mut ana, mut eve) = (Person::new(&app, "ana"), Person::new(&app, "eve"));
    let brought = ana.browse(&realm, &provider).await;
    for nonce in [json!("another's"), json!(null)] {
        let body = json!({"code": brought.code, "state": brought.state, "nonce": nonce});
        realm.create("/v2/auth_providers/authorize", body).await.errors(422);
    }
    // Ana's code in the sign-in that Eve began: the provider knows by the verifier (PKCE) that it is not hers, and it is spent.
    let begun = eve.browse(&realm, &provider).await;
    let stolen = Brought {
        code: brought.code.clone(),
        ..begun
    };
    assert_eq!(
        realm.bring(&stolen).await.expect(422)["errors"],
        json!(["Error validating code"])
    );
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
    let brought = ana.browse(&realm, &provider).await;
    realm.bring(&brought).await.expect(201);
    // The same again; and the code, which the provider has taken already, in a new sign-in.
    realm.bring(&brought).await.errors(422);
    let begun = ana.browse(&realm, &provider).await;
    let used = Brought {
        code: brought.code,
        ..begun
    };
    let failed = realm.bring(&used).await.expect(422);
    assert_eq!(failed["errors"], json!(["Error validating code"]));
    // The way that the failure names leads to a good end.
    let back = ana.follow(failed["retry_url"].as_str().unwrap()).await;
    let retried = Brought {
        code: parameter(&back, "code").unwrap(),
        state: parameter(&back, "state").unwrap(),
    };
    realm.bring(&retried).await.expect(201);
    assert_eq!(realm.list("/v2/users").await.len(), 1);
}

#[tokio::test]
async fn t_25_the_provider_insists_on_what_gantry_sends() {
    let app = app().await;
    let server = OidcProvider::start(accounts()).await;
    let realm = app.realm().await;
    let provider = server.join(&realm).await;
    let url = realm.ask(&provider).await.expect(200)["auth_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let back = Person::new(&app, "ana")
        .follow(&with(&url, "code_challenge", None))
        .await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{back}");
    // Another nonce at the provider than the one that the state holds: the id token is of another sign-in.
    let back = Person::new(&app, "ana")
        .follow(&with(&url, "nonce", Some("another")))
        .await;
    let brought = Brought {
        code: parameter(&back, "code").unwrap(),
        state: parameter(&back, "state").unwrap(),
    };
    assert_eq!(
        realm.bring(&brought).await.expect(422)["errors"],
        json!(["Error validating code"])
    );
    // A client that cannot show who it is.
    let path = format!("/v2/auth_providers/{}", provider["id"].as_str().unwrap());
    realm
        .change(&path, json!({"auth_provider": {"client_secret": "wrong"}}))
        .await
        .expect(200);
    let brought = Person::new(&app, "ana").browse(&realm, &provider).await;
    assert_eq!(
        realm.bring(&brought).await.expect(422)["errors"],
        json!(["Error validating code"])
    );
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
}

#[tokio::test]
async fn an_access_token_that_an_application_got_by_itself_says_who_it_is() {
    let app = app().await;
    let server = OidcProvider::start(accounts()).await;
    let realm = app.realm().await;
    let provider = server.join(&realm).await;
    // The application goes the way by itself, with a verifier of its own.
    let verifier = "v".repeat(43);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let url = realm.ask(&provider).await.expect(200)["auth_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let back = Person::new(&app, "ana")
        .follow(&with(&url, "code_challenge", Some(&challenge)))
        .await;
    let code = parameter(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
        ("code_verifier", &verifier),
    ];
    let (id, secret) = ("gantry-at-idp", "canary+client+secret");
    let asked = app
        .client
        .post(format!("{}/token", server.issuer))
        .basic_auth(id, Some(secret))
        .form(&form);
    let tokens: Value = asked.send().await.unwrap().json().await.unwrap();
    let access = tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}"));
    let path = format!("/v2/auth_providers/{}/authorize", provider["id"].as_str().unwrap());
    let session = realm.create(&path, json!({"access_token": access})).await.expect(201);
    assert_eq!(session["user"]["email"], "ana@example.com");
    // The sign-in by code finds the same user.
    let brought = Person::new(&app, "ana").browse(&realm, &provider).await;
    assert_eq!(realm.bring(&brought).await.expect(201)["user_id"], session["user_id"]);
    let id_token = tokens["id_token"].as_str().unwrap();
    for wrong in ["another", id_token, NONCE] {
        let reply = realm.create(&path, json!({"access_token": wrong})).await;
        assert_eq!(reply.errors(422), ["The access token was not accepted"]);
    }
}
