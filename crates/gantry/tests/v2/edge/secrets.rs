//! T-33: secrets stay where they belong. They are planted, and every body, log line and exported span is searched for them.

use gantry_kernel::Secret;
use gantry_testkit::db::Backend;
use gantry_testkit::otlp::OtlpCollector;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::common::{App, Authenticator, Grpc, Logs, ROOT_KEY, Reply, TestRealm};

const RIGHT: &str = "CanaryPasswordRight7";
const WRONG: &str = "CanaryPasswordWrong7";
const CLUSTER: &str = "CanaryClusterSecret7";
const SEAL: &str = "Q2FuYXJ5U2VhbGluZ0tleVRoYXRJczMyQnl0ZXNMb24=";

/// What was said on the way, and what must not have been said anywhere.
#[derive(Default)]
struct Story {
    bodies: Vec<(String, String)>,
    secrets: Vec<String>,
}

impl Story {
    async fn tell(&mut self, app: &App, what: &str, request: RequestBuilder) -> Reply {
        let reply = app.send(request).await;
        let headers = format!("{:?}", reply.headers);
        self.bodies
            .push((what.to_owned(), format!("{headers}\n{}", reply.text)));
        reply
    }

    fn hide(&mut self, secret: &str) {
        assert!(secret.len() >= 10, "{secret} is too short to be searched for");
        self.secrets.push(secret.to_owned());
    }
}

/// A story with everything in it that touches a secret.
async fn live(story: &mut Story, realm: &TestRealm<'_>) -> Vec<String> {
    let app = realm.app;
    let user = json!({"email": "ana@example.com", "password": RIGHT, "password_confirmation": RIGHT});
    let create = app
        .root(Method::POST, "/v2/users")
        .json(&json!({"realm_id": realm.id, "user": user}));
    let user = story.tell(app, "create user", create).await.expect(201);
    let id = user["id"].as_str().unwrap().to_owned();
    let login = |password: &str| {
        let body = json!({"email": "ana@example.com", "password": password});
        realm.anyone(Method::POST, "/v2/login").json(&body)
    };
    story.tell(app, "wrong login", login(WRONG)).await.errors(422);
    let opened = login(RIGHT).send().await.unwrap();
    let opened = Reply::of(opened).await.expect(200);
    let [session, token] = ["session", "token"].map(|name| opened[name].as_str().unwrap().to_owned());
    assert!(!opened.to_string().contains(RIGHT));
    // The record's name may be told; the rest of the key opens the session.
    story.hide(&session[26..]);
    story.hide(token.rsplit('.').next().unwrap());
    let realm_id = &realm.id;
    let root = |method: Method, path: String| app.root(method, &path).header("authrocket-realm", realm_id);
    for action in ["request_email_verification", "generate_password_token"] {
        let made = app
            .send(root(Method::POST, format!("/v2/users/{id}/{action}")))
            .await
            .expect(201);
        story.hide(made["token"].as_str().unwrap().split_once(':').unwrap().1);
    }
    let guarded = second_factor(story, realm, &id).await;
    let reader = app.key("read", Some(realm_id)).await;
    story.hide(reader.rsplit('-').next().unwrap());
    let read = |path: String| app.with_key(&reader, Method::GET, &path);
    let wrong = json!({"user": {"password": WRONG}});
    let tells: Vec<(&str, RequestBuilder)> = vec![
        (
            "wrong form",
            realm
                .anyone(Method::POST, "/v2/login")
                .form(&[("email", "ana@example.com"), ("password", WRONG)]),
        ),
        (
            "torn JSON",
            realm
                .anyone(Method::POST, "/v2/login")
                .header("content-type", "application/json")
                .body(format!("{{\"password\":\"{WRONG}\"")),
        ),
        (
            "wrong type",
            realm
                .anyone(Method::POST, "/v2/login")
                .json(&json!({"email": "a", "password": [WRONG]})),
        ),
        (
            "in the query",
            realm.anyone(
                Method::POST,
                &format!("/v2/login?password={WRONG}&email=ana@example.com"),
            ),
        ),
        (
            "as a name",
            realm
                .anyone(Method::POST, "/v2/login")
                .json(&json!({WRONG: 1, "expand": WRONG})),
        ),
        (
            "too short",
            root(Method::POST, "/v2/users".to_owned())
                .json(&json!({"user": {"email": "b@example.com", "password": RIGHT, "password_confirmation": WRONG}})),
        ),
        (
            "twice",
            root(Method::POST, "/v2/users".to_owned())
                .json(&json!({"user": {"email": "ana@example.com", "password": RIGHT}})),
        ),
        (
            "authenticate",
            root(Method::POST, format!("/v2/users/{id}/authenticate")).json(&wrong),
        ),
        (
            "get user",
            root(Method::GET, format!("/v2/users/{id}?expand=memberships")),
        ),
        ("list users", root(Method::GET, "/v2/users?expand=custom".to_owned())),
        (
            "session as reader",
            read(format!("/v2/sessions/{session}?expand=token")),
        ),
        ("session by token", read(format!("/v2/sessions/{token}"))),
        ("sessions as reader", read(format!("/v2/sessions?user_id={id}"))),
        // Keys that may write see the tokens that mails are made of.
        ("events as reader", read("/v2/events?created_at_after=".to_owned())),
        (
            "wrong key",
            app.with_key(&format!("{}x", &ROOT_KEY), Method::GET, "/v2/users"),
        ),
        ("session as key", app.with_key(&session, Method::GET, "/v2/users")),
        ("wrong path", app.anyone(Method::GET, &format!("/v2/{token}"))),
        (
            "wrong verb",
            app.anyone(Method::PUT, &format!("/v2/sessions/{session}")),
        ),
        (
            "signed out",
            realm.anyone(Method::DELETE, &format!("/v2/session?session={session}")),
        ),
        (
            "after that",
            realm.anyone(Method::GET, &format!("/v2/session?session={session}")),
        ),
        ("keys", realm.anyone(Method::GET, "/connect/jwks")),
        ("app as reader", read(format!("/v2/credentials/{guarded}"))),
        (
            "app once it counts",
            root(Method::GET, format!("/v2/credentials/{guarded}")),
        ),
        ("providers", root(Method::GET, "/v2/auth_providers".to_owned())),
        (
            "wrong code",
            root(Method::POST, format!("/v2/credentials/{guarded}/verify"))
                .json(&json!({"credential": {"code": "CanaryCode"}})),
        ),
        ("realm", root(Method::GET, format!("/v2/realms/{realm_id}"))),
    ];
    for (what, request) in tells {
        story.tell(app, what, request).await;
    }
    vec![session, token]
}

