//! Answers that the gateway remembers: given again while nothing has changed, and never after (docs/adr/0008-answers-remembered-by-version.md).

use gantry_kernel::Clock;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, claims};

/// A realm with a user in an org, signed in, whose check has been answered often enough to be remembered.
struct Warm<'a> {
    realm: TestRealm<'a>,
    user: Value,
    org: Value,
    membership: Value,
    path: String,
}

impl<'a> Warm<'a> {
    async fn in_realm(realm: TestRealm<'a>) -> Self {
        let user = realm.user("ana@example.com").await;
        let org = realm.org("One").await;
        let membership = realm.join(&user, &org).await;
        let login = realm.login("ana@example.com").await.expect(200);
        let path = format!("/v2/session?session={}", login["session"].as_str().unwrap());
        let warm = Self {
            realm,
            user,
            org,
            membership,
            path,
        };
        warm.check().await;
        warm
    }

    /// Checks the session until the answer comes from memory.
    async fn check(&self) -> Value {
        for _ in 0..2 {
            self.realm.get(&self.path).await.expect(200);
        }
        self.realm.get(&self.path).await.expect(200)
    }

    async fn change(&self, what: &str, id: &Value, body: Value) {
        let path = format!("/v2/{what}/{}", id.as_str().unwrap());
        let request = self.realm.core(Method::PUT, &path).json(&body);
        self.realm.app.send(request).await.expect(200);
    }

    async fn delete(&self, what: &str, id: &Value) {
        let path = format!("/v2/{what}/{}", id.as_str().unwrap());
        let request = self.realm.core(Method::DELETE, &path);
        self.realm.app.send(request).await.expect(200);
    }

    async fn settle(&self, settings: Value) {
        self.change("realms", &json!(self.realm.id), json!({ "realm": settings }))
            .await;
    }

    /// What the token says that the next check answers with.
    async fn claims(&self) -> Value {
        let answer = self.realm.get(&self.path).await.expect(200);
        claims(answer["token"].as_str().unwrap())
    }
}

#[tokio::test]
async fn an_answer_is_given_again_without_being_made_again() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm().await).await;
    let before = warm.check().await;
    let jwks = warm.realm.get("/connect/jwks").await.expect(200);
    warm.realm.get("/connect/jwks").await.expect(200);
    // What makes both answers is broken. No stamp depends on it: it never changes but with what one does.
    app.sql("UPDATE session_sessions SET token_sealed = 'x'; UPDATE session_keys SET public_key = 'x'")
        .await;
    let again = warm.realm.get(&warm.path).await;
    assert_eq!(again.header("cache-control"), "no-store");
    assert_eq!(again.header("referrer-policy"), "no-referrer");
    assert!(
        again.header("ratelimit").contains("\"session\""),
        "it counts as any other"
    );
    assert_eq!(again.expect(200), before);
    let keys = warm.realm.get("/connect/jwks").await;
    assert_eq!(keys.header("cache-control"), "public, max-age=60");
    assert_eq!(keys.expect(200), jwks);
    // Under another name it has to be made.
    warm.realm.get(&format!("{}&x=1", warm.path)).await.errors(500);
    warm.realm.get("/connect/jwks?x=1").await.errors(500);
}

#[tokio::test]
async fn a_gateway_without_room_makes_each_answer() {
    let app = App::start_with(|config| config.http.remembered_bytes = 0).await;
    let warm = Warm::in_realm(app.realm().await).await;
    warm.check().await;
    app.sql("UPDATE session_sessions SET token_sealed = 'x'").await;
    warm.realm.get(&warm.path).await.errors(500);
}

