//! `GET /v2/memberships` (contract 1.7 and 3.4)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn memberships_of_an_org_and_of_a_user_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (ana, one) = (realm.user("ana@example.com").await, realm.org("One").await);
    let (mut of_org, mut of_user) = (Vec::new(), Vec::new());
    for n in 0..5 {
        let user = realm
            .create("/v2/users", json!({"email": format!("u{}@b.co", 9 - n)}))
            .await
            .expect(201);
        let org = realm.org(&format!("Org {}", 9 - n)).await;
        of_org.push(realm.join(&user, &one).await["id"].as_str().unwrap().to_owned());
        of_user.push(realm.join(&ana, &org).await["id"].as_str().unwrap().to_owned());
    }
    let by = |name: &str, of: &serde_json::Value| format!("/v2/memberships?{name}={}", of["id"].as_str().unwrap());
    let (org, user) = (by("org_id", &one), by("user_id", &ana));
    pages_are_right(&app, &of_org, "asc", |query| {
        realm.core(Method::GET, &format!("{org}&{query}"))
    })
    .await;
    pages_are_right(&app, &of_user, "asc", |query| {
        realm.core(Method::GET, &format!("{user}&{query}"))
    })
    .await;
}

#[tokio::test]
async fn what_is_embedded_is_the_other_side() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    realm.join(&user, &org).await;
    let (user, org) = (user["id"].as_str().unwrap(), org["id"].as_str().unwrap());
    for (query, has_user, has_org) in [
        (format!("org_id={org}"), true, false),
        (format!("user_id={user}"), false, true),
        (format!("user_id={user}&org_id="), false, true),
        (format!("org_id={org}&user_id={user}"), false, false),
    ] {
        let found = realm.list(&format!("/v2/memberships?{query}")).await;
        assert_eq!(found.len(), 1, "{query}");
        assert_eq!(found[0].get("user").is_some(), has_user, "{query}");
        assert_eq!(found[0].get("org").is_some(), has_org, "{query}");
        assert_eq!(
            (found[0]["user_id"].as_str(), found[0]["org_id"].as_str()),
            (Some(user), Some(org))
        );
    }
}

#[tokio::test]
async fn a_list_is_of_somebody() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    realm.join(&user, &org).await;
    for query in ["", "?org_id=", "?user_id=&org_id=", "?max_results=5"] {
        assert_eq!(
            realm.read(&format!("/v2/memberships{query}")).await.errors(422).len(),
            1,
            "{query}"
        );
    }
    let empty = json!({"collection": [], "more_results": false});
    for query in [
        "org_id=org_0000000000000000000000",
        "user_id=usr_0000000000000000000000",
        "org_id=nonsense",
        "user_id=ana@example.com",
        &format!(
            "org_id={}&user_id=usr_0000000000000000000000",
            org["id"].as_str().unwrap()
        ),
    ] {
        assert_eq!(
            realm.read(&format!("/v2/memberships?{query}")).await.expect(200),
            empty,
            "{query}"
        );
    }
}

#[tokio::test]
async fn one_that_has_expired_is_not_listed() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let fields = json!({"user_id": user["id"], "org_id": org["id"], "expires_at": 1_767_225_601});
    realm
        .create("/v2/memberships", json!({ "membership": fields }))
        .await
        .expect(201);
    let path = format!("/v2/memberships?org_id={}", org["id"].as_str().unwrap());
    app.clock.advance_ms(999);
    assert_eq!(realm.list(&path).await.len(), 1);
    app.clock.advance_ms(1);
    assert_eq!(realm.list(&path).await.len(), 0);
}

#[tokio::test]
async fn t_03_memberships_of_another_realm_are_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (user, org) = (other.user("ana@example.com").await, other.org("One").await);
    other.join(&user, &org).await;
    let key = app.key("read", Some(&own.id)).await;
    let read = |path: String| app.send(app.holder(&key, Method::GET, &path));
    for (name, of) in [("user_id", &user), ("org_id", &org)] {
        let id = of["id"].as_str().unwrap();
        let list = read(format!("/v2/memberships?{name}={id}")).await.expect(200);
        assert_eq!(
            field(list["collection"].as_array().unwrap(), "id"),
            Vec::<String>::new()
        );
        read(format!("/v2/memberships?{name}={id}&realm_id={}", other.id))
            .await
            .errors(404);
    }
}
