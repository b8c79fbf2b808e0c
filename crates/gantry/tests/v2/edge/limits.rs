//! Rate limits: the contract's numbers, what a refusal says, whom it counts (T-09, T-10), and that it costs nothing.

use futures::StreamExt;
use gantry_config::{Config, LimitOverride};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Raw, Reply, TestRealm};

fn limit(config: &mut Config, name: &str, max: u32) {
    let set = LimitOverride {
        max: Some(max),
        ..LimitOverride::default()
    };
    config.limits.insert(name.to_owned(), set);
}

/// Behind a proxy on this machine.
fn behind_proxy(config: &mut Config) {
    config.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
}

/// An empty login: it is counted, and costs nothing else.
async fn knock(realm: &TestRealm<'_>) -> Reply {
    realm.post("/v2/login", json!({})).await
}

async fn knock_from(realm: &TestRealm<'_>, forwarded: &str) -> u16 {
    let request = realm
        .anyone(Method::POST, "/v2/login")
        .header("x-forwarded-for", forwarded);
    realm.app.send(request.json(&json!({}))).await.status
}

#[tokio::test]
async fn thirty_logins_a_minute_and_what_the_thirty_first_is_told() {
    let app = App::start().await;
    let realm = app.realm().await;
    for left in (0..30).rev() {
        let reply = knock(&realm).await;
        assert_eq!(reply.status, 422);
        assert_eq!(reply.header("ratelimit"), format!("\"login\";r={left};t=60"));
        assert_eq!(reply.header("ratelimit-policy"), "\"login\";q=30;w=60");
        assert!(!reply.headers.contains_key("retry-after") && !reply.headers.contains_key("ratelimit-reset"));
    }
    let refused = knock(&realm).await;
    assert_eq!(
        refused.errors(429),
        ["Too many requests; please wait a while and try again"]
    );
    assert_eq!(refused.json()["result"], "error");
    for (name, value) in [
        ("retry-after", "60"),
        ("ratelimit", "\"login\";r=0;t=60"),
        ("ratelimit-policy", "\"login\";q=30;w=60"),
        ("ratelimit-limit", "30"),
        ("ratelimit-remaining", "0"),
        ("ratelimit-reset", "Thu, 01 Jan 2026 00:01:00 GMT"),
    ] {
        assert_eq!(refused.header(name), value, "{name}");
    }
    // Other routes of the realm, and other realms, are none of its business.
    realm.get("/connect/jwks").await.expect(200);
    assert_eq!(knock(&app.realm().await).await.status, 422);
    app.clock.advance_ms(59_999);
    let nearly = knock(&realm).await;
    assert_eq!((nearly.status, nearly.header("retry-after")), (429, "1"));
    app.clock.advance_ms(1);
    assert_eq!(knock(&realm).await.status, 422);
}

#[tokio::test]
async fn a_window_slides() {
    let app = App::start_with(|config| limit(config, "login", 2)).await;
    let realm = app.realm().await;
    assert_eq!(knock(&realm).await.status, 422);
    app.clock.advance_ms(40_000);
    assert_eq!(knock(&realm).await.status, 422);
    app.clock.advance_ms(20_000);
    assert_eq!(knock(&realm).await.status, 422, "the first has left the window");
    let refused = knock(&realm).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (429, "40"),
        "when the second leaves it"
    );
}

#[tokio::test]
async fn the_contract_s_numbers_are_in_force() {
    let mut told = std::collections::BTreeSet::new();
    for rule in gantry_proto::RPCS.iter().flat_map(|rpc| rpc.limits) {
        told.insert(format!(
            "{}: {} in {} s by {:?}, in an outage {:?}",
            rule.name, rule.max, rule.per_seconds, rule.by, rule.on_outage
        ));
    }
    let told: Vec<_> = told.iter().map(String::as_str).collect();
    assert_eq!(
        told,
        [
            "core: 5000 in 10 s by Key, in an outage Allow",
            "forgot: 10 in 60 s by Address, in an outage Memory",
            "jwks: 600 in 60 s by Address, in an outage Allow",
            "login: 30 in 60 s by Address, in an outage Memory",
            "login_realm: 1000 in 10 s by Realm, in an outage Memory",
            "mail: 5 in 3600 s by Account, in an outage Memory",
            "password: 10 in 300 s by Account, in an outage Memory",
            "profile: 60 in 60 s by Address, in an outage Memory",
            "session: 600 in 60 s by Address, in an outage Allow",
            "signup: 10 in 60 s by Address, in an outage Memory",
        ]
    );
}

