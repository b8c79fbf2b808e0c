//! `PUT /v2/users/:id` (contract 3.2)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, field, ip_and_client};

const PATH: &str = "/v2/users/ana@example.com";
const OTHER: &str = "another long password";

async fn put(realm: &TestRealm<'_>, path: &str, user: Value) -> Reply {
    let body = json!({"user": user, "request": ip_and_client()});
    realm.app.send(realm.core(Method::PUT, path).json(&body)).await
}

async fn logs_in(realm: &TestRealm<'_>, who: &str, password: &str) -> bool {
    let body = json!({"user": {"password": password}});
    realm
        .create(&format!("/v2/users/{who}/authenticate"), body)
        .await
        .status
        == 201
}

async fn types_of(realm: &TestRealm<'_>, reply: &Reply, count: usize) -> Vec<String> {
    let mut types = field(
        &realm.app.events(&realm.id, reply.request_id(), count).await,
        "event_type",
    );
    types.sort();
    types
}

fn others() -> Value {
    json!({
        "first_name": "Ana", "last_name": "Ruiz", "username": "Ana.R", "locale": "es", "reference": "their-1",
        "custom": {"plan": "pro", "n": 1}, "state": "inactive", "email_verification": "verified",
    })
}

#[tokio::test]
async fn only_what_was_sent_changes_and_null_clears() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let mut expected = user.clone();
    for (name, value) in others().as_object().unwrap() {
        let reply = put(&realm, PATH, json!({name: value})).await;
        expected[name] = value.clone();
        match name.as_str() {
            "first_name" => expected["name"] = json!("Ana"),
            "last_name" => expected["name"] = json!("Ana Ruiz"),
            _ => {}
        }
        assert_eq!(reply.expect(200), expected, "{name}");
        assert_eq!(realm.read(PATH).await.expect(200), expected, "{name}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (&event["event_type"], &event["user_id"], &event["request"]),
            (&json!("user.updated"), &user["id"], &ip_and_client())
        );
    }
    let names = others();
    let cleared = names
        .as_object()
        .unwrap()
        .keys()
        .map(|name| (name.clone(), Value::Null));
    let cleared: serde_json::Map<_, _> = cleared.collect();
    assert_eq!(put(&realm, PATH, Value::Object(cleared)).await.expect(200), user);
}

#[tokio::test]
async fn nothing_sent_changes_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    for body in [
        json!({}),
        json!({"user": {}}),
        json!({"user": null}),
        json!({"user": {"unheard_of": 1}}),
    ] {
        let reply = app.send(realm.core(Method::PUT, PATH).json(&body)).await;
        assert_eq!(reply.expect(200), user);
    }
    assert_eq!(realm.history_types().await, ["user.created"]);
}

#[tokio::test]
async fn a_user_is_named_in_any_way_in_a_form_too() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana+x@example.com", "username": "Ana", "password": PASSWORD}});
    let user = realm.create("/v2/users", body).await.expect(201);
    for (n, who) in [user["id"].as_str().unwrap(), "ANA+x@example.com", "ana"]
        .iter()
        .enumerate()
    {
        let name = format!("Ana {n}");
        let form = realm
            .core(Method::PUT, &format!("/v2/users/{who}"))
            .form(&[("user[first_name]", &name)]);
        assert_eq!(app.send(form).await.expect(200)["first_name"], name.as_str());
    }
}

#[tokio::test]
async fn t_16_a_new_address_is_unverified_and_ends_every_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    put(&realm, PATH, json!({"email_verification": "verified"}))
        .await
        .expect(200);
    let token = realm
        .create(&format!("{PATH}/generate_password_token"), json!({}))
        .await
        .expect(201);
    // Written in another way it is the same address.
    let same = put(&realm, PATH, json!({"email": " ANA@Example.com"}))
        .await
        .expect(200);
    assert_eq!(same["email_verification"], "verified");
    let moved = put(&realm, PATH, json!({"email": "new@example.com"})).await.expect(200);
    assert_eq!(
        (&moved["email"], &moved["email_verification"]),
        (&json!("new@example.com"), &json!("none"))
    );
    realm.read(PATH).await.errors(404);
    let reset = json!({"user": {"token": token["token"], "password": OTHER}});
    realm
        .create("/v2/users/reset_password_with_token", reset)
        .await
        .errors(422);
    assert!(logs_in(&realm, "new@example.com", PASSWORD).await);
    let both = json!({"email": "third@example.com", "email_verification": "verified"});
    let both = put(&realm, "/v2/users/new@example.com", both).await.expect(200);
    assert_eq!(both["email_verification"], "verified");
}

