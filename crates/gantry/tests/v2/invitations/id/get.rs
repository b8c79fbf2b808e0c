//! `GET /v2/invitations/:id` (contract 3.11)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn one_is_read_as_it_was_made() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({"invitation": {"invitation_type": "request", "email": "a@b.co"}});
    let made = realm.create("/v2/invitations", sent).await.expect(201);
    let path = format!("/v2/invitations/{}", made["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), made);
    for id in ["nvt_0000000000000000000000", "nonsense", "org_0000000000000000000000"] {
        realm.read(&format!("/v2/invitations/{id}")).await.errors(404);
    }
}

#[tokio::test]
async fn t_03_one_of_another_realm_is_as_good_as_none() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let sent = json!({"invitation": {"invitation_type": "request", "email": "a@b.co"}});
    let foreign = other.create("/v2/invitations", sent).await.expect(201);
    let path = format!("/v2/invitations/{}", foreign["id"].as_str().unwrap());
    let none = own.read("/v2/invitations/nvt_0000000000000000000000").await;
    let found = own.read(&path).await;
    found.errors(404);
    assert_eq!(found.text, none.text);
    let writer = app.key("write", Some(&own.id)).await;
    for verb in [Method::GET, Method::PUT, Method::DELETE] {
        let request = app
            .holder(&writer, verb, &path)
            .json(&json!({"invitation": {"email": "mine@b.co"}}));
        app.send(request).await.errors(404);
    }
    let invite = format!("{path}/invite");
    app.send(app.holder(&writer, Method::POST, &invite)).await.errors(404);
    assert_eq!(other.read(&path).await.expect(200), foreign);
}
