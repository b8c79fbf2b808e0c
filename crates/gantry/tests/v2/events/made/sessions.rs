//! Logins and sessions, also of OAuth2.

use serde_json::json;

use super::{Book, Seen};
use crate::common::{App, PASSWORD};

const BACK: &str = "https://shop.example/cb";

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let user = json!({"user": {"email": "ana@example.com", "username": "ana", "password": PASSWORD}});
    let ana = book
        .good("POST", "/v2/users", user, "ana", &["user.created user=ana"])
        .await;
    let event = book.app().event(&book.realm.id, &book.called[0].request_id).await;
    book.good("GET", "/v2/events", json!(null), "", &[]).await;
    book.good("GET", "/v2/events/export", json!(null), "", &[]).await;
    book.good("GET", "/v2/events/watch", json!(null), "", &[]).await;
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap_or_default());
    book.good("GET", &path, json!(null), "", &[]).await;
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    let events = [
        "org.created org=?",
        "membership.created user=ana org=? membership=?",
        "user.login.succeeded user=ana session=one",
    ];
    let one = book.good("POST", "/v2/login", login, "one", &events).await;
    let wrong = json!({"email": "ana@example.com", "password": "not the one"});
    book.bad("POST", "/v2/login", wrong, &["user.login.failed user=ana"])
        .await;
    let nobody = json!({"email": "nobody@example.com", "password": PASSWORD});
    book.bad("POST", "/v2/login", nobody, &["user.login.failed"]).await;
    book.bad("POST", "/v2/login", json!({}), &[]).await;
    let session = format!("/v2/session?session={}", one["session"].as_str().unwrap_or_default());
    book.good("GET", &session, json!(null), "", &[]).await;
    book.good(
        "DELETE",
        &session,
        json!(null),
        "",
        &["session.deleted user=ana session=one"],
    )
    .await;
    book.bad("GET", &session, json!(null), &[]).await;
    book.good("GET", "/connect/jwks", json!(null), "", &[]).await;

    let open = json!({"session": {"user_id": ana["id"]}});
    let two = book.good("POST", "/v2/sessions", open, "two", &[]).await;
    book.bad(
        "POST",
        "/v2/sessions",
        json!({"session": {"user_id": "usr_0000000000000000000000"}}),
        &[],
    )
    .await;
    let path = format!("/v2/sessions/{}", two["id"].as_str().unwrap_or_default());
    book.good("GET", "/v2/sessions", json!(null), "", &[]).await;
    book.good("GET", &path, json!(null), "", &[]).await;
    book.good(
        "DELETE",
        &path,
        json!({}),
        "",
        &["session.deleted user=ana session=two"],
    )
    .await;
    book.bad("DELETE", &path, json!({}), &[]).await;

    let fields = json!({"client_type": "oauth2", "app_type": "web", "name": "Shop", "redirect_uris": [BACK]});
    let shop = book
        .good("POST", "/v2/client_apps", json!({ "client_app": fields }), "", &[])
        .await;
    let asked = json!({"session": {"client_app_id": shop["id"], "redirect_uri": BACK, "user_id": ana["id"]}});
    let code = book.good("POST", "/v2/sessions/oauth2", asked, "", &[]).await["code"].clone();
    let given = json!({"session": {"client_app_id": shop["id"], "client_app_secret": shop["secret"], "code": code}});
    let oauth = book
        .good("POST", "/v2/sessions/oauth2/code", given.clone(), "", &[])
        .await;
    let path = format!("/v2/sessions/oauth2/{}", oauth["id"].as_str().unwrap_or_default());
    book.good("GET", &path, json!(null), "", &[]).await;
    book.bad("POST", "/v2/sessions/oauth2/code", given, &[]).await;
    book.close().await
}