/// An authenticator app, recovery codes, half a login and a provider's secret; tells the app's id.
async fn second_factor(story: &mut Story, realm: &TestRealm<'_>, user: &str) -> String {
    let app = realm.app;
    realm.switch("totp", "active").await;
    let made = realm.new_totp(&json!({ "id": user })).await;
    let authenticator = Authenticator::of(&made);
    story.hide(made["otp_secret"].as_str().unwrap());
    story.hide("CanaryCode");
    realm
        .verify(&authenticator.id, &authenticator.code(app))
        .await
        .expect(200);
    let path = format!("/v2/users/{user}/generate_recovery_codes");
    let made = realm.create(&path, json!({})).await.expect(201);
    for code in made["codes"].as_array().unwrap() {
        story.hide(code.as_str().unwrap());
    }
    let body = json!({"user": {"password": RIGHT}});
    let path = format!("/v2/users/{user}/authenticate");
    let half = realm.create(&path, body).await.expect(201)["token"].clone();
    let half = half.as_str().unwrap();
    story.hide(half.split_once(':').unwrap().1);
    let code = made["codes"][0].as_str().unwrap();
    realm.finish(half, code).await.expect(201);
    let provider = json!({"provider_type": "google", "client_id": "x", "client_secret": "CanaryClientSecret"});
    story.hide("CanaryClientSecret");
    let add = realm
        .core(Method::POST, "/v2/auth_providers")
        .json(&json!({ "auth_provider": provider }));
    story.tell(app, "add a provider", add).await.expect(201);
    authenticator.id
}

