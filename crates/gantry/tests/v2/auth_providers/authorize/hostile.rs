//! `POST /v2/auth_providers/authorize` when the provider, or somebody between, lies (T-06, T-27)

use serde_json::{Value, json};

use crate::common::external::with_idp;
use crate::common::{Idp, Reply, Signature, TestRealm};

/// What is changed in an answer, and what that makes of it.
type Lie = (&'static str, fn(&mut Value));

/// What somebody who is refused must not leave behind.
async fn nothing_happened(realm: &TestRealm<'_>) {
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
    assert_eq!(realm.history_types().await, Vec::<String>::new());
}

#[track_caller]
fn refused(reply: &Reply, why: &str) {
    let said = reply.expect(422);
    assert_eq!(said["errors"], json!(["Error validating code"]), "{why}");
    assert!(!reply.text.contains("canary"), "T-33: {why}");
}

#[tokio::test]
async fn t_06_an_id_token_must_be_signed_by_the_issuer_with_its_own_key() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    for signature in [Signature::Stranger, Signature::PublicKeyAsSecret, Signature::None] {
        idp.sign(signature);
        refused(&realm.sign_in_at(&provider).await, &format!("{signature:?}"));
    }
    idp.honest();
    let lies: [Lie; 4] = [
        ("the key is for encryption", |set| set["keys"][0]["use"] = json!("enc")),
        ("the key is for another algorithm", |set| {
            set["keys"][0]["alg"] = json!("ES384")
        }),
        ("the key has another name", |set| set["keys"][0]["kid"] = json!("key-2")),
        ("there is no key", |set| set["keys"] = json!([])),
    ];
    for (why, lie) in lies {
        // What was kept of the keys is forgotten after a while.
        app.clock.advance_ms(10 * 60 * 1000);
        idp.lie("jwks", lie);
        refused(&realm.sign_in_at(&provider).await, why);
    }
    nothing_happened(&realm).await;
    idp.honest();
    app.clock.advance_ms(10 * 60 * 1000);
    realm.sign_in_at(&provider).await.expect(201);
}

#[tokio::test]
async fn t_06_an_id_token_must_be_of_this_issuer_for_us_and_for_this_sign_in() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let lies: Vec<Lie> = vec![
        ("another issuer", |c| c["iss"] = json!("https://accounts.google.com")),
        ("no issuer", |c| drop(c.as_object_mut().unwrap().remove("iss"))),
        ("another audience", |c| c["aud"] = json!("somebody-else")),
        ("no audience", |c| drop(c.as_object_mut().unwrap().remove("aud"))),
        ("an audience among others, made for one of them", |c| {
            c["aud"] = json!(["gantry-at-idp", "somebody-else"]);
            c["azp"] = json!("somebody-else");
        }),
        ("an audience among others, made for nobody", |c| {
            c["aud"] = json!(["gantry-at-idp", "somebody-else"]);
        }),
        ("made for somebody else", |c| c["azp"] = json!("somebody-else")),
        ("another sign-in", |c| c["nonce"] = json!("of another")),
        ("no nonce", |c| drop(c.as_object_mut().unwrap().remove("nonce"))),
        ("expired", |c| c["exp"] = json!(c["iat"].as_i64().unwrap() - 120)),
        ("no expiry", |c| drop(c.as_object_mut().unwrap().remove("exp"))),
        ("of long ago", |c| c["iat"] = json!(c["iat"].as_i64().unwrap() - 3600)),
        ("of the future", |c| c["iat"] = json!(c["iat"].as_i64().unwrap() + 3600)),
        ("not yet good", |c| c["nbf"] = json!(c["iat"].as_i64().unwrap() + 3600)),
        ("no subject", |c| drop(c.as_object_mut().unwrap().remove("sub"))),
        ("an empty subject", |c| c["sub"] = json!("")),
    ];
    for (why, lie) in lies {
        idp.lie("claims", lie);
        refused(&realm.sign_in_at(&provider).await, why);
    }
    nothing_happened(&realm).await;
    // Several audiences are fine when it was made for us.
    idp.lie("claims", |c| {
        c["aud"] = json!(["gantry-at-idp", "somebody-else"]);
        c["azp"] = json!("gantry-at-idp");
    });
    realm.sign_in_at(&provider).await.expect(201);
}

