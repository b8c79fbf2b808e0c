//! `/v2/jwt_keys` (contract 3.12 and 4): keys that follow one another without a gap.

use gantry_kernel::{Id, JwtKeyId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, verify_rs256};

const PATH: &str = "/v2/jwt_keys";

async fn create(realm: &TestRealm<'_>, fields: Value) -> Value {
    realm.create(PATH, json!({ "jwt_key": fields })).await.expect(201)
}

async fn delete(realm: &TestRealm<'_>, id: &Value) -> Reply {
    let path = format!("{PATH}/{}", id.as_str().unwrap());
    realm.app.send(realm.core(Method::DELETE, &path)).await
}

async fn published(realm: &TestRealm<'_>) -> Vec<String> {
    let jwks = realm.get("/connect/jwks").await.expect(200);
    field(jwks["keys"].as_array().unwrap(), "kid")
}

/// A login, as the realm's host shows it.
async fn login(realm: &TestRealm<'_>) -> Value {
    realm.login("ana@example.com").await.expect(200)
}

fn kid(login: &Value) -> String {
    let head = jsonwebtoken::decode_header(login["token"].as_str().unwrap()).unwrap();
    head.kid.unwrap()
}

/// What a back end hears of a token: 200, or 404 when it is worth nothing.
async fn worth(realm: &TestRealm<'_>, login: &Value) -> u16 {
    let path = format!("/v2/sessions/{}", login["token"].as_str().unwrap());
    realm.read(&path).await.status
}

#[tokio::test]
async fn a_fresh_realm_has_exactly_one_which_is_its_own() {
    let app = App::start().await;
    let realm = app.realm().await;
    let keys = realm.list(PATH).await;
    assert_eq!(keys.len(), 1);
    let key = &keys[0];
    assert!(JwtKeyId::parse(key["id"].as_str().unwrap()).is_ok());
    let shown = app.get(&format!("/v2/realms/{}", realm.id)).await.expect(200);
    let expected = json!({
        "object": "jwt_key", "id": published(&realm).await[0], "realm_id": realm.id, "algo": "rs256", "use": "sig",
        "key": shown["jwt_key"], "short_key": key["short_key"], "flags": ["current"],
        "signs_from": 1_767_225_600.0, "created_at": 1_767_225_600.0,
    });
    assert_eq!(*key, expected);
    let path = format!("{PATH}/{}", key["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), expected);
}

#[tokio::test]
async fn t_19_keys_follow_one_another_without_a_gap() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"session_minutes": 60})).await;
    realm.user("ana@example.com").await;
    let first = login(&realm).await;
    let old = kid(&first);

    // Published at once, and not signing before everybody can know it.
    let new = create(&realm, json!({})).await;
    let next = new["id"].as_str().unwrap().to_owned();
    assert_eq!(new["flags"], json!(["next"]));
    assert_eq!(published(&realm).await, [old.clone(), next.clone()]);
    assert_eq!(kid(&login(&realm).await), old);

    // Then it signs, the realm shows it, and what the old one signed is good.
    app.clock.advance_ms(1000 * 5 * 60);
    let second = login(&realm).await;
    assert_eq!(kid(&second), next);
    let shown = app.get(&format!("/v2/realms/{}", realm.id)).await.expect(200);
    assert_eq!(shown["jwt_key"], new["key"]);
    let jwks = realm.get("/connect/jwks").await.expect(200);
    for login in [&first, &second] {
        verify_rs256(&app, login["token"].as_str().unwrap(), &jwks);
        assert_eq!(worth(&realm, login).await, 200);
    }
    assert_eq!(flags(&realm, &old).await, json!(["retiring"]));
    assert_eq!(flags(&realm, &next).await, json!(["current"]));
    // A session that the old one signed for gets its next token of the new one.
    let again = realm
        .get(&format!("/v2/session?session={}", first["session"].as_str().unwrap()))
        .await;
    assert_eq!(kid(&again.expect(200)), next);

    // When the last session that it signed for is over, it retires; not before.
    app.clock.advance_ms(1000 * 54 * 60);
    assert_eq!(published(&realm).await.len(), 2);
    app.clock.advance_ms(1000 * 6 * 60);
    assert_eq!(published(&realm).await, std::slice::from_ref(&next));
    assert_eq!(worth(&realm, &first).await, 404);
    assert_eq!(field(&realm.list(PATH).await, "id"), [next]);
}

async fn flags(realm: &TestRealm<'_>, id: &str) -> Value {
    let list = realm.list(PATH).await;
    let key = list.iter().find(|key| key["id"] == id).unwrap();
    key["flags"].clone()
}

#[tokio::test]
async fn t_19_a_deleted_key_is_dead_at_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let first = login(&realm).await;
    let old = json!(kid(&first));
    let next = create(&realm, json!({})).await["id"].clone();
    let gone = delete(&realm, &old).await.expect(200);
    assert_eq!((&gone["id"], &gone["flags"]), (&old, &json!(["current"])));
    assert_eq!(worth(&realm, &first).await, 404);
    // The next one signs at once, since nobody else does.
    assert_eq!(json!(published(&realm).await), json!([next]));
    assert_eq!(json!(kid(&login(&realm).await)), next);
    // The session lives: only its token was worth nothing.
    let again = realm
        .get(&format!("/v2/session?session={}", first["session"].as_str().unwrap()))
        .await;
    assert_eq!(json!(kid(&again.expect(200))), next);
    delete(&realm, &old).await.errors(404);
    // A realm is never without a key.
    delete(&realm, &next).await.expect(200);
    let left = published(&realm).await;
    assert_eq!(left.len(), 1);
    assert_eq!(kid(&login(&realm).await), left[0]);
}

