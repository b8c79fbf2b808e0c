//! Passwords: changed, forgotten, and made new.

use serde_json::json;

use super::{Book, Seen};
use crate::common::{App, PASSWORD};

const NEW: &str = "another long horse battery";

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let user = json!({"user": {"email": "ana@example.com", "username": "ana", "password": PASSWORD}});
    let ana = book
        .good("POST", "/v2/users", user, "ana", &["user.created user=ana"])
        .await;
    let open = json!({"session": {"user_id": ana["id"]}});
    book.good("POST", "/v2/sessions", open.clone(), "one", &[]).await;
    let change = json!({"user": {"current_password": PASSWORD, "password": NEW, "keep_sessions": "none"}});
    let events = ["user.password.updated user=ana", "session.deleted user=ana session=one"];
    book.good("PUT", "/v2/users/ana/update_password", change.clone(), "", &events)
        .await;
    book.bad("PUT", "/v2/users/ana/update_password", change, &[]).await;
    let change = json!({"user": {"password": PASSWORD}});
    let events = [
        "user.updated user=ana",
        "user.password.updated user=ana",
        "session.deleted user=ana session=zero",
    ];
    book.good("POST", "/v2/sessions", open.clone(), "zero", &[]).await;
    book.good("PUT", "/v2/users/ana", change, "", &events).await;
    let path = format!(
        "/v2/credentials/{}",
        ana["credentials"][0]["id"].as_str().unwrap_or_default()
    );
    let change = json!({"credential": {"password": NEW}});
    book.good("PUT", &path, change, "", &["user.password.updated user=ana"])
        .await;
    book.bad("PUT", &path, json!({"credential": {"password": "x"}}), &[])
        .await;

    let asked = "/v2/users/ana/generate_password_token";
    let events = ["user.password.resetting user=ana +token"];
    let token = book.good("POST", asked, json!({}), "", &events).await["token"].clone();
    book.good("POST", "/v2/sessions", open.clone(), "two", &[]).await;
    let reset = "/v2/users/reset_password_with_token";
    book.bad(
        "POST",
        reset,
        json!({"user": {"token": "tpw:x", "password": PASSWORD}}),
        &[],
    )
    .await;
    book.bad("POST", reset, json!({"user": {"token": token, "password": "x"}}), &[])
        .await;
    let events = [
        "user.password.updated user=ana",
        "user.login.succeeded user=ana session=three",
        "session.deleted user=ana session=two",
    ];
    let body = json!({"user": {"token": token, "password": PASSWORD}});
    book.good("POST", reset, body.clone(), "three", &events).await;
    book.bad("POST", reset, body, &[]).await;

    let who = json!({"email": "ana@example.com"});
    let events = ["user.password.resetting user=ana +token"];
    book.good("POST", "/v2/password/forgot", who, "", &events).await;
    let token = book.token("user.password.resetting").await;
    book.good(
        "POST",
        "/v2/password/forgot",
        json!({"email": "nobody@example.com"}),
        "",
        &[],
    )
    .await;
    book.bad(
        "POST",
        "/v2/password/reset",
        json!({"token": "tpw:x", "password": NEW}),
        &[],
    )
    .await;
    let body = json!({"token": token, "password": NEW, "password_confirmation": NEW});
    let events = [
        "user.password.updated user=ana",
        "org.created org=?",
        "membership.created user=ana org=? membership=?",
        "user.login.succeeded user=ana session=four",
        "session.deleted user=ana session=three",
    ];
    let login = book.good("POST", "/v2/password/reset", body, "four", &events).await;
    let wrong = json!({"session": login["session"], "current_password": "no", "password": PASSWORD, "password_confirmation": PASSWORD});
    book.bad("POST", "/v2/profile/password", wrong, &[]).await;
    let body = json!({"session": login["session"], "current_password": NEW, "password": PASSWORD, "password_confirmation": PASSWORD});
    book.good(
        "POST",
        "/v2/profile/password",
        body,
        "",
        &["user.password.updated user=ana"],
    )
    .await;
    let body = json!({"session": login["session"], "first_name": "Ana"});
    book.good("PUT", "/v2/profile", body, "", &["user.profile.updated user=ana"])
        .await;
    book.bad(
        "PUT",
        "/v2/profile",
        json!({"session": login["session"], "locale": "??"}),
        &[],
    )
    .await;

    let asked = "/v2/users/ana/request_email_verification";
    let events = ["user.email.verifying user=ana +token"];
    let token = book.good("POST", asked, json!({}), "", &events).await["token"].clone();
    book.bad("POST", "/v2/email/verify", json!({"token": "tve:x"}), &[])
        .await;
    book.good(
        "POST",
        "/v2/email/verify",
        json!({"token": token}),
        "",
        &["user.email.verified user=ana"],
    )
    .await;
    // What was mailed of all this is told once more, which happens to nobody.
    book.token("user.password.resetting").await;
    let told = book.good("GET", "/v2/notifications", json!(null), "", &[]).await;
    let one = told["collection"][0]["id"].as_str().unwrap_or_default();
    let path = format!("/v2/notifications/{one}");
    book.good("GET", &path, json!(null), "", &[]).await;
    book.good("POST", &format!("{path}/replay"), json!({}), "", &[]).await;
    book.good("POST", "/v2/replays", json!({"replay": {"state": "failed"}}), "", &[])
        .await;
    book.bad("POST", "/v2/replays", json!({"replay": {"state": "lost"}}), &[])
        .await;
    book.close().await
}
