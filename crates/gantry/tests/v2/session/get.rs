//! `GET /v2/session` (contract 2.4)

use serde_json::json;

use crate::common::{App, claims};

#[tokio::test]
async fn a_live_session_answers_with_its_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    let session = login["session"].as_str().unwrap();
    let again = realm.get(&format!("/v2/session?session={session}")).await.expect(200);
    assert_eq!(again, login, "nothing changed, so the same token is handed back");
    let org = login["account"].as_str().unwrap();
    let chosen = realm
        .get(&format!("/v2/session?session={session}&account={org}"))
        .await
        .expect(200);
    assert_eq!(chosen["account"], login["account"]);
    realm
        .get(&format!(
            "/v2/session?session={session}&account=org_0000000000000000000000"
        ))
        .await
        .errors(422);
}

#[tokio::test]
async fn the_account_asked_for_is_not_sticky() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    realm.join(&user, &one).await;
    realm.join(&user, &two).await;
    let login = realm.login("ana@example.com").await.expect(200);
    assert_eq!(login["account"], one["id"], "single_user: the earliest membership");
    let session = login["session"].as_str().unwrap();
    let path = format!("/v2/session?session={session}");
    let other = realm
        .get(&format!("{path}&account={}", two["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(other["account"], two["id"]);
    let orgs = claims(other["token"].as_str().unwrap())["orgs"].clone();
    assert_eq!(
        (orgs.as_array().unwrap().len(), &orgs[0]["oid"], &orgs[0]["selected"]),
        (1, &two["id"], &json!(true))
    );
    assert_eq!(realm.get(&path).await.expect(200)["account"], one["id"]);
}

#[tokio::test]
async fn what_is_no_live_session_of_this_realm_is_refused() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    let session = realm.login("ana@example.com").await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut forged = session.clone();
    forged.pop();
    forged.push(if session.ends_with('0') { '1' } else { '0' });
    for given in ["", "kss_", "x", &session[..26], &forged, "kss_0000000000000000000000"] {
        realm.get(&format!("/v2/session?session={given}")).await.errors(403);
    }
    realm.get("/v2/session").await.errors(403);
    other.get(&format!("/v2/session?session={session}")).await.errors(403);
    realm.get(&format!("/v2/session?session={session}")).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_at_its_time_and_not_before() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"session_minutes": 10})).await;
    realm.user("ana@example.com").await;
    let session = realm.login("ana@example.com").await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v2/session?session={session}");
    app.clock.advance_ms(599_999);
    realm.get(&path).await.expect(200);
    app.clock.advance_ms(1);
    realm.get(&path).await.errors(403);
}

#[tokio::test]
async fn the_token_follows_what_it_tells_of() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"org_mode": "multi_user"})).await;
    let user = realm.user("ana@example.com").await;
    realm.join(&user, &realm.org("One").await).await;
    let login = realm.login("ana@example.com").await.expect(200);
    let path = format!("/v2/session?session={}", login["session"].as_str().unwrap());
    assert_eq!(login["result"], "full_login");
    realm.join(&user, &realm.org("Two").await).await;
    let asked = realm.get(&path).await.expect(200);
    assert_eq!(
        (&asked["result"], &asked["conditions"]),
        (&json!("conditional_login"), &json!(["no_account_selected"]))
    );
    assert!(asked.get("token").is_none());
    let names: Vec<_> = asked["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|org| &org["name"])
        .collect();
    assert_eq!(names, ["One", "Two"]);
    // A realm that turns to HS256 signs with its new key at once.
    app.put(
        &format!("/v2/realms/{}", realm.id),
        json!({"realm": {"jwt_algo": "hs256", "org_mode": "single_user"}}),
    )
    .await
    .expect(200);
    let token = realm.get(&path).await.expect(200)["token"].as_str().unwrap().to_owned();
    let head = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(head.alg, jsonwebtoken::Algorithm::HS256);
    // And one that is switched off serves nobody.
    app.put(
        &format!("/v2/realms/{}", realm.id),
        json!({"realm": {"state": "inactive"}}),
    )
    .await
    .expect(200);
    realm.get(&path).await.errors(404);
}
