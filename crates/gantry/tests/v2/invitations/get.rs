//! `GET /v2/invitations` (contract 1.7 and 3.11)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn they_are_listed_in_the_order_of_their_making_and_by_filter() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let mut ids = Vec::new();
    for n in 0..6 {
        let sent = match n {
            0 => json!({"invitation_type": "org", "email": "one@b.co", "org_id": org["id"]}),
            1 => json!({"invitation_type": "referral", "email": "one@b.co", "inviting_user_id": user["id"]}),
            _ => json!({"invitation_type": "request", "email": format!("u{}@b.co", 9 - n)}),
        };
        let made = realm
            .create("/v2/invitations", json!({ "invitation": sent }))
            .await
            .expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    pages_are_right(&app, &ids, "asc", |query| {
        realm.core(Method::GET, &format!("/v2/invitations?{query}"))
    })
    .await;
    let path = |query: &str| format!("/v2/invitations?{query}");
    for (query, found) in [
        ("email=ONE@b.co".to_owned(), &ids[..2]),
        ("invitation_type=request".to_owned(), &ids[2..]),
        (format!("org_id={}", org["id"].as_str().unwrap()), &ids[..1]),
        (format!("inviting_user_id={}", user["id"].as_str().unwrap()), &ids[1..2]),
        ("email=one@b.co&invitation_type=referral".to_owned(), &ids[1..2]),
        ("email=nobody@b.co".to_owned(), &[]),
    ] {
        assert_eq!(field(&realm.list(&path(&query)).await, "id"), found, "{query}");
    }
}

#[tokio::test]
async fn t_35_one_that_has_expired_is_nowhere() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({"invitation_type": "request", "email": "a@b.co", "expires_at": 1_767_225_601});
    let made = realm
        .create("/v2/invitations", json!({ "invitation": sent }))
        .await
        .expect(201);
    let path = format!("/v2/invitations/{}", made["id"].as_str().unwrap());
    realm.read(&path).await.expect(200);
    app.clock.advance_ms(1000);
    realm.read(&path).await.errors(404);
    assert_eq!(realm.list("/v2/invitations").await, Vec::<Value>::new());
    for verb in [Method::PUT, Method::DELETE] {
        app.send(realm.core(verb, &path).json(&json!({}))).await.errors(404);
    }
    realm.create(&format!("{path}/invite"), json!({})).await.errors(404);
}

#[tokio::test]
async fn t_33_a_key_that_only_reads_sees_no_token() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let sent = json!({"invitation": {"invitation_type": "request", "email": "a@b.co"}});
    let made = realm.create("/v2/invitations", sent.clone()).await.expect(201);
    other.create("/v2/invitations", sent).await.expect(201);
    let (reader, writer) = (
        app.key("read", Some(&realm.id)).await,
        app.key("write", Some(&realm.id)).await,
    );
    let one = format!("/v2/invitations/{}", made["id"].as_str().unwrap());
    for (key, token) in [(&reader, None), (&writer, Some(&made["token"]))] {
        let shown = app.send(app.holder(key, Method::GET, &one)).await.expect(200);
        let list = app
            .send(app.holder(key, Method::GET, "/v2/invitations"))
            .await
            .expect(200);
        assert_eq!(list["collection"], json!([shown]), "its own realm's alone");
        assert_eq!(shown.get("token"), token);
    }
}
