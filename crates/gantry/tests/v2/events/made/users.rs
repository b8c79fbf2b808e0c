//! Users, their factors, and what back ends do about them.

use serde_json::json;

use super::{Book, Seen};
use crate::common::{App, Authenticator, PASSWORD};

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let none = json!({});
    let made = json!({"user": {"email": "ana@example.com", "username": "ana", "password": PASSWORD}});
    let ana = book
        .good("POST", "/v2/users", made.clone(), "ana", &["user.created user=ana"])
        .await;
    book.bad("POST", "/v2/users", made, &[]).await;
    book.bad("POST", "/v2/users", json!({"user": {"email": "none"}}), &[])
        .await;
    let named = json!({"user": {"first_name": "Ana"}});
    book.good("PUT", "/v2/users/ana", named.clone(), "", &["user.updated user=ana"])
        .await;
    book.bad("PUT", "/v2/users/usr_0000000000000000000000", named.clone(), &[])
        .await;
    book.good(
        "PUT",
        "/v2/users/ana/profile",
        json!({"user": {"last_name": "R"}}),
        "",
        &["user.profile.updated user=ana"],
    )
    .await;
    book.bad("PUT", "/v2/users/ana/profile", json!({"user": {"locale": "??"}}), &[])
        .await;
    book.good("GET", "/v2/users", json!(null), "", &[]).await;
    book.good("GET", "/v2/users/ana", json!(null), "", &[]).await;

    let asked = "/v2/users/ana/request_email_verification";
    let token = book
        .good(
            "POST",
            asked,
            none.clone(),
            "",
            &["user.email.verifying user=ana +token"],
        )
        .await["token"]
        .clone();
    book.bad(
        "POST",
        "/v2/users/verify_email",
        json!({"user": {"token": "tve:x"}}),
        &[],
    )
    .await;
    let body = json!({"user": {"token": token}});
    book.good(
        "POST",
        "/v2/users/verify_email",
        body.clone(),
        "",
        &["user.email.verified user=ana"],
    )
    .await;
    book.bad("POST", "/v2/users/verify_email", body, &[]).await;
    let body = json!({"user": {"email_pending": "new@example.com"}});
    let events = ["user.updated user=ana", "user.email.updating user=ana +token"];
    book.good("PUT", "/v2/users/ana", body, "", &events).await;
    let body = json!({"user": {"token": book.token("user.email.updating").await}});
    book.good(
        "POST",
        "/v2/users/verify_email",
        body,
        "",
        &["user.email.verified user=ana"],
    )
    .await;
    let body = json!({"user": {"email": "ana@example.com", "email_verification": "requested"}});
    let events = ["user.updated user=ana", "user.email.verifying user=ana +token"];
    book.good("PUT", "/v2/users/ana", body, "", &events).await;

    let open = json!({"session": {"user_id": ana["id"]}});
    book.good("POST", "/v2/sessions", open, "one", &[]).await;
    // Their sessions are refused meanwhile, and not ended.
    let events = ["user.updated user=ana"];
    book.good(
        "PUT",
        "/v2/users/ana",
        json!({"user": {"state": "inactive"}}),
        "",
        &events,
    )
    .await;
    let login = json!({"user": {"password": PASSWORD}});
    book.bad(
        "POST",
        "/v2/users/ana/authenticate",
        login.clone(),
        &["user.login.failed user=ana"],
    )
    .await;
    book.good(
        "PUT",
        "/v2/users/ana",
        json!({"user": {"state": "active"}}),
        "",
        &["user.updated user=ana"],
    )
    .await;
    let events = ["user.login.succeeded user=ana session=two"];
    book.good("POST", "/v2/users/ana/authenticate", login.clone(), "two", &events)
        .await;
    let wrong = json!({"user": {"password": "not the one"}});
    book.bad(
        "POST",
        "/v2/users/ana/authenticate",
        wrong.clone(),
        &["user.login.failed user=ana"],
    )
    .await;
    book.bad("POST", "/v2/users/nobody/authenticate", wrong, &[]).await;

    factors(&mut book, app, &ana["id"]).await;

    let body = json!({"user": {"email": "bo@example.com"}});
    book.good("POST", "/v2/users", body, "bo", &["user.created user=bo"])
        .await;
    book.good(
        "DELETE",
        "/v2/users/bo@example.com",
        none.clone(),
        "",
        &["user.deleted user=bo"],
    )
    .await;
    book.bad("DELETE", "/v2/users/bo@example.com", none, &[]).await;
    book.close().await
}

async fn factors(book: &mut Book<'_>, app: &App, ana: &serde_json::Value) {
    let none = json!({});
    let state = json!({"auth_provider": {"state": "active"}});
    book.good("PUT", "/v2/auth_providers/totp", state, "", &[]).await;
    let fields = json!({"credential": {"user_id": ana, "credential_type": "totp", "name": "Phone"}});
    let made = book.good("POST", "/v2/credentials", fields, "", &[]).await;
    let phone = Authenticator::of(&made);
    let path = format!("/v2/credentials/{}", phone.id);
    book.bad(
        "POST",
        &format!("{path}/verify"),
        json!({"credential": {"code": phone.wrong(app)}}),
        &[],
    )
    .await;
    book.good(
        "POST",
        &format!("{path}/verify"),
        json!({"credential": {"code": phone.code(app)}}),
        "",
        &[],
    )
    .await;
    app.clock.advance_ms(30_000);
    let login = json!({"user": {"password": PASSWORD}});
    let events = ["user.login.initiated user=ana"];
    let half = book
        .good("POST", "/v2/users/ana/authenticate", login.clone(), "", &events)
        .await["token"]
        .clone();
    let body = json!({"user": {"token": half, "code": phone.wrong(app)}});
    book.bad(
        "POST",
        "/v2/users/authenticate_token",
        body,
        &["user.login.failed user=ana"],
    )
    .await;
    let body = json!({"user": {"token": half, "code": phone.code(app)}});
    let events = ["user.login.succeeded user=ana session=three"];
    book.good("POST", "/v2/users/authenticate_token", body, "three", &events)
        .await;
    app.clock.advance_ms(30_000);
    let body = json!({"email": "ana@example.com", "password": PASSWORD});
    let half = book
        .good("POST", "/v2/login", body, "", &["user.login.initiated user=ana"])
        .await["token"]
        .clone();
    let body = json!({"token": half, "code": phone.wrong(app)});
    book.bad("POST", "/v2/login/verify", body, &["user.login.failed user=ana"])
        .await;
    let body = json!({"token": half, "code": phone.code(app)});
    // Whoever comes to the host without an org gets one.
    let events = [
        "org.created org=?",
        "membership.created user=ana org=? membership=?",
        "user.login.succeeded user=ana session=four",
    ];
    book.good("POST", "/v2/login/verify", body, "four", &events).await;
    book.good("POST", "/v2/users/ana/generate_recovery_codes", none.clone(), "", &[])
        .await;
    book.good("GET", &path, json!(null), "", &[]).await;
    book.good("PUT", &path, json!({"credential": {"name": "Tablet"}}), "", &[])
        .await;
    book.good("DELETE", &path, none, "", &[]).await;
}