#[tokio::test]
async fn every_limit_can_be_set_and_all_can_be_switched_off() {
    let app = App::start_with(|config| {
        let set = LimitOverride {
            max: Some(1),
            per_seconds: Some(5),
            on_outage: None,
        };
        config.limits.insert("login".to_owned(), set);
    })
    .await;
    let realm = app.realm().await;
    assert_eq!(knock(&realm).await.header("ratelimit-policy"), "\"login\";q=1;w=5");
    assert_eq!(knock(&realm).await.header("retry-after"), "5");

    let app = App::start_with(|config| {
        config.limits_enabled = false;
        limit(config, "login", 1);
    })
    .await;
    let realm = app.realm().await;
    for _ in 0..3 {
        let reply = knock(&realm).await;
        assert_eq!((reply.status, reply.headers.contains_key("ratelimit")), (422, false));
    }
}

#[tokio::test]
async fn a_limit_that_does_not_exist_stops_the_start() {
    let started = App::try_start_with(|config| limit(config, "logins", 1)).await;
    let error = started.err().unwrap().to_string();
    assert_eq!(
        error,
        "limits.logins: there is no such limit; there are core, forgot, jwks, login, login_realm, mail, password, \
         profile, session, signup"
    );
}

#[tokio::test]
async fn a_realm_and_a_key_have_limits_of_their_own() {
    let app = App::start_with(|config| {
        limit(config, "login_realm", 2);
        behind_proxy(config);
    })
    .await;
    let (one, two) = (app.realm().await, app.realm().await);
    // Whoever comes: the realm is full.
    assert_eq!(knock_from(&one, "192.0.2.1").await, 422);
    assert_eq!(knock_from(&one, "192.0.2.2").await, 422);
    assert_eq!(knock_from(&one, "192.0.2.3").await, 429);
    assert_eq!(knock_from(&two, "192.0.2.3").await, 422);

    let app = App::start_with(|config| limit(config, "core", 2)).await;
    let keys = [app.key("read", None).await, app.key("read", None).await];
    let list = async |key: &str| app.send(app.with_key(key, Method::GET, "/v2/realms")).await;
    for left in ["1", "0"] {
        let reply = list(&keys[0]).await;
        assert_eq!(
            (reply.status, reply.header("ratelimit")),
            (200, format!("\"core\";r={left};t=10").as_str())
        );
    }
    let refused = list(&keys[0]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "10"));
    assert_eq!(
        refused.json(),
        json!({"errors": ["Too many requests; please wait a while and try again"]})
    );
    assert_eq!(list(&keys[1]).await.status, 200);
}

/// A guess at a password, by one of the ways there are.
async fn guess(realm: &TestRealm<'_>, way: usize, password: &str) -> Reply {
    let path = "/v2/users/ana@example.com/authenticate";
    match way % 3 {
        0 => {
            let body = json!({"email": "Ana@Example.com", "password": password});
            realm.post("/v2/login", body).await
        }
        1 => {
            realm
                .post("/v2/login", json!({"username": "ana", "password": password}))
                .await
        }
        _ => realm.create(path, json!({"user": {"password": password}})).await,
    }
}

