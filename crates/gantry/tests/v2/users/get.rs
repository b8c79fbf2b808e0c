//! `GET /v2/users` (contract 1.7 and 3.2)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn users_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let realm = app.realm().await;
    let stranger = app.realm().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let body = json!({"user": {"email": format!("user{}@example.com", 9 - n)}});
        let user = realm.create("/v2/users", body.clone()).await.expect(201);
        ids.push(user["id"].as_str().unwrap().to_owned());
        stranger.create("/v2/users", body).await.expect(201);
        app.clock.advance_ms(if n == 2 { 5 } else { 0 });
    }
    assert_eq!(field(&realm.list("/v2/users").await, "id"), ids);
    pages_are_right(&app, &ids, "asc", |query| {
        realm.core(Method::GET, &format!("/v2/users?{query}"))
    })
    .await;
}

#[tokio::test]
async fn custom_is_shown_when_asked_and_credentials_never() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "a@b.co", "password": "correct horse", "custom": {"plan": "gold"}}});
    realm.create("/v2/users", body).await.expect(201);
    for query in ["", "?expand=", "?expands[]="] {
        let item = realm.list(&format!("/v2/users{query}")).await.remove(0);
        assert!(
            item.get("custom").is_none() && item.get("credentials").is_none(),
            "{item}"
        );
        assert_eq!(item["object"], "user");
    }
    for query in [
        "expand=custom",
        "expands=custom",
        "expand[]=custom",
        "expands[0]=custom",
        "expand=custom,custom",
    ] {
        let item = realm.list(&format!("/v2/users?{query}")).await.remove(0);
        assert_eq!(item["custom"], json!({"plan": "gold"}), "{query}");
    }
    realm.read("/v2/users?expand=memberships").await.errors(422);
}

#[tokio::test]
async fn filters_find_what_they_name() {
    let app = App::start().await;
    let realm = app.realm().await;
    for user in [
        json!({"email": "one@b.co", "username": "Uno", "reference": "R1"}),
        json!({"email": "two+x@b.co", "reference": "R1", "state": "inactive"}),
        json!({"email": "three@b.co", "username": "Tres", "reference": "r1"}),
    ] {
        realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    }
    let all = vec!["one@b.co", "two+x@b.co", "three@b.co"];
    for (query, expected) in [
        ("state=active", vec!["one@b.co", "three@b.co"]),
        ("state=inactive", vec!["two+x@b.co"]),
        ("state=asleep", vec![]),
        ("email=ONE@b.co", vec!["one@b.co"]),
        ("email=two%2Bx@b.co", vec!["two+x@b.co"]),
        ("email=nobody@b.co", vec![]),
        ("username=UNO", vec!["one@b.co"]),
        ("username=%20tres", vec!["three@b.co"]),
        ("reference=R1", vec!["one@b.co", "two+x@b.co"]),
        ("reference=R1&state=active", vec!["one@b.co"]),
        ("reference=R1&username=tres", vec![]),
        ("reference=%25", vec![]),
        ("state=&email=&username=&reference=", all.clone()),
        ("unheard_of=1", all),
    ] {
        let found = realm.list(&format!("/v2/users?{query}")).await;
        assert_eq!(field(&found, "email"), expected, "{query}");
    }
}

#[tokio::test]
async fn t_03_a_foreign_realm_shows_nothing() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    other.user("ana@example.com").await;
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: String| app.send(app.holder(&key, Method::GET, &path));
    let empty = json!({"collection": [], "more_results": false});
    assert_eq!(read("/v2/users".to_owned()).await.expect(200), empty);
    let foreign = read(format!("/v2/users?realm_id={}", other.id)).await;
    let unknown = read("/v2/users?realm_id=rl_0000000000000000000000".to_owned()).await;
    foreign.errors(404);
    assert_eq!(foreign.text, unknown.text);
    let request = app
        .holder(&key, Method::GET, "/v2/users")
        .header("Authrocket-Realm", &other.id);
    app.send(request).await.errors(404);
    app.get("/v2/users").await.errors(400);
}
