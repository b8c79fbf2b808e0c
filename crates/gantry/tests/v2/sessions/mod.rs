//! `/v2/sessions` (contract 3.5)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, TestRealm, claims};

async fn open(realm: &TestRealm<'_>, user: &Value) -> Value {
    let body = json!({"realm_id": realm.id, "session": {"user_id": user["id"]}, "request": {"ip": "192.0.2.7", "client": "Shop/1"}});
    realm.app.post("/v2/sessions", body).await.expect(201)
}

#[tokio::test]
async fn a_back_end_opens_reads_lists_and_ends_a_session() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = open(&realm, &user).await;
    let id = session["id"].as_str().unwrap();
    let token = session["token"].as_str().unwrap();
    let says = claims(token);
    assert_eq!(
        (&says["sid"], &says["sub"], &says["rid"]),
        (&session["id"], &user["id"], &json!(realm.id))
    );
    assert_eq!(
        (&says["iss"], &says["exp"]),
        (&json!("https://authrocket.com"), &session["expires_at"])
    );
    assert_eq!(session["request"], json!({"ip": "192.0.2.7", "client": "Shop/1"}));
    // By its id, by the record's id, by the whole token; the user may use it at the realm's host.
    for name in [id, &id[..26], token] {
        let found = app
            .get(&format!("/v2/sessions/{name}?realm_id={}", realm.id))
            .await
            .expect(200);
        assert_eq!((&found["id"], &found["user"]["id"]), (&session["id"], &user["id"]));
        assert!(found.get("token").is_none());
    }
    realm.get(&format!("/v2/session?session={id}")).await.expect(200);
    let path = format!(
        "/v2/sessions?realm_id={}&user_id={}",
        realm.id,
        user["id"].as_str().unwrap()
    );
    let listed = app.get(&path).await.expect(200);
    assert_eq!(listed["collection"][0]["id"], session["id"]);
    assert!(listed["collection"][0].get("token").is_none());

    let ended = app
        .send(app.root(Method::DELETE, &format!("/v2/sessions/{id}?realm_id={}", realm.id)))
        .await;
    ended.expect(200);
    let event = app.event(&realm.id, ended.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["expires_at"]),
        (&json!("session.deleted"), &session["expires_at"])
    );
    app.get(&format!("/v2/sessions/{id}?realm_id={}", realm.id))
        .await
        .errors(404);
    app.get(&format!("/v2/sessions/{token}?realm_id={}", realm.id))
        .await
        .errors(404);
    realm.get(&format!("/v2/session?session={id}")).await.errors(403);
    assert_eq!(app.get(&path).await.expect(200)["collection"], json!([]));
}

#[tokio::test]
async fn expand_gives_a_fresh_token_of_the_same_end_and_memberships() {
    let app = App::start().await;
    let realm = app
        .realm_with(json!({"jwt_scopes": "openid profile email ar.orgs"}))
        .await;
    let user = realm.user("ana@example.com").await;
    let org = realm.org("One").await;
    realm.join(&user, &org).await;
    let session = open(&realm, &user).await;
    assert_eq!(claims(session["token"].as_str().unwrap())["orgs"][0]["oid"], org["id"]);
    app.clock.advance_ms(60_000);
    for word in ["expand", "expands"] {
        let path = format!(
            "/v2/sessions/{}?realm_id={}&{word}=token,memberships",
            session["id"].as_str().unwrap(),
            realm.id
        );
        let full = app.get(&path).await.expect(200);
        assert_eq!(claims(full["token"].as_str().unwrap())["exp"], session["expires_at"]);
        assert_eq!(full["user"]["memberships"][0]["org"]["id"], org["id"]);
    }
    let unknown = format!(
        "/v2/sessions/{}?realm_id={}&expand=secrets",
        session["id"].as_str().unwrap(),
        realm.id
    );
    app.get(&unknown).await.errors(422);
}

#[tokio::test]
async fn no_session_for_users_who_are_not_there_or_not_active() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let off =
        json!({"realm_id": realm.id, "user": {"email": "off@example.com", "password": PASSWORD, "state": "inactive"}});
    let off = app.post("/v2/users", off).await.expect(201);
    let foreign = other.user("ana@example.com").await;
    for id in [
        &off["id"],
        &foreign["id"],
        &json!("usr_0000000000000000000000"),
        &json!("' or 1=1"),
        &json!(null),
    ] {
        app.post(
            "/v2/sessions",
            json!({"realm_id": realm.id, "session": {"user_id": id}}),
        )
        .await
        .errors(422);
    }
    assert_eq!(
        app.get(&format!("/v2/sessions?realm_id={}", realm.id))
            .await
            .expect(200)["collection"],
        json!([])
    );
}

#[tokio::test]
async fn a_key_that_only_reads_sees_no_session_key() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = open(&realm, &user).await;
    let id = session["id"].as_str().unwrap();
    let reader = app.key("read", Some(&realm.id)).await;
    let read = |path: String| {
        app.anyone(Method::GET, &path)
            .header("Authorization", format!("Bearer {reader}"))
    };
    let shown = app.send(read(format!("/v2/sessions/{}", &id[..26]))).await.expect(200);
    assert_eq!(shown["id"], json!(&id[..26]));
    let delete = app
        .anyone(Method::DELETE, &format!("/v2/sessions/{id}"))
        .header("Authrocket-Api-Key", &reader);
    app.send(delete).await.errors(403);
    realm.get(&format!("/v2/session?session={id}")).await.expect(200);
}