#[tokio::test]
async fn t_11_an_account_takes_ten_guesses_however_they_come() {
    let app = App::start_with(|config| limit(config, "login", 1000)).await;
    let realm = app.realm().await;
    let ana = json!({"email": "ana@example.com", "username": "ana", "password": PASSWORD});
    realm.create("/v2/users", json!({"user": ana})).await.expect(201);
    realm.user("bob@example.com").await;

    // Both are a 422 (contract 1.6): what an account has had enough of is no matter of rates.
    let told = async |way, password| guess(&realm, way, password).await.errors(422).remove(0);
    let enough = "Too many password attempts; please wait a while and try again";
    // More at once than are let through, and no more than the database has patience for on a busy machine.
    let guesses = futures::stream::iter((0..200).map(|way| told(way, "wrong password")));
    let guesses: Vec<String> = guesses.buffer_unordered(16).collect().await;
    let looked_at = guesses.iter().filter(|text| *text == "Login failed").count();
    let refused = guesses.iter().filter(|text| *text == enough).count();
    assert_eq!((looked_at, refused), (10, 190), "{guesses:?}");
    // The right password comes too late, whichever way; other accounts are none of its business.
    for way in 0..3 {
        assert_eq!(told(way, PASSWORD).await, enough, "{way}");
    }
    assert_eq!(guess(&realm, 0, PASSWORD).await.header("retry-after"), "300");
    realm.login("bob@example.com").await.expect(200);
    app.clock.advance_ms(299_999);
    assert_eq!(told(0, PASSWORD).await, enough);
    app.clock.advance_ms(1);
    for way in 0..3 {
        let reply = guess(&realm, way, PASSWORD).await;
        assert!(matches!(reply.status, 200 | 201), "{way}: {reply:?}");
    }

    let app = App::start_with(|config| limit(config, "password", 1)).await;
    let realm = app.realm().await;
    let wrong = json!({"email": "ana@example.com", "password": "wrong password"});
    assert_eq!(
        realm.post("/v2/login", wrong.clone()).await.errors(422),
        ["Login failed"]
    );
    assert_eq!(
        realm.post("/v2/login", wrong).await.errors(422),
        [enough],
        "as configured"
    );
}

#[tokio::test]
async fn t_09_an_address_is_believed_from_named_proxies_only() {
    let app = App::start_with(|config| limit(config, "login", 1)).await;
    let realm = app.realm().await;
    assert_eq!(knock_from(&realm, "192.0.2.1").await, 422);
    for forged in [
        "192.0.2.2",
        "2001:db8::1",
        "192.0.2.3, 192.0.2.4",
        "127.0.0.2",
        "garbage",
        "",
        "unknown",
    ] {
        assert_eq!(knock_from(&realm, forged).await, 429, "{forged}");
    }
    for header in [
        "x-real-ip",
        "forwarded",
        "cf-connecting-ip",
        "true-client-ip",
        "x-client-ip",
        "x-cluster-client-ip",
    ] {
        let request = realm.anyone(Method::POST, "/v2/login").header(header, "192.0.2.9");
        assert_eq!(app.send(request.json(&json!({}))).await.status, 429, "{header}");
    }
}

#[tokio::test]
async fn t_09_behind_a_proxy_the_nearest_stranger_counts() {
    let app = App::start_with(|config| {
        limit(config, "login", 1);
        behind_proxy(config);
    })
    .await;
    let realm = app.realm().await;
    assert_eq!(knock_from(&realm, "192.0.2.1").await, 422);
    for again in [
        "192.0.2.1",
        "198.51.100.7, 192.0.2.1",
        "192.0.2.1, 127.0.0.1",
        "junk, 192.0.2.1",
        "192.0.2.1:5000",
    ] {
        assert_eq!(knock_from(&realm, again).await, 429, "{again}");
    }
    assert_eq!(knock_from(&realm, "192.0.2.1, 192.0.2.2").await, 422);
    // What is no address is the proxy's own request.
    assert_eq!(knock_from(&realm, "junk").await, 422);
    assert_eq!(knock_from(&realm, "localhost").await, 429);
    assert_eq!(knock(&realm).await.status, 429);
}

