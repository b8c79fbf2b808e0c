//! New passwords that were stolen somewhere (`password.breached_range_url`), wherever one is set.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use parking_lot::Mutex;
use serde_json::json;

use crate::common::{App, PASSWORD, TestRealm};

/// The digest of "quiet fox at the river": five digits that are told, and the rest.
const STOLEN: &str = "quiet fox at the river";
const OTHER: &str = "quiet fox at the lake";
const SAID: [&str; 1] = ["This password is known from a data breach; please choose another one"];

/// How the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Knows,
    Fails,
    Hangs,
}

/// A service that knows one password, and what it was asked.
struct Range {
    url: String,
    mood: Mutex<Mood>,
    asked: Mutex<Vec<(String, HeaderMap)>>,
}

impl Range {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let range = Arc::new(Self {
            url: format!("http://{}/range/", listener.local_addr().unwrap()),
            mood: Mutex::new(Mood::Knows),
            asked: Mutex::default(),
        });
        let app = Router::new()
            .route("/range/{told}", axum::routing::get(answer))
            .with_state(Arc::clone(&range));
        gantry_telemetry::spawn(async move { axum::serve(listener, app).await.unwrap() });
        range
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().iter().map(|(told, _)| told.clone()).collect()
    }

    async fn app(self: &Arc<Self>) -> App {
        let url = self.url.clone();
        App::start_with(move |config| config.password.breached_range_url = Some(url)).await
    }
}

fn sha_1(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}

async fn answer(State(range): State<Arc<Range>>, Path(told): Path<String>, headers: HeaderMap) -> (StatusCode, String) {
    range.asked.lock().push((told.clone(), headers));
    let mood = *range.mood.lock();
    let hex = sha_1(STOLEN);
    match mood {
        Mood::Hangs => std::future::pending().await,
        Mood::Fails => (StatusCode::SERVICE_UNAVAILABLE, String::new()),
        // Padding has a count of none: it is the other password's.
        Mood::Knows if hex.starts_with(&told) => (StatusCode::OK, format!("{}:7\r\n", &hex[5..])),
        Mood::Knows => (StatusCode::OK, format!("{}:0\r\n", &sha_1(OTHER)[5..])),
    }
}

async fn sign_up(realm: &TestRealm<'_>, email: &str, password: &str) -> crate::common::Reply {
    realm
        .post("/v2/signup", json!({"email": email, "password": password}))
        .await
}

#[tokio::test]
async fn a_stolen_password_is_refused_wherever_one_is_set() {
    let range = Range::start().await;
    let app = range.app().await;
    let realm = app.realm().await;
    assert_eq!(sign_up(&realm, "new@example.com", STOLEN).await.errors(422), SAID);
    realm.read("/v2/users/new@example.com").await.errors(404);
    sign_up(&realm, "new@example.com", OTHER).await.expect(200);
    // Five digits of the digest are all that leaves, and the answer's length is to tell nothing.
    let hex = [sha_1(STOLEN), sha_1(OTHER)].map(|hex| hex[..5].to_owned());
    assert_eq!(range.asked(), hex);
    for (_, headers) in range.asked.lock().iter() {
        assert_eq!(headers["add-padding"], "true");
        assert!(!headers.contains_key("authorization") && !headers.contains_key("cookie"));
    }

    let user = json!({"user": {"email": "ana@example.com", "password": STOLEN}});
    assert_eq!(realm.create("/v2/users", user).await.errors(422), SAID);
    let ana = realm.user("ana@example.com").await;
    let path = format!("/v2/users/{}", ana["id"].as_str().unwrap());
    let change = json!({"user": {"password": STOLEN}});
    assert_eq!(realm.change(&path, change).await.errors(422), SAID);
    let change = json!({"user": {"current_password": PASSWORD, "password": STOLEN}});
    assert_eq!(
        realm
            .change(&format!("{path}/update_password"), change)
            .await
            .errors(422),
        SAID
    );
    let credential = format!("/v2/credentials/{}", ana["credentials"][0]["id"].as_str().unwrap());
    let change = json!({"credential": {"password": STOLEN}});
    assert_eq!(realm.change(&credential, change).await.errors(422), SAID);
    let session = realm.session_of("ana@example.com").await;
    let change = json!({"session": session, "current_password": PASSWORD, "password": STOLEN});
    assert_eq!(
        realm.post("/v2/profile/password", change.clone()).await.errors(422),
        SAID
    );
    assert_eq!(realm.put("/v2/profile", change).await.errors(422), SAID);
    // A refused password uses no token up.
    let forgot = realm
        .post("/v2/password/forgot", json!({"email": "ana@example.com"}))
        .await;
    let token = app.mailed(&realm.id, &forgot, "user.password.resetting").await;
    let reset = async |password: &str| {
        let body = json!({"token": token, "password": password});
        realm.post("/v2/password/reset", body).await
    };
    assert_eq!(reset(STOLEN).await.errors(422), SAID);
    reset(OTHER).await.expect(200);
    // Signing in asks nobody.
    let before = range.asked().len();
    let login = json!({"email": "ana@example.com", "password": OTHER});
    realm.post("/v2/login", login).await.expect(200);
    assert_eq!(range.asked().len(), before);
}

#[tokio::test]
async fn a_service_that_does_not_tell_keeps_nobody_from_choosing() {
    let range = Range::start().await;
    let app = range.app().await;
    let realm = app.realm().await;
    for (mood, email) in [(Mood::Fails, "a@example.com"), (Mood::Hangs, "b@example.com")] {
        *range.mood.lock() = mood;
        let begun = tokio::time::Instant::now();
        sign_up(&realm, email, STOLEN).await.expect(200);
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(4),
            "clients wait no longer: {mood:?}"
        );
    }
    // Nobody listens there.
    let gone = App::start_with(|config| {
        config.password.breached_range_url = Some("http://127.0.0.1:1/range".to_owned());
    })
    .await;
    let realm = gone.realm().await;
    sign_up(&realm, "a@example.com", STOLEN).await.expect(200);
}

#[tokio::test]
async fn nobody_is_asked_until_an_operator_says_whom() {
    let app = App::start().await;
    let realm = app.realm().await;
    sign_up(&realm, "a@example.com", STOLEN).await.expect(200);
}