#[tokio::test]
async fn whatever_a_token_tells_of_is_seen_by_the_next_check() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm().await).await;
    warm.change(
        "users",
        &warm.user["id"],
        json!({"user": {"first_name": "Ana", "reference": "7"}}),
    )
    .await;
    assert_eq!(warm.claims().await["given_name"], "Ana");
    warm.check().await;
    warm.change("orgs", &warm.org["id"], json!({"org": {"name": "Uno"}}))
        .await;
    assert_eq!(warm.claims().await["orgs"][0]["name"], "Uno");
    warm.check().await;
    warm.change(
        "memberships",
        &warm.membership["id"],
        json!({"membership": {"permissions": ["read:all"]}}),
    )
    .await;
    assert_eq!(warm.claims().await["orgs"][0]["perm"], json!(["read:all"]));
    warm.check().await;
    warm.settle(json!({"jwt_algo": "hs256"})).await;
    let token = warm.realm.get(&warm.path).await.expect(200)["token"].clone();
    let head = jsonwebtoken::decode_header(token.as_str().unwrap()).unwrap();
    assert_eq!(head.alg, jsonwebtoken::Algorithm::HS256);
    warm.check().await;
    warm.delete("memberships", &warm.membership["id"]).await;
    let alone = warm.realm.get(&warm.path).await.expect(200);
    assert_ne!(alone["account"], warm.org["id"], "the org is not theirs any more");
}

#[tokio::test]
async fn t_21_who_may_no_longer_is_refused_by_the_next_check() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm().await).await;
    warm.change("users", &warm.user["id"], json!({"user": {"state": "inactive"}}))
        .await;
    warm.realm.get(&warm.path).await.errors(403);
    let user = json!({"user": {"state": "active"}});
    warm.change("users", &warm.user["id"], user).await;
    if warm.realm.get(&warm.path).await.status == 200 {
        warm.check().await;
    }
    warm.realm.delete(&warm.path).await.expect(200);
    warm.realm.get(&warm.path).await.errors(403);

    let warm = Warm::in_realm(app.realm().await).await;
    warm.delete("users", &warm.user["id"]).await;
    warm.realm.get(&warm.path).await.errors(403);
}

#[tokio::test]
async fn a_host_that_serves_no_more_remembers_nothing() {
    let app = App::start().await;
    for (list, field, off) in [
        ("client_apps", "client_app", json!({"state": "inactive"})),
        ("domains", "domain", Value::Null),
        ("realms", "realm", json!({"state": "inactive"})),
    ] {
        let warm = Warm::in_realm(app.realm().await).await;
        for _ in 0..3 {
            warm.realm.get("/connect/jwks").await.expect(200);
        }
        let id = match list {
            "realms" => json!(warm.realm.id),
            _ => warm.realm.list(&format!("/v2/{list}")).await[0]["id"].clone(),
        };
        match off {
            Value::Null => warm.delete(list, &id).await,
            off => warm.change(list, &id, json!({ field: off })).await,
        }
        warm.realm.get(&warm.path).await.errors(404);
        warm.realm.get("/connect/jwks").await.errors(404);
    }
}

#[tokio::test]
async fn t_23_changed_origins_hold_at_the_next_check() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm_with(json!({"allowed_origins": ["https://a.example"]})).await).await;
    let from = async |origin: &str| {
        let request = warm.realm.anyone(Method::GET, &warm.path).header(ORIGIN, origin);
        let reply = app.send(request).await;
        let allowed = reply.header("access-control-allow-origin").to_owned();
        reply.expect(200);
        allowed
    };
    assert_eq!(from("https://a.example").await, "https://a.example");
    assert_eq!(
        from("https://b.example").await,
        "",
        "the answer is remembered, the word about origins is not"
    );
    warm.settle(json!({"allowed_origins": ["https://b.example"]})).await;
    assert_eq!(from("https://b.example").await, "https://b.example");
    assert_eq!(from("https://a.example").await, "");
}

#[tokio::test]
async fn t_03_what_one_host_remembers_another_does_not_tell() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm().await).await;
    let other = app.realm().await;
    for _ in 0..3 {
        other.get("/connect/jwks").await.expect(200);
        other.get(&warm.path).await.errors(403);
    }
    warm.check().await;
}

