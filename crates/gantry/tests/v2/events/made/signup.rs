//! People who sign themselves up, by each way that realms offer.

use serde_json::json;

use super::{Book, Seen};
use crate::common::{App, PASSWORD};

pub(super) async fn books(app: &App) -> Vec<(Seen, Vec<String>)> {
    vec![open(app).await, first_verified(app).await, by_invitation(app).await]
}

/// Whoever comes is a user, with an org of their own.
async fn open(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm_with(json!({"email_verification": "requested"})).await);
    let body = json!({"email": "ana@example.com", "password": PASSWORD});
    let events = [
        "user.created user=?",
        "user.email.verifying user=? +token",
        "org.created org=?",
        "membership.created user=? org=? membership=?",
        "user.login.succeeded user=? session=one",
    ];
    let login = book.good("POST", "/v2/signup", body.clone(), "one", &events).await;
    let token = book.token("user.email.verifying").await;
    book.bad("POST", "/v2/signup", body, &[]).await;
    book.bad(
        "POST",
        "/v2/signup",
        json!({"email": "bo@example.com", "password": "x"}),
        &[],
    )
    .await;
    book.good(
        "POST",
        "/v2/email/verify",
        json!({"token": token}),
        "",
        &["user.email.verified user=?"],
    )
    .await;
    // A new address waits for its own word.
    let body = json!({"session": login["session"], "email": "new@example.com"});
    let events = ["user.profile.updated user=?", "user.email.updating user=? +token"];
    book.good("PUT", "/v2/profile", body, "", &events).await;
    book.close().await
}

/// The mail is the way in.
async fn first_verified(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm_with(json!({"email_verification": "preverify"})).await);
    let body = json!({"email": "ana@example.com", "password": PASSWORD});
    let events = [
        "invitation.preverify.created invitation=? +token",
        "invitation.preverify.invited invitation=? +token",
    ];
    book.good("POST", "/v2/signup", body, "", &events).await;
    let token = book.token("invitation.preverify.invited").await;
    let body = json!({"email": "ana@example.com", "password": PASSWORD, "invitation": token});
    let events = [
        "user.created user=?",
        "org.created org=?",
        "membership.created user=? org=? membership=?",
        "invitation.preverify.accepted user=? invitation=?",
        "user.login.succeeded user=? session=one",
    ];
    book.good("POST", "/v2/signup", body.clone(), "one", &events).await;
    book.bad("POST", "/v2/signup", body, &[]).await;
    book.close().await
}

/// Nobody comes in who was not asked; who wants to may ask.
async fn by_invitation(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm_with(json!({"signup": "invitation"})).await);
    let body = json!({"email": "ana@example.com", "password": PASSWORD});
    book.bad("POST", "/v2/signup", body, &[]).await;
    let events = ["invitation.request.created invitation=? +token"];
    book.good(
        "POST",
        "/v2/signup/request",
        json!({"email": "ana@example.com"}),
        "",
        &events,
    )
    .await;
    book.good(
        "POST",
        "/v2/signup/request",
        json!({"email": "ana@example.com"}),
        "",
        &[],
    )
    .await;
    book.bad("POST", "/v2/signup/request", json!({"email": "odd"}), &[])
        .await;
    book.close().await
}