#[tokio::test]
async fn a_key_can_sign_at_once_and_an_older_one_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let old = kid(&login(&realm).await);
    let new = create(&realm, json!({"current": true, "algo": "rs256", "use": "sig"})).await;
    assert_eq!(new["flags"], json!(["current"]));
    assert_eq!(json!(kid(&login(&realm).await)), new["id"]);
    app.clock.advance_ms(1000);
    let path = format!("{PATH}/{old}/activate");
    let again = realm.create(&path, json!({"jwt_key": {}})).await.expect(200);
    assert_eq!((&again["id"], &again["flags"]), (&json!(old), &json!(["current"])));
    assert_eq!(kid(&login(&realm).await), old);
    assert_eq!(realm.create(&path, json!({})).await.expect(200), again);
    realm
        .create(&format!("{PATH}/jwk_0000000000000000000000/activate"), json!({}))
        .await
        .errors(404);
}

#[tokio::test]
async fn t_33_a_secret_key_waits_to_be_told_and_stands_in_no_list() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"jwt_algo": "hs256"})).await;
    realm.user("ana@example.com").await;
    let path = format!("/v2/realms/{}", realm.id);
    let before = app.get(&path).await.expect(200)["jwt_key"].as_str().unwrap().to_owned();
    let new = create(&realm, json!({})).await;
    let secret = new["key"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("jsk_") && secret != before);
    assert_eq!((&new["flags"], &new["signs_from"]), (&json!(["next"]), &json!(null)));
    app.clock.advance_ms(1000 * 3600);
    assert_eq!(app.get(&path).await.expect(200)["jwt_key"], before.as_str());
    let list = realm.read(PATH).await;
    list.expect(200);
    assert!(!list.text.contains(&secret) && !list.text.contains(&before));
    let id = new["id"].as_str().unwrap();
    realm
        .create(&format!("{PATH}/{id}/activate"), json!({}))
        .await
        .expect(200);
    assert_eq!(app.get(&path).await.expect(200)["jwt_key"], secret.as_str());
    assert_eq!(kid(&login(&realm).await), id);
    assert_eq!(realm.get("/connect/jwks").await.expect(200)["keys"], json!([]));
    let gone = delete(&realm, &new["id"]).await;
    assert!(!gone.text.contains(&secret));
    assert_eq!(app.get(&path).await.expect(200)["jwt_key"], before.as_str());
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let before = realm.list(PATH).await;
    for (wrong, count) in [
        (json!({"algo": "none"}), 1),
        (json!({"algo": "RS256"}), 1),
        (json!({"use": "enc"}), 1),
        (json!({"key": "jsk_chosen"}), 1),
        (json!({"algo": "x", "use": "y", "key": "z"}), 3),
    ] {
        let reply = realm.create(PATH, json!({ "jwt_key": wrong })).await;
        assert_eq!(reply.errors(422).len(), count, "{wrong}");
    }
    realm
        .create(PATH, json!({"jwt_key": {"current": "soon"}}))
        .await
        .errors(400);
    app.post("/v2/jwt_keys?realm_id=rl_0000000000000000000000", json!({}))
        .await
        .errors(404);
    assert_eq!(realm.list(PATH).await, before);
    for _ in 0..9 {
        create(&realm, json!({"algo": "hs256"})).await;
    }
    realm.create(PATH, json!({})).await.errors(409);
    assert_eq!(realm.list(PATH).await.len(), 10);
    let ids = field(&realm.list(PATH).await, "id");
    let ask = |query: &str| realm.core(Method::GET, &format!("{PATH}?{query}"));
    crate::common::pages_are_right(&app, &ids, "asc", ask).await;
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_sees_its_keys() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.list(PATH).await[0]["id"].as_str().unwrap().to_owned();
    let key = app.key("manage", Some(&own.id)).await;
    for (method, tail) in [(Method::GET, ""), (Method::DELETE, ""), (Method::POST, "/activate")] {
        let send = |key: &str, id: &str| app.send(app.holder(key, method.clone(), &format!("{PATH}/{id}{tail}")));
        let unknown = send(&key, "jwk_0000000000000000000000").await;
        unknown.errors(404);
        let foreign = send(&key, &theirs).await;
        assert_eq!((foreign.status, &foreign.text), (404, &unknown.text));
        for permission in ["read", "write"] {
            let key = app.key(permission, Some(&other.id)).await;
            send(&key, &theirs).await.errors(403);
            app.send(app.holder(&key, Method::GET, PATH)).await.errors(403);
        }
    }
    let body = json!({"realm_id": other.id});
    app.send(app.holder(&key, Method::POST, PATH).json(&body))
        .await
        .errors(404);
    assert_eq!(field(&other.list(PATH).await, "id"), [theirs]);
}