/// What a body says counts before the query, and over HTTP/2 no header tells that there is one.
#[tokio::test]
async fn t_03_a_body_is_no_part_of_what_is_remembered() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm().await).await;
    warm.realm.user("eve@example.com").await;
    let eve = warm.realm.login("eve@example.com").await.expect(200);
    let before = warm.check().await;
    // Over HTTP/2 the address names the host.
    let here = ([127, 0, 0, 1], 0).into();
    let named = || reqwest::Client::builder().resolve(&warm.realm.host, here);
    let http2 = named().http2_prior_knowledge().build().unwrap();
    for client in [named().build().unwrap(), http2] {
        for path in [&warm.path, &format!("{}&x=1", warm.path)] {
            for _ in 0..3 {
                let request = client.get(app.url(path).replace("127.0.0.1", &warm.realm.host));
                let request = request.json(&json!({"session": eve["session"]}));
                let reply = Reply::of(request.send().await.unwrap()).await;
                assert_eq!(reply.expect(200)["session"], eve["session"]);
            }
            assert_eq!(warm.realm.get(path).await.expect(200)["session"], before["session"]);
        }
    }
    let odd = warm
        .realm
        .anyone(Method::GET, &warm.path)
        .header(CONTENT_TYPE, "text/plain");
    app.send(odd).await.errors(415);
    assert_eq!(warm.check().await, before);
}

#[tokio::test]
async fn what_ends_by_itself_ends_in_memory_too() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm_with(json!({"session_minutes": 60, "jwt_minutes": 30})).await).await;
    let first = warm.check().await;
    // The token is renewed in its last five minutes.
    app.clock.advance_ms(26 * 60_000);
    let second = warm.check().await;
    assert_ne!(second["token"], first["token"]);
    let ends = app.clock.now_ms() + 5 * 60_000;
    warm.change(
        "memberships",
        &warm.membership["id"],
        json!({"membership": {"expires_at": ends / 1000}}),
    )
    .await;
    assert_eq!(warm.check().await["account"], warm.org["id"]);
    app.clock.advance_ms(5 * 60_000 + 1000);
    assert_ne!(warm.realm.get(&warm.path).await.json()["account"], warm.org["id"]);
    app.clock.advance_ms(31 * 60_000);
    warm.realm.get(&warm.path).await.errors(403);
}

/// No code counts changes: the database does, whoever writes. A column that is added later is missing here until a migration names it.
#[tokio::test]
async fn every_column_that_an_answer_may_show_is_counted() {
    let app = App::start().await;
    let warm = Warm::in_realm(app.realm().await).await;
    let (realm, user) = (warm.realm.id.as_str(), warm.user["id"].as_str().unwrap());
    for (table, counted, not) in [
        ("auth_realms", realm, [""].as_slice()),
        ("auth_domains", realm, &[""]),
        ("auth_client_apps", realm, &[""]),
        ("auth_orgs", realm, &[""]),
        ("auth_users", user, &["last_login_at"]),
        ("auth_memberships", user, &[""]),
    ] {
        let columns = app.columns(table).await;
        assert!(columns.len() > 5, "{table}: {columns:?}");
        for column in columns {
            let before = app.version(counted).await;
            app.sql(&format!("UPDATE {table} SET {column} = {column}")).await;
            let after = app.version(counted).await;
            assert_eq!(after > before, !not.contains(&column.as_str()), "{table}.{column}");
        }
    }
    for (list, gone) in [("users", user), ("realms", realm)] {
        let (table, id) = (format!("auth_{list}"), gone);
        app.sql(&format!("DELETE FROM {table} WHERE id = '{id}'")).await;
        assert_eq!(app.version(gone).await, 0, "nothing is left of {list}");
    }
}

/// The stamps are asked for by every check: they read no more than they must.
#[tokio::test]
async fn the_database_has_an_index_for_each_stamp() {
    let app = App::start().await;
    let plans = [
        "SELECT s.id FROM session_sessions s WHERE s.id IN ('a', 'b') AND s.expires_at > 1",
        "SELECT k.id FROM session_keys k WHERE k.realm_id IN ('a', 'b') ORDER BY k.signs_from, k.id",
        "SELECT u.id FROM auth_users u LEFT JOIN auth_versions v ON v.id = u.id WHERE u.id IN ('a', 'b')",
    ];
    for query in plans {
        let (scans, plan) = app.scans(query).await;
        assert!(!scans, "{query}\n{plan}");
    }
}