#[tokio::test]
async fn t_09_the_believed_address_is_the_one_that_is_kept() {
    for (trusted, ip) in [(false, "127.0.0.1"), (true, "192.0.2.77")] {
        let app = App::start_with(|config| {
            if trusted {
                behind_proxy(config);
            }
        })
        .await;
        let realm = app.realm().await;
        realm.user("ana@example.com").await;
        let body = json!({"email": "ana@example.com", "password": PASSWORD, "request": {"ip": "203.0.113.1"}});
        let request = realm
            .anyone(Method::POST, "/v2/login")
            .header("x-forwarded-for", "192.0.2.77")
            .json(&body);
        let reply = app.send(request).await;
        let session: Value = reply.expect(200)["session"].clone();
        let path = format!("/v2/sessions/{}?realm_id={}", session.as_str().unwrap(), realm.id);
        assert_eq!(app.get(&path).await.expect(200)["request"]["ip"], ip);
        for event in app.events(&realm.id, reply.request_id(), 3).await {
            assert_eq!(event["request"]["ip"], ip);
        }
    }
}

#[tokio::test]
async fn t_10_one_machine_has_one_address() {
    let app = App::start_with(|config| {
        limit(config, "login", 1);
        behind_proxy(config);
    })
    .await;
    let realm = app.realm().await;
    for (first, others) in [
        (
            "2001:db8:1:2::1",
            [
                "2001:db8:1:2::2",
                "2001:DB8:1:2:ffff:ffff:ffff:ffff",
                "[2001:db8:1:2::1]:4000",
            ],
        ),
        ("192.0.2.50", ["::ffff:192.0.2.50", "::FFFF:c000:232", "192.0.2.50:80"]),
    ] {
        assert_eq!(knock_from(&realm, first).await, 422, "{first}");
        for other in others {
            assert_eq!(knock_from(&realm, other).await, 429, "{other}");
        }
    }
    assert_eq!(knock_from(&realm, "2001:db8:1:3::1").await, 422, "another network");
}

#[tokio::test]
async fn the_decision_comes_before_the_body() {
    let app = App::start_with(|config| limit(config, "login", 1)).await;
    let realm = app.realm().await;
    knock(&realm).await;
    // Ten megabytes are announced, and not one byte of them comes.
    for length in ["content-length: 10000000", "transfer-encoding: chunked"] {
        let mut raw = Raw::connect(app.running.http.unwrap()).await;
        let head = format!(
            "POST /v2/login HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{length}\r\n\r\n",
            realm.host
        );
        assert_eq!(raw.ask(head).await.status, 429, "{length}");
        raw.closed().await;
    }
    // Whoever asks before sending is told without having sent.
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let head = format!(
        "POST /v2/login HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n",
        realm.host
    );
    raw.send(head).await;
    assert_eq!(raw.answer().await.unwrap().status, 429);
    let big = realm
        .anyone(Method::POST, "/v2/login")
        .header("content-type", "application/json")
        .body("x".repeat(60_000));
    assert_eq!(app.send(big).await.status, 429);
}

#[tokio::test]
async fn a_flood_asks_neither_the_database_nor_the_hashing_threads() {
    let app = App::start_with(|config| {
        limit(config, "login", 1);
        limit(config, "session", 2);
    })
    .await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    realm.login("ana@example.com").await.expect(200);
    realm.get("/v2/session?session=x").await.errors(403);
    realm.get("/v2/session?session=x").await.errors(403);
    app.sql("ALTER TABLE auth_domains RENAME TO gone").await;
    // The database is of no use any more ...
    assert_eq!(realm.get("/connect/jwks").await.status, 500);
    // ... and whoever has had enough is told so all the same.
    assert_eq!(realm.login("ana@example.com").await.status, 429);
    assert_eq!(realm.get("/v2/session?session=x").await.status, 429);
    assert_eq!(realm.delete("/v2/session?session=x").await.status, 429);
    let asked = realm
        .anyone(Method::OPTIONS, "/v2/login")
        .header("origin", "https://a.example");
    let asked = app.send(asked.header("access-control-request-method", "POST")).await;
    assert_eq!(asked.status, 429);
    assert_eq!(app.send(realm.anyone(Method::PUT, "/v2/login")).await.status, 429);
    // Hosts that nobody has are looked up so often and no more.
    let stranger = || {
        app.anyone(Method::GET, "/connect/jwks")
            .header("host", "stranger.localhost")
    };
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(app.send(stranger()).await.status);
    }
    assert_eq!(answers[2..], [429, 429], "{answers:?}");
}