#[tokio::test]
async fn t_33_no_secret_is_in_a_body_a_line_or_a_span() {
    let collector = OtlpCollector::start().await.unwrap();
    let logs = Logs::catch_with(|config| {
        config.otlp_endpoint = Some(collector.endpoint());
        config.log_filter = "debug".to_owned();
    });
    let app = App::start_with(|config| {
        config.limits_enabled = false;
        config.cluster.secret = Some(Secret::new(CLUSTER));
        config.secret_key = Some(Secret::new(SEAL));
    })
    .await;
    let realm = app.realm().await;
    let mut story = Story::default();
    for secret in [
        RIGHT,
        WRONG,
        CLUSTER,
        SEAL,
        ROOT_KEY.rsplit('-').next().unwrap(),
        "$argon2id$",
    ] {
        story.hide(secret);
    }
    let [session, token] = <[String; 2]>::try_from(live(&mut story, &realm).await).unwrap();
    // The same over gRPC, where keys, sessions and the cluster's secret travel in metadata.
    let metadata = [
        ("authrocket-api-key", ROOT_KEY),
        ("authrocket-realm", realm.id.as_str()),
        ("gantry-session", session.as_str()),
    ];
    let grpc = Grpc::to(&app, &metadata);
    let peer = grpc.with(&[("gantry-cluster", CLUSTER)]);
    for rpc in gantry_proto::RPCS.iter().filter(|rpc| !rpc.streams) {
        for caller in [&grpc, &peer] {
            story
                .bodies
                .push((format!("gRPC {}", rpc.path), format!("{:?}", caller.call(rpc).await)));
        }
    }
    let message = gantry_proto::session::v2::CheckTokenRequest { token, realm_id: None };
    let mut checking = gantry_proto::session::v2::session_client::SessionClient::new(grpc.channel.clone());
    let checked = checking.check_token(grpc.request(message)).await.unwrap();
    story.bodies.push(("check token".to_owned(), format!("{checked:?}")));

    for (what, body) in &story.bodies {
        for secret in &story.secrets {
            assert!(
                !body.contains(secret.as_str()),
                "{secret} in what was told: {what}\n{body}"
            );
        }
    }
    let lines = logs.lines().len();
    let text = logs.flush().await.text();
    for line in text.lines() {
        for secret in &story.secrets {
            assert!(!line.contains(secret.as_str()), "{secret} in the log\n{line}");
        }
    }
    let spans = collector.spans();
    for span in &spans {
        let span = format!("{span:?}");
        for secret in &story.secrets {
            assert!(!span.contains(secret.as_str()), "{secret} in a span\n{span}");
        }
    }
    // The net was not empty.
    assert!(lines > 60 && spans.len() > 100, "{lines} lines, {} spans", spans.len());
    assert!(spans.iter().any(|span| span.name == "POST /v2/login") && text.contains("/v2/login"));
}

/// What must not be read in an answer about a database that fails.
const INTERNALS: [&str; 14] = [
    "Canary", "auth_", "session_", "event_", "outbox", "sqlite", "SQLite", "postgres", "relation", "no such", "SELECT",
    "diesel", ".rs", "panicked",
];

#[track_caller]
fn general(reply: &Reply) {
    let texts = [
        "Something went wrong on our side",
        "The service is temporarily unavailable; please try again shortly",
    ];
    let told = reply.errors(reply.status);
    assert!(matches!(reply.status, 500 | 503), "{reply:?}");
    assert!(told.len() == 1 && texts.contains(&told[0].as_str()), "{reply:?}");
    let all = format!("{:?} {}", reply.headers, reply.text);
    for word in INTERNALS {
        assert!(!all.contains(word), "{word} in {reply:?}");
    }
}

