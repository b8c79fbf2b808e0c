//! `/v2/events` (contract 5.2)

mod export;
mod filters;
mod made;
mod retention;
mod watch;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::App;

fn types(list: &Value) -> Vec<&str> {
    list["collection"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["event_type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn each_change_is_an_event_with_who_asked_and_the_request_s_id() {
    let app = App::start().await;
    let realm = app.realm().await;
    let who = json!({"ip": "192.0.2.7", "client": "Shop/1"});
    let told = |mut body: Value| {
        body["realm_id"] = json!(realm.id);
        body["request"] = who.clone();
        body
    };
    let user = app
        .post("/v2/users", told(json!({"user": {"email": "ana@example.com"}})))
        .await;
    let org = app.post("/v2/orgs", told(json!({"org": {"name": "One"}}))).await;
    let ids = json!({"membership": {"user_id": user.expect(201)["id"], "org_id": org.expect(201)["id"]}});
    let membership = app.post("/v2/memberships", told(ids)).await;
    membership.expect(201);
    for (reply, event_type, field) in [
        (&user, "user.created", "user_id"),
        (&org, "org.created", "org_id"),
        (&membership, "membership.created", "membership_id"),
    ] {
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (&event["object"], &event["event_type"]),
            (&json!("event"), &json!(event_type))
        );
        assert_eq!(event[field], reply.json()["id"]);
        assert_eq!(
            (&event["request"], &event["request_id"]),
            (&who, &json!(reply.request_id()))
        );
        let one = app
            .get(&format!(
                "/v2/events/{}?realm_id={}",
                event["id"].as_str().unwrap(),
                realm.id
            ))
            .await
            .expect(200);
        assert_eq!(one, event);
    }
}

#[tokio::test]
async fn a_list_is_newest_first_filtered_and_paged() {
    let app = App::start().await;
    let realm = app.realm().await;
    let mut last = String::new();
    for n in 0..5 {
        let org = json!({"realm_id": realm.id, "org": {"name": format!("Org {n}")}});
        last = app.post("/v2/orgs", org).await.request_id().to_owned();
    }
    app.event(&realm.id, &last).await;
    realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await;
    app.events(&realm.id, login.request_id(), 3).await;
    let list = |query: &str| app.root(Method::GET, &format!("/v2/events?realm_id={}&{query}", realm.id));

    let first = app.send(list("max_results=2")).await.expect(200);
    assert_eq!(
        (types(&first), &first["more_results"]),
        (vec!["user.login.succeeded", "membership.created"], &json!(true))
    );
    let after = first["collection"][1]["id"].as_str().unwrap();
    let second = app
        .send(list(&format!("max_results=2&after={after}")))
        .await
        .expect(200);
    assert_eq!(types(&second), ["org.created", "user.created"]);
    assert_eq!(
        types(
            &app.send(list("event_type[]=user.login.&event_type[]=membership.created"))
                .await
                .expect(200)
        )
        .len(),
        2
    );
    assert_eq!(
        types(&app.send(list("event_type=org.created&direction=asc")).await.expect(200)).len(),
        6
    );
    app.send(list("max_results=0")).await.errors(422);
    app.send(list("sort=color")).await.errors(422);
    app.send(list("after=org_1")).await.errors(422);
    // A month later they are not shown unless asked for.
    app.clock.advance_ms(31 * 24 * 3600 * 1000);
    assert!(types(&app.send(list("")).await.expect(200)).is_empty());
    assert!(!types(&app.send(list("created_at_after=")).await.expect(200)).is_empty());
}

#[tokio::test]
async fn t_03_a_foreign_event_is_as_good_as_none() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let reply = app
        .post("/v2/orgs", json!({"realm_id": realm.id, "org": {"name": "One"}}))
        .await;
    let event = app.event(&realm.id, reply.request_id()).await;
    let foreign = app
        .get(&format!(
            "/v2/events/{}?realm_id={}",
            event["id"].as_str().unwrap(),
            other.id
        ))
        .await;
    let none = app
        .get(&format!("/v2/events/ev_0000000000000000000000?realm_id={}", other.id))
        .await;
    assert_eq!(
        (foreign.errors(404), foreign.text.clone()),
        (none.errors(404), none.text.clone())
    );
    assert!(types(&app.get(&format!("/v2/events?realm_id={}", other.id)).await.expect(200)).is_empty());
}

#[tokio::test]
async fn t_33_the_token_of_a_mail_is_for_keys_that_write() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let reply = realm
        .create("/v2/users/ana@example.com/generate_password_token", json!({}))
        .await;
    let token = reply.expect(201);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!((&event["token"], &event["user_id"]), (&token["token"], &user["id"]));
    let (reader, writer) = (
        app.key("read", Some(&realm.id)).await,
        app.key("write", Some(&realm.id)).await,
    );
    let one = format!("/v2/events/{}", event["id"].as_str().unwrap());
    let many = "/v2/events?event_type=user.password";
    for (key, seen) in [(&reader, None), (&writer, Some(&token["token"]))] {
        let mut shown = app.send(app.holder(key, Method::GET, &one)).await.expect(200);
        // A list shows whom it was told to when it is asked to.
        assert_eq!(shown["notifications"][0]["hook_type"], "email");
        shown["notifications"] = json!([]);
        let list = app.send(app.holder(key, Method::GET, many)).await.expect(200);
        assert_eq!(shown.get("token"), seen);
        assert_eq!(list["collection"], json!([shown]));
    }
    // Events that made none have none.
    let created = app
        .get(&format!("/v2/events?realm_id={}&event_type=user.created", realm.id))
        .await;
    assert!(created.expect(200)["collection"][0].get("token").is_none());
}
