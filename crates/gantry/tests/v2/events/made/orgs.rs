//! Orgs and memberships.

use serde_json::json;

use super::{Book, Seen};
use crate::common::App;

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm_with(json!({"org_mode": "multi_user"})).await);
    let user = json!({"user": {"email": "ana@example.com"}});
    let ana = book
        .good("POST", "/v2/users", user, "ana", &["user.created user=ana"])
        .await;
    let body = json!({"org": {"name": "One"}});
    let one = book
        .good("POST", "/v2/orgs", body, "one", &["org.created org=one"])
        .await;
    book.bad("POST", "/v2/orgs", json!({"org": {"name": ""}}), &[]).await;
    let path = format!("/v2/orgs/{}", one["id"].as_str().unwrap_or_default());
    book.good(
        "PUT",
        &path,
        json!({"org": {"name": "Uno"}}),
        "",
        &["org.updated org=one"],
    )
    .await;
    book.bad("PUT", &path, json!({"org": {"state": "odd"}}), &[]).await;
    book.good("GET", "/v2/orgs", json!(null), "", &[]).await;
    book.good("GET", &path, json!(null), "", &[]).await;

    let body = json!({"membership": {"user_id": ana["id"], "org_id": one["id"]}});
    let events = ["membership.created user=ana org=one membership=place"];
    let place = book
        .good("POST", "/v2/memberships", body.clone(), "place", &events)
        .await;
    book.bad("POST", "/v2/memberships", body.clone(), &[]).await;
    let of_org = format!("/v2/memberships?org_id={}", one["id"].as_str().unwrap_or_default());
    book.good("GET", &of_org, json!(null), "", &[]).await;
    let member = format!("/v2/memberships/{}", place["id"].as_str().unwrap_or_default());
    book.good("GET", &member, json!(null), "", &[]).await;
    let change = json!({"membership": {"permissions": ["a:b"]}});
    let events = ["membership.updated user=ana org=one membership=place"];
    book.good("PUT", &member, change, "", &events).await;
    book.bad("PUT", &member, json!({"membership": {"permissions": ["ar:odd"]}}), &[])
        .await;
    let events = ["membership.deleted user=ana org=one membership=place"];
    book.good("DELETE", &member, json!({}), "", &events).await;
    book.bad("DELETE", &member, json!({}), &[]).await;

    book.good("DELETE", &path, json!({}), "", &["org.closed org=one"]).await;
    book.bad("PUT", &path, json!({"org": {"name": "Eins"}}), &[]).await;
    // Closed again it is closed, and nothing happened.
    book.good("DELETE", &path, json!({}), "", &[]).await;
    book.good("DELETE", &format!("{path}?force=true"), json!({}), "", &[])
        .await;
    book.bad("DELETE", &path, json!({}), &[]).await;
    let two = book
        .good(
            "POST",
            "/v2/orgs",
            json!({"org": {"name": "Two"}}),
            "two",
            &["org.created org=two"],
        )
        .await;
    let path = format!("/v2/orgs/{}", two["id"].as_str().unwrap_or_default());
    book.good(
        "PUT",
        &path,
        json!({"org": {"state": "closed"}}),
        "",
        &["org.closed org=two"],
    )
    .await;
    let three = book
        .good(
            "POST",
            "/v2/orgs",
            json!({"org": {"name": "Three"}}),
            "three",
            &["org.created org=three"],
        )
        .await;
    let path = format!("/v2/orgs/{}?force=true", three["id"].as_str().unwrap_or_default());
    book.good("DELETE", &path, json!({}), "", &["org.closed org=three"])
        .await;
    book.close().await
}