#[tokio::test]
async fn t_33_a_database_s_own_words_reach_the_log_alone() {
    let logs = Logs::catch();
    let app = App::start().await;
    let realm = app.realm().await;
    let words = "password=CanaryOfTheDatabase in auth_orgs";
    app.sql(&match app.db.backend() {
        Backend::Sqlite => {
            format!("CREATE TRIGGER canary BEFORE INSERT ON auth_orgs BEGIN SELECT RAISE(ABORT, '{words}'); END")
        }
        Backend::Postgres => format!(
            "CREATE FUNCTION canary() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{words}'; END $$ LANGUAGE plpgsql; \
             CREATE TRIGGER canary BEFORE INSERT ON auth_orgs FOR EACH ROW EXECUTE FUNCTION canary()"
        ),
    })
    .await;
    let reply = app
        .post("/v2/orgs", json!({"realm_id": realm.id, "org": {"name": "One"}}))
        .await;
    general(&reply);
    let lines = logs.of(reply.request_id());
    let failures: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(failures.len(), 1, "logged once: {lines:?}");
    assert!(
        failures[0].to_string().contains("in auth_orgs"),
        "with its cause: {failures:?}"
    );
    assert!(!logs.text().contains("CanaryOfTheDatabase"));
    // Nothing was made, and others are served.
    let list = app.get(&format!("/v2/orgs?realm_id={}", realm.id)).await.expect(200);
    assert_eq!(list["collection"], json!([]));
}

#[tokio::test]
async fn t_33_a_database_without_tables_is_described_to_nobody() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    let session = login["session"].as_str().unwrap();
    // Keys and hosts can still be looked up; what comes behind is gone.
    let cascade = if app.db.backend() == Backend::Postgres {
        " CASCADE"
    } else {
        ""
    };
    let gone = [
        "session_sessions",
        "session_keys",
        "event_events",
        "auth_invitations",
        "auth_memberships",
        "auth_credentials",
        "auth_users",
        "auth_orgs",
    ];
    for table in gone {
        app.sql(&format!("DROP TABLE {table}{cascade}")).await;
    }
    let realm_id = &realm.id;
    let id = "0000000000000000000001";
    for (method, path, body) in [
        (Method::GET, "/v2/users".to_owned(), json!(null)),
        (Method::GET, format!("/v2/users/usr_{id}"), json!(null)),
        (
            Method::POST,
            "/v2/users".to_owned(),
            json!({"email": "new@example.com"}),
        ),
        (
            Method::POST,
            format!("/v2/users/usr_{id}/authenticate"),
            json!({"password": "x"}),
        ),
        (Method::GET, "/v2/orgs".to_owned(), json!(null)),
        (Method::GET, format!("/v2/orgs/org_{id}"), json!(null)),
        (Method::POST, "/v2/orgs".to_owned(), json!({"name": "One"})),
        (Method::GET, format!("/v2/memberships?user_id=usr_{id}"), json!(null)),
        (Method::GET, format!("/v2/memberships/mb_{id}"), json!(null)),
        (Method::GET, "/v2/invitations".to_owned(), json!(null)),
        (Method::GET, format!("/v2/invitations/nvt_{id}"), json!(null)),
        (Method::DELETE, format!("/v2/users/usr_{id}"), json!(null)),
        (Method::DELETE, format!("/v2/orgs/org_{id}"), json!(null)),
        (Method::GET, "/v2/sessions".to_owned(), json!(null)),
        (Method::GET, format!("/v2/sessions/kss_{id}"), json!(null)),
        (
            Method::POST,
            "/v2/sessions".to_owned(),
            json!({"user_id": format!("usr_{id}")}),
        ),
        (Method::DELETE, format!("/v2/sessions/kss_{id}"), json!(null)),
        (Method::GET, "/v2/events".to_owned(), json!(null)),
        (Method::GET, format!("/v2/events/ev_{id}"), json!(null)),
    ] {
        let request = app.root(method, &path).header("authrocket-realm", realm_id);
        general(
            &app.send(if body.is_null() { request } else { request.json(&body) })
                .await,
        );
    }
    let login = realm
        .anyone(Method::POST, "/v2/login")
        .json(&json!({"email": "ana@example.com", "password": "x"}));
    general(&app.send(login).await);
    general(&realm.get(&format!("/v2/session?session={session}")).await);
    general(&realm.delete(&format!("/v2/session?session={session}")).await);
    app.get("/v2/realms").await.expect(200);
}