#[tokio::test]
async fn a_pending_address_waits_for_its_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.user("bea@example.com").await;
    let reply = put(&realm, PATH, json!({"email_pending": "New@example.com"})).await;
    let shown = reply.expect(200);
    assert_eq!(
        (&shown["email"], &shown["email_pending"], &shown["email_verification"]),
        (&json!("ana@example.com"), &json!("new@example.com"), &json!("none"))
    );
    assert!(shown.get("token").is_none());
    assert_eq!(
        types_of(&realm, &reply, 2).await,
        ["user.email.updating", "user.updated"]
    );
    // Whose address it is already, it cannot become.
    let taken = put(&realm, PATH, json!({"email_pending": "BEA@example.com"})).await;
    assert_eq!(taken.errors(422), ["Pending email is already in use"]);
    assert_eq!(
        put(&realm, PATH, json!({"email_pending": null})).await.expect(200),
        user
    );
    let own = put(&realm, PATH, json!({"email_pending": "ana@example.com"}))
        .await
        .expect(200);
    assert_eq!(own["email_pending"], Value::Null);
}

#[tokio::test]
async fn asking_to_verify_is_told_of() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let reply = put(&realm, PATH, json!({"email_verification": "requested"})).await;
    assert_eq!(reply.expect(200)["email_verification"], "requested");
    assert_eq!(
        types_of(&realm, &reply, 2).await,
        ["user.email.verifying", "user.updated"]
    );
}

#[tokio::test]
async fn t_21_a_new_password_ends_every_session_and_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.open(&user).await, realm.open(&user).await);
    let bea = realm.user("bea@example.com").await;
    let others = realm.open(&bea).await;
    let token = realm
        .create(&format!("{PATH}/generate_password_token"), json!({}))
        .await
        .expect(201);
    let reply = put(&realm, PATH, json!({"password": OTHER, "password_confirmation": OTHER})).await;
    reply.expect(200);
    for session in [&one, &two] {
        let path = format!("/v2/sessions/{}", session["id"].as_str().unwrap());
        realm.read(&path).await.errors(404);
        let at_host = format!("/v2/session?session={}", session["id"].as_str().unwrap());
        realm.get(&at_host).await.errors(403);
    }
    assert_eq!(
        field(&realm.list("/v2/sessions").await, "id"),
        [others["id"].as_str().unwrap()]
    );
    assert!(!logs_in(&realm, "ana@example.com", PASSWORD).await);
    assert!(logs_in(&realm, "ana@example.com", OTHER).await);
    let reset = json!({"user": {"token": token["token"], "password": PASSWORD}});
    realm
        .create("/v2/users/reset_password_with_token", reset)
        .await
        .errors(422);
    let events = app.events(&realm.id, reply.request_id(), 4).await;
    let ended: Vec<_> = events.iter().filter(|e| e["event_type"] == "session.deleted").collect();
    assert_eq!(ended.len(), 2);
    for event in ended {
        let named = event["session_id"].as_str().unwrap();
        assert!(
            [&one, &two]
                .iter()
                .any(|s| s["id"].as_str().unwrap().starts_with(named))
        );
        assert_eq!(
            (&event["expires_at"], &event["user_id"], &event["request"]),
            (&one["expires_at"], &user["id"], &ip_and_client())
        );
    }
    assert_eq!(
        types_of(&realm, &reply, 4).await,
        [
            "session.deleted",
            "session.deleted",
            "user.password.updated",
            "user.updated"
        ]
    );
}

#[tokio::test]
async fn a_user_without_a_password_gets_one_and_sessions_may_be_kept() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm
        .create("/v2/users", json!({"user": {"email": "ana@example.com"}}))
        .await
        .expect(201);
    let (kept, gone) = (realm.open(&user).await, realm.open(&user).await);
    let body = json!({"password": OTHER, "keep_sessions": kept["id"]});
    let shown = put(&realm, PATH, body).await.expect(200);
    assert_eq!(shown["credentials"][0]["credential_type"], "password");
    assert_eq!(
        field(&realm.list("/v2/sessions").await, "id"),
        [kept["id"].as_str().unwrap()]
    );
    assert!(logs_in(&realm, "ana@example.com", OTHER).await);
    let all = json!({"password": PASSWORD, "keep_sessions": "all"});
    put(&realm, PATH, all).await.expect(200);
    assert_eq!(realm.list("/v2/sessions").await.len(), 2);
    realm
        .read(&format!("/v2/sessions/{}", gone["id"].as_str().unwrap()))
        .await
        .errors(404);
}