#[tokio::test]
async fn t_06_what_one_provider_brought_back_is_worth_nothing_at_another() {
    let (app, idp) = with_idp().await;
    let evil = Idp::start(&app.clock).await;
    let realm = app.realm().await;
    let (good, bad) = (realm.oidc(&idp).await, realm.oidc(&evil).await);
    let (from_good, from_bad) = (realm.browse(&good).await, realm.browse(&bad).await);
    // The evil one's code with the good one's state, and the other way round.
    let mut crossed = from_good.clone();
    crossed.code.clone_from(&from_bad.code);
    let mut other = from_bad.clone();
    other.code.clone_from(&from_good.code);
    refused(&realm.bring(&crossed).await, "crossed");
    refused(&realm.bring(&other).await, "crossed the other way");
    // Nor is a token that the evil one signs in the good one's name.
    let issuer = idp.issuer();
    evil.lie("claims", move |claims| claims["iss"] = json!(issuer));
    refused(&realm.sign_in_at(&bad).await, "in the other's name");
    nothing_happened(&realm).await;
    // The same id at two providers is two people.
    evil.honest();
    evil.person(json!({"sub": "their-1", "email": "eve@example.com", "email_verified": true}));
    let ana = realm.sign_in_at(&good).await.expect(201);
    let eve = realm.sign_in_at(&bad).await.expect(201);
    assert_ne!(ana["user_id"], eve["user_id"]);
}

#[tokio::test]
async fn t_27_what_the_token_endpoint_answers_leads_nowhere_else() {
    let (app, idp) = with_idp().await;
    let trap = Idp::start(&app.clock).await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let huge = "x".repeat(2 * 1024 * 1024);
    let to_trap = format!("{}/token", trap.issuer());
    for (status, location, body) in [
        (307, Some(to_trap.as_str()), ""),
        (302, Some("http://169.254.169.254/latest/meta-data/"), ""),
        (200, None, "<html>"),
        (200, None, "{}"),
        (200, None, r#"{"access_token":1}"#),
        (200, None, r#"{"access_token":"a","token_type":"Bearer"}"#),
        (
            200,
            None,
            r#"{"access_token":"a","token_type":"Bearer","id_token":"x.y.z"}"#,
        ),
        (200, None, r#"{"access_token":"a","token_type":"Bearer","id_token":""}"#),
        (200, None, huge.as_str()),
        (500, None, "canary from inside"),
        (400, None, r#"{"error":"canary","error_description":"canary"}"#),
    ] {
        let brought = realm.browse(&provider).await;
        idp.answer(status, location, body);
        refused(&realm.bring(&brought).await, &format!("{status} {location:?}"));
        // It was a failed try, and the state is still good; only this server's code is not, which nobody has used.
        realm.bring(&brought).await.expect(201);
    }
    assert_eq!(trap.calls(), Vec::<String>::new());
    assert_eq!(realm.list("/v2/users").await.len(), 1);
}

#[tokio::test]
async fn t_06_a_profile_of_somebody_else_is_not_taken() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    // The id token names no address, so the profile is asked.
    idp.lie("claims", |claims| drop(claims.as_object_mut().unwrap().remove("email")));
    idp.lie("profile", |profile| profile["sub"] = json!("their-2"));
    refused(&realm.sign_in_at(&provider).await, "another subject");
    nothing_happened(&realm).await;
    idp.lie("profile", |_| ());
    let session = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(session["user"]["email"], "ana@example.com");
}
