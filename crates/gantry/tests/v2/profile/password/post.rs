//! `POST /v2/profile/password` (contract 2.4)

use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, field};

const OTHER: &str = "another long password";

async fn change(realm: &TestRealm<'_>, session: &str, current: &str, password: &str) -> Reply {
    let body = json!({"session": session, "current_password": current, "password": password});
    realm.post("/v2/profile/password", body).await
}

#[tokio::test]
async fn the_session_that_is_used_stays_and_all_others_end() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(realm.session_of("ana@example.com").await);
    }
    let reply = change(&realm, &sessions[1], PASSWORD, OTHER).await;
    assert_eq!(reply.expect(200), json!({"result": "okay"}));
    realm.look(&sessions[0]).await.errors(403);
    assert_eq!(realm.look(&sessions[1]).await.expect(200)["result"], "full_login");
    realm.look(&sessions[2]).await.errors(403);
    let events = app.events(&realm.id, reply.request_id(), 3).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(types, ["session.deleted", "session.deleted", "user.password.updated"]);
    assert!(events.iter().all(|event| event["user_id"] == user["id"]));
    realm.login("ana@example.com").await.errors(422);
    let body = json!({"email": "ana@example.com", "password": OTHER});
    realm.post("/v2/login", body).await.expect(200);
}

#[tokio::test]
async fn a_wrong_current_password_changes_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let reply = change(&realm, &session, "wrong password", OTHER).await;
    let said = reply.expect(422);
    assert_eq!(
        json!([said["result"], said["error"], said["errors"]]),
        json!([
            "error",
            "Current password does not match",
            ["Current password does not match"]
        ])
    );
    assert_eq!(
        change(&realm, &session, "", OTHER).await.errors(422),
        ["Current password is required"]
    );
    assert_eq!(
        change(&realm, &session, PASSWORD, "").await.errors(422),
        ["Password is required"]
    );
    let errors = change(&realm, &session, PASSWORD, "short").await.errors(422);
    assert_eq!(errors, ["The password must have at least 8 characters"]);
    realm.login("ana@example.com").await.expect(200);
}

#[tokio::test]
async fn t_01_whoever_holds_no_live_session_changes_nothing() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let user = realm.user("ana@example.com").await;
    let ended = realm.session_of("ana@example.com").await;
    realm.delete(&format!("/v2/session?session={ended}")).await.expect(200);
    let live = realm.session_of("ana@example.com").await;
    let mut wrong: Vec<Value> = ["", "kss_0000000000000000000000", &ended, &live[..26]]
        .iter()
        .map(|session| json!(session))
        .collect();
    wrong.push(Value::Null);
    for session in wrong {
        let body = json!({"session": session, "current_password": PASSWORD, "password": OTHER,
            "user_id": user["id"], "id": user["id"]});
        realm.post("/v2/profile/password", body).await.errors(403);
    }
    // T-03: nor at another realm's host.
    change(&other, &live, PASSWORD, OTHER).await.errors(403);
    realm.login("ana@example.com").await.expect(200);
}

#[tokio::test]
async fn t_11_it_is_no_other_way_to_guess() {
    let app = App::start_with(|config| config.limits_enabled = true).await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    for _ in 0..10 {
        change(&realm, &session, "wrong password", OTHER).await.errors(422);
    }
    let errors = change(&realm, &session, PASSWORD, OTHER).await.errors(422);
    assert!(errors[0].contains("Too many password attempts"), "{errors:?}");
    realm.login("ana@example.com").await.errors(422);
}

#[tokio::test]
async fn t_21_a_user_who_was_switched_off_changes_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
    realm
        .change(&path, json!({"user": {"state": "inactive"}}))
        .await
        .expect(200);
    change(&realm, &session, PASSWORD, OTHER).await.errors(403);
}