#[tokio::test]
async fn t_21_one_who_is_switched_off_stops_at_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.open(&user).await;
    let token = realm
        .create(&format!("{PATH}/generate_password_token"), json!({}))
        .await
        .expect(201);
    put(&realm, PATH, json!({"state": "inactive"})).await.expect(200);
    assert!(!logs_in(&realm, "ana@example.com", PASSWORD).await);
    realm
        .read(&format!("/v2/sessions/{}", session["id"].as_str().unwrap()))
        .await
        .errors(404);
    put(&realm, PATH, json!({"state": "active"})).await.expect(200);
    // Its tokens are gone for good.
    let reset = json!({"user": {"token": token["token"], "password": OTHER}});
    realm
        .create("/v2/users/reset_password_with_token", reset)
        .await
        .errors(422);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_nothing_changes() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let bea = json!({"user": {"email": "bea@example.com", "username": "bea"}});
    realm.create("/v2/users", bea).await.expect(201);
    let session = realm.open(&user).await;
    for (wrong, count) in [
        (json!({"email": null}), 1),
        (json!({"email": "nobody"}), 1),
        (json!({"email": "bea@example.com"}), 1),
        (json!({"username": "BEA"}), 1),
        (json!({"username": "a b", "locale": "xx", "state": "closed"}), 3),
        (json!({"password": "short"}), 1),
        (json!({"password": OTHER, "password_confirmation": "not the same"}), 1),
        (json!({"password": OTHER, "keep_sessions": "some"}), 1),
        (json!({"custom": [1]}), 1),
        (json!({"email_verification": "maybe", "email_pending": "@"}), 2),
        (json!({"first_name": "a\nb", "reference": "x".repeat(300)}), 2),
    ] {
        let mut sent = wrong.clone();
        sent["last_name"] = json!("Never");
        assert_eq!(put(&realm, PATH, sent).await.errors(422).len(), count, "{wrong}");
        assert_eq!(realm.read(PATH).await.expect(200), user, "{wrong}");
    }
    realm
        .read(&format!("/v2/sessions/{}", session["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(realm.history_types().await, ["user.created", "user.created"]);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_changes_a_user() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let foreign = other.user("ana@example.com").await;
    let writer = app.key("write", Some(&own.id)).await;
    let id = format!("/v2/users/{}", foreign["id"].as_str().unwrap());
    for path in [PATH.to_owned(), id.clone(), format!("{id}?realm_id={}", other.id)] {
        let body = json!({"user": {"first_name": "Taken", "realm_id": other.id}, "id": foreign["id"]});
        let none = app.send(
            app.holder(&writer, Method::PUT, "/v2/users/usr_0000000000000000000000")
                .json(&body),
        );
        let reply = app.send(app.holder(&writer, Method::PUT, &path).json(&body)).await;
        reply.errors(404);
        assert_eq!(reply.text, none.await.text);
    }
    let reader = app.key("read", Some(&other.id)).await;
    let body = json!({"user": {"first_name": "Taken"}});
    app.send(app.holder(&reader, Method::PUT, &id).json(&body))
        .await
        .errors(403);
    assert_eq!(other.read(PATH).await.expect(200), foreign);
}

#[tokio::test]
async fn one_who_is_called_like_an_action_is_reached() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana@example.com", "username": "verify_email"}});
    let user = realm.create("/v2/users", body).await.expect(201);
    let path = "/v2/users/verify_email";
    assert_eq!(realm.read(path).await.expect(200)["id"], user["id"]);
    let changed = put(&realm, path, json!({"first_name": "Ana"})).await.expect(200);
    assert_eq!((&changed["id"], &changed["first_name"]), (&user["id"], &json!("Ana")));
    realm.create(path, json!({"token": "tve:x"})).await.errors(422);
    let wrong = app.send(realm.core(Method::PATCH, path)).await;
    wrong.errors(405);
    for verb in ["POST", "GET", "PUT", "DELETE"] {
        assert!(wrong.header("allow").contains(verb), "{}", wrong.header("allow"));
    }
    app.send(realm.core(Method::DELETE, path)).await.expect(200);
}
