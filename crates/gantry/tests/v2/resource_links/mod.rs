//! `/v2/resource_links` (contract 3.13)

use gantry_kernel::{Id, ResourceLinkId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

const PATH: &str = "/v2/resource_links";

async fn make(realm: &TestRealm<'_>, fields: Value) -> Reply {
    realm.create(PATH, json!({ "resource_link": fields })).await
}

async fn send(realm: &TestRealm<'_>, method: Method, path: &str, fields: Value) -> Reply {
    let request = realm.core(method, path).json(&json!({ "resource_link": fields }));
    realm.app.send(request).await
}

fn path_of(made: &Value) -> String {
    format!("{PATH}/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn it_is_made_read_changed_and_deleted_and_shown_with_its_realm() {
    let app = App::start().await;
    let realm = app.realm().await;
    let own = format!("/v2/realms/{}", realm.id);
    assert_eq!(app.get(&own).await.expect(200)["resource_links"], json!([]));
    let sent = json!({"title": "Help", "link_url": "https://help.example/?a=b", "resource_type": "support"});
    let made = make(&realm, sent.clone()).await.expect(201);
    assert!(ResourceLinkId::parse(made["id"].as_str().unwrap()).is_ok());
    let mut expected = sent;
    expected["id"] = made["id"].clone();
    expected["object"] = json!("resource_link");
    expected["realm_id"] = json!(realm.id);
    expected["created_at"] = json!(1_767_225_600.0);
    assert_eq!(made, expected);
    let path = path_of(&made);
    assert_eq!(realm.read(&path).await.expect(200), made);
    let least = make(&realm, json!({"title": "Home", "link_url": "http://home.example"}))
        .await
        .expect(201);
    assert_eq!(least["resource_type"], json!(null));
    assert_eq!(app.get(&own).await.expect(200)["resource_links"], json!([made, least]));

    for (name, value) in [
        ("title", json!("More help")),
        ("link_url", json!("https://more.example/")),
        ("resource_type", json!("docs")),
    ] {
        expected[name] = value.clone();
        assert_eq!(
            send(&realm, Method::PUT, &path, json!({name: value})).await.expect(200),
            expected
        );
    }
    assert_eq!(send(&realm, Method::PUT, &path, json!({})).await.expect(200), expected);
    expected["resource_type"] = json!(null);
    let cleared = send(&realm, Method::PUT, &path, json!({"resource_type": null})).await;
    assert_eq!(cleared.expect(200), expected);
    assert_eq!(realm.read(&path).await.expect(200), expected);

    assert_eq!(
        send(&realm, Method::DELETE, &path, json!(null)).await.expect(200),
        expected
    );
    realm.read(&path).await.errors(404);
    send(&realm, Method::DELETE, &path, json!(null)).await.errors(404);
    send(&realm, Method::PUT, &path, json!({})).await.errors(404);
    assert_eq!(app.get(&own).await.expect(200)["resource_links"], json!([least]));
    // A list there is only with the realm, and none with many realms.
    app.get(PATH).await.errors(405);
    assert!(
        app.get("/v2/realms").await.expect(200)["collection"][0]
            .get("resource_links")
            .is_none()
    );
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = make(&realm, json!({"title": "Home", "link_url": "http://home.example"}))
        .await
        .expect(201);
    for (wrong, count) in [
        (json!({}), 2),
        (json!({"title": "T", "link_url": "javascript://x/%0aalert(1)"}), 1),
        (json!({"title": "T", "link_url": "/relative"}), 1),
        (json!({"title": "T", "link_url": "myapp://x"}), 1),
        (
            json!({"title": "x".repeat(256), "link_url": "https://a@b.example/", "resource_type": "a\nb"}),
            3,
        ),
    ] {
        let reply = make(&realm, wrong.clone()).await;
        assert_eq!(reply.errors(422).len(), count, "{wrong}");
    }
    for wrong in [
        json!({"title": ""}),
        json!({"link_url": null}),
        json!({"link_url": "data://x"}),
    ] {
        send(&realm, Method::PUT, &path_of(&made), wrong).await.errors(422);
    }
    make(&realm, json!("x")).await.errors(400);
    app.post(
        "/v2/resource_links?realm_id=rl_0000000000000000000000",
        json!({"title": "Home", "link_url": "http://home.example"}),
    )
    .await
    .errors(404);
    let own = format!("/v2/realms/{}", realm.id);
    assert_eq!(app.get(&own).await.expect(200)["resource_links"], json!([made]));
}

#[tokio::test]
async fn a_realm_has_a_hundred_at_the_most() {
    let app = App::start().await;
    let realm = app.realm().await;
    for number in 0..100 {
        make(
            &realm,
            json!({"title": format!("T{number}"), "link_url": "https://a.example/"}),
        )
        .await
        .expect(201);
    }
    let number = 100;
    make(
        &realm,
        json!({"title": format!("T{number}"), "link_url": "https://a.example/"}),
    )
    .await
    .errors(409);
    let other = app.realm().await;
    make(
        &other,
        json!({"title": format!("T{number}"), "link_url": "https://a.example/"}),
    )
    .await
    .expect(201);
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = make(&other, json!({"title": "Home", "link_url": "http://home.example"}))
        .await
        .expect(201);
    let key = app.key("manage", Some(&own.id)).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let send = |path: String| app.send(app.holder(&key, method.clone(), &path));
        let unknown = send(format!("{PATH}/rln_0000000000000000000000")).await;
        unknown.errors(404);
        for path in [
            path_of(&theirs),
            format!("{}?realm_id={}", path_of(&theirs), other.id),
            format!("{PATH}/nonsense"),
        ] {
            let reply = send(path).await;
            assert_eq!((reply.status, &reply.text), (404, &unknown.text));
        }
        for permission in ["read", "write"] {
            let key = app.key(permission, Some(&other.id)).await;
            app.send(app.holder(&key, method.clone(), &path_of(&theirs)))
                .await
                .errors(403);
        }
    }
    let body =
        json!({"realm_id": other.id, "resource_link": json!({"title": "Home", "link_url": "http://home.example"})});
    app.send(app.holder(&key, Method::POST, PATH).json(&body))
        .await
        .errors(404);
    assert_eq!(other.read(&path_of(&theirs)).await.expect(200), theirs);
}
