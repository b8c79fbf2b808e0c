//! Signing in by mail, by each way that a mail brings.

use serde_json::json;

use super::{Book, Seen};
use crate::common::{App, PASSWORD};

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm_with(json!({"email_login": "both"})).await);
    let user = json!({"user": {"email": "ana@example.com", "password": PASSWORD}});
    book.good("POST", "/v2/users", user, "ana", &["user.created user=ana"])
        .await;
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    let events = [
        "org.created org=?",
        "membership.created user=ana org=? membership=?",
        "user.login.succeeded user=ana session=one",
    ];
    book.good("POST", "/v2/login", login, "one", &events).await;

    let (ask, enter) = ("/v2/login/email", "/v2/login/email/verify");
    let who = json!({"email": "ana@example.com"});
    let events = ["user.login.requested user=ana +token"];
    book.good("POST", ask, who.clone(), "", &events).await;
    let link = book.token("user.login.requested").await;
    let link = link.rsplit_once(':').map_or("", |(link, _)| link).to_owned();
    let nobody = book
        .good("POST", ask, json!({"email": "nobody@example.com"}), "", &[])
        .await;
    book.bad("POST", ask, json!({}), &[]).await;
    // Nobody had shown yet that the address is theirs.
    let events = [
        "user.email.verified user=ana",
        "user.login.succeeded user=ana session=two",
        "session.deleted user=ana session=one",
    ];
    let body = json!({ "token": link });
    book.good("POST", enter, body.clone(), "two", &events).await;
    book.bad("POST", enter, body, &[]).await;

    let asked = book
        .good("POST", ask, who, "", &["user.login.requested user=ana +token"])
        .await;
    let text = book.token("user.login.requested").await;
    let code = text.rsplit(':').next().unwrap_or_default();
    let right = json!({"token": asked["token"], "code": code});
    let wrong = code.chars().rev().collect::<String>();
    let wrong = if wrong == code { "00000001".to_owned() } else { wrong };
    let wrong = json!({"token": asked["token"], "code": wrong});
    book.bad("POST", enter, wrong, &["user.login.failed user=ana"]).await;
    let stranger = json!({"token": nobody["token"], "code": code});
    book.bad("POST", enter, stranger, &["user.login.failed"]).await;
    book.good(
        "POST",
        enter,
        right.clone(),
        "three",
        &["user.login.succeeded user=ana session=three"],
    )
    .await;
    book.bad("POST", enter, right, &["user.login.failed user=ana"]).await;
    book.close().await
}
