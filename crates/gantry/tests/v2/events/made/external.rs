//! Users who come by somebody else's login.

use serde_json::json;

use super::{Book, Seen};
use crate::common::App;
use crate::common::external::{BACK, NONCE, parameter};

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let body = json!({"auth_provider": {"provider_type": "dummy"}});
    let dummy = book.good("POST", "/v2/auth_providers", body, "dummy", &[]).await;
    let path = format!("/v2/auth_providers/{}", dummy["id"].as_str().unwrap_or_default());
    book.good("GET", "/v2/auth_providers", json!(null), "", &[]).await;
    book.good("GET", &path, json!(null), "", &[]).await;
    book.good(
        "GET",
        &format!("/v2/auth_providers/authorize?redirect_uri={BACK}"),
        json!(null),
        "",
        &[],
    )
    .await;
    let asked = format!("{path}/authorize?redirect_uri={BACK}&nonce=");
    let asked = format!("{asked}{}", NONCE.replace(' ', "%20").replace('\'', "%27"));
    let url = book.good("GET", &asked, json!(null), "", &[]).await["auth_url"].clone();
    let url = url.as_str().unwrap_or_default();
    let state = parameter(url, "state").unwrap_or_default();
    let brought = |code: &str| json!({"code": code, "state": state, "nonce": NONCE});
    book.bad("POST", "/v2/auth_providers/authorize", brought("invalid"), &[])
        .await;
    let events = [
        "user.created user=? provider=dummy",
        "user.login.succeeded user=? session=one",
    ];
    let session = book
        .good(
            "POST",
            "/v2/auth_providers/authorize",
            brought("abcdefgh"),
            "one",
            &events,
        )
        .await;
    book.name(&session["user_id"], "?");
    let token = json!({"access_token": "abcdefgh"});
    let events = ["user.login.succeeded user=? session=two"];
    book.good("POST", &format!("{path}/authorize"), token.clone(), "two", &events)
        .await;
    book.bad(
        "POST",
        &format!("{path}/authorize"),
        json!({"access_token": "invalid"}),
        &[],
    )
    .await;
    // Whoever is known and may not come in has failed.
    let user = session["user_id"].as_str().unwrap_or_default();
    let off = json!({"user": {"state": "inactive"}});
    let events = ["user.updated user=?"];
    book.good("PUT", &format!("/v2/users/{user}"), off, "", &events).await;
    let events = ["user.login.failed user=? provider=dummy"];
    book.bad("POST", &format!("{path}/authorize"), token, &events).await;
    book.good("PUT", &path, json!({"auth_provider": {"state": "inactive"}}), "", &[])
        .await;
    book.good("DELETE", &path, json!({}), "", &[]).await;
    book.close().await
}
