//! `GET /v2/users/:id` (contract 1.1, 1.3 and 3.2)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, PASSWORD};

#[tokio::test]
async fn a_user_is_found_by_id_address_and_name_however_it_is_written() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana+x@example.com", "username": "Ana.Ñ", "password": PASSWORD}});
    let user = realm.create("/v2/users", body).await.expect(201);
    let id = user["id"].as_str().unwrap();
    for name in [
        id,
        "ana+x@example.com",
        "ANA+X@Example.com",
        "ana%2Bx%40example.com",
        "ana%2bx@example.com",
        "%61na+x@example.com",
        "Ana.%C3%91",
        "ana.%C3%B1",
    ] {
        assert_eq!(
            realm.read(&format!("/v2/users/{name}")).await.expect(200),
            user,
            "{name}"
        );
    }
    for path in [
        format!("/v2//users/{id}"),
        format!("//v2///users//{id}"),
        format!("/v2/users/{id}?"),
    ] {
        assert_eq!(realm.read(&path).await.expect(200), user, "{path}");
    }
}

#[tokio::test]
async fn a_plus_is_never_a_space_and_ids_have_one_case() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana+x@example.com").await;
    let id = user["id"].as_str().unwrap();
    for name in [
        "ana%20x@example.com",
        "anax@example.com",
        &id.to_uppercase(),
        &id.to_uppercase().replace("USR_", "usr_"),
        &id.replace("usr_", "org_"),
        "usr_0000000000000000000000",
        "nobody@example.com",
        "nobody",
        "%2e%2e",
        "*",
        "'%20OR%201=1--",
    ] {
        assert_eq!(
            realm.read(&format!("/v2/users/{name}")).await.errors(404).len(),
            1,
            "{name}"
        );
    }
    for unreadable in ["%zz", "a%2Fb", "a%00b", "%ff"] {
        realm.read(&format!("/v2/users/{unreadable}")).await.errors(400);
    }
}

#[tokio::test]
async fn memberships_come_when_asked_with_their_orgs() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let other = realm.user("bob@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    let first = realm.join(&user, &two).await;
    let second = realm.join(&user, &one).await;
    realm.join(&other, &one).await;
    let plain = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert!(plain.get("memberships").is_none());
    for query in [
        "expand=memberships",
        "expands=memberships",
        "expand[]=memberships",
        "expand=custom,memberships",
    ] {
        let shown = realm
            .read(&format!("/v2/users/ana@example.com?{query}"))
            .await
            .expect(200);
        let memberships = shown["memberships"].as_array().unwrap();
        let ids: Vec<_> = memberships.iter().map(|m| m["id"].clone()).collect();
        assert_eq!(ids, [first["id"].clone(), second["id"].clone()], "{query}");
        assert_eq!(memberships[0]["object"], "membership");
        assert_eq!(
            (&memberships[0]["org"]["name"], &memberships[0]["org"]["object"]),
            (&json!("Two"), &json!("org"))
        );
        assert!(memberships[0].get("user").is_none());
    }
    let lonely = realm.user("eve@example.com").await;
    let shown = realm
        .read(&format!(
            "/v2/users/{}?expand=memberships",
            lonely["id"].as_str().unwrap()
        ))
        .await
        .expect(200);
    assert_eq!(shown["memberships"], json!([]));
    realm
        .read("/v2/users/ana@example.com?expand=password")
        .await
        .errors(422);
}

#[tokio::test]
async fn an_expired_membership_is_gone() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let membership = json!({"user_id": user["id"], "org_id": org["id"], "expires_at": 1_767_225_610});
    realm
        .create("/v2/memberships", json!({ "membership": membership }))
        .await
        .expect(201);
    let shown = async || {
        let user = realm
            .read("/v2/users/ana@example.com?expand=memberships")
            .await
            .expect(200);
        user["memberships"].as_array().unwrap().len()
    };
    app.clock.advance_ms(9_999);
    assert_eq!(shown().await, 1);
    app.clock.advance_ms(1);
    assert_eq!(shown().await, 0);
}

#[tokio::test]
async fn t_33_no_answer_holds_a_password_or_its_hash() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let id = user["id"].as_str().unwrap();
    for path in [
        format!("/v2/users/{id}?expand=memberships"),
        "/v2/users?expand=custom".to_owned(),
        "/v2/events?created_at_after=".to_owned(),
    ] {
        let text = realm.read(&path).await.text.to_lowercase();
        assert!(
            !text.contains(PASSWORD) && !text.contains("argon") && !text.contains("\"secret"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn t_03_a_user_of_another_realm_is_like_one_that_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let user = other.user("ana@example.com").await;
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: &str| app.send(app.holder(&key, Method::GET, path));
    let unknown = read("/v2/users/usr_0000000000000000000000").await;
    unknown.errors(404);
    let id = user["id"].as_str().unwrap();
    for path in [
        format!("/v2/users/{id}"),
        "/v2/users/ana@example.com".to_owned(),
        format!("/v2/users/{id}?realm_id={}", other.id),
        format!("/v2/users/{id}?expand=memberships"),
    ] {
        let foreign = read(&path).await;
        assert_eq!((foreign.status, foreign.text), (404, unknown.text.clone()), "{path}");
    }
    // The account-wide key, too, finds it only in its own realm.
    own.read(&format!("/v2/users/{id}")).await.errors(404);
    assert_eq!(other.read(&format!("/v2/users/{id}")).await.expect(200), user);
}
