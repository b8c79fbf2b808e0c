//! `GET /v2/orgs` (contract 1.7 and 3.3)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn orgs_are_listed_by_name_and_equal_names_by_age() {
    let app = App::start().await;
    let realm = app.realm().await;
    let stranger = app.realm().await;
    let mut made = Vec::new();
    for name in [
        "beta",
        "Alpha",
        "alpha",
        "Gamma",
        "beta",
        "Ümlaut",
        "10",
        "9",
        "BETA",
        "alpha beta",
    ] {
        made.push(realm.org(name).await);
        stranger.org(name).await;
    }
    // Whatever their case, characters in the order of their code points, on every database.
    let places = [6, 7, 1, 2, 9, 0, 4, 8, 3, 5];
    let ids: Vec<String> = places
        .iter()
        .map(|at| made[*at]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(field(&realm.list("/v2/orgs").await, "id"), ids);
    assert_eq!(field(&realm.list("/v2/orgs?sort=name").await, "id"), ids);
    pages_are_right(&app, &ids, "asc", |query| {
        realm.core(Method::GET, &format!("/v2/orgs?{query}"))
    })
    .await;
}

#[tokio::test]
async fn orgs_are_listed_by_id_when_asked() {
    let app = App::start().await;
    let realm = app.realm().await;
    let mut ids = Vec::new();
    for name in ["e", "d", "c", "b", "a"] {
        ids.push(realm.org(name).await["id"].as_str().unwrap().to_owned());
    }
    let ask = |query: &str| {
        // Where the query names a sort of its own, the last one counts.
        realm.core(Method::GET, &format!("/v2/orgs?sort=id&{query}"))
    };
    pages_are_right(&app, &ids, "asc", ask).await;
}

#[tokio::test]
async fn a_page_behind_an_org_that_is_not_there_is_empty() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.org("b").await;
    let foreign = other.org("a").await;
    let empty = json!({"collection": [], "more_results": false});
    for after in ["org_0000000000000000000000", foreign["id"].as_str().unwrap()] {
        assert_eq!(realm.read(&format!("/v2/orgs?after={after}")).await.expect(200), empty);
    }
}

#[tokio::test]
async fn custom_is_shown_when_asked() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm
        .create("/v2/orgs", json!({"org": {"name": "One", "custom": {"a": [1]}}}))
        .await
        .expect(201);
    let plain = realm.list("/v2/orgs").await.remove(0);
    assert!(
        plain.get("custom").is_none() && plain.get("memberships").is_none(),
        "{plain}"
    );
    for query in [
        "expand=custom",
        "expands=custom",
        "expand[]=custom",
        "expands[0]=custom",
    ] {
        let item = realm.list(&format!("/v2/orgs?{query}")).await.remove(0);
        assert_eq!(item["custom"], json!({"a": [1]}), "{query}");
    }
    realm.read("/v2/orgs?expand=memberships").await.errors(422);
}

#[tokio::test]
async fn filters_find_what_they_name() {
    let app = App::start().await;
    let realm = app.realm().await;
    for org in [
        json!({"name": "a", "reference": "R"}),
        json!({"name": "b", "reference": "r"}),
        json!({"name": "c", "reference": "R", "state": "inactive"}),
    ] {
        realm.create("/v2/orgs", json!({ "org": org })).await.expect(201);
    }
    for (query, expected) in [
        ("state=active", vec!["a", "b"]),
        ("state=inactive", vec!["c"]),
        ("state=closed", vec![]),
        ("reference=R", vec!["a", "c"]),
        ("reference=R&state=active", vec!["a"]),
        ("reference=%25", vec![]),
        ("state=&reference=", vec!["a", "b", "c"]),
        ("reference=R&direction=desc&max_results=1", vec!["c"]),
    ] {
        let found = realm.list(&format!("/v2/orgs?{query}")).await;
        assert_eq!(field(&found, "name"), expected, "{query}");
    }
}

#[tokio::test]
async fn t_03_a_locked_key_sees_its_own_orgs_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    own.org("Mine").await;
    other.org("Theirs").await;
    let key = app.key("read", Some(&own.id)).await;
    let read = |path: &str| app.send(app.holder(&key, Method::GET, path));
    let list = read("/v2/orgs").await.expect(200);
    assert_eq!(field(list["collection"].as_array().unwrap(), "name"), ["Mine"]);
    read(&format!("/v2/orgs?realm_id={}", other.id)).await.errors(404);
}
