//! Invitations of every type, from their making to their use.

use serde_json::json;

use super::{Book, Seen};
use crate::common::App;

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let user = json!({"user": {"email": "ana@example.com", "username": "ana"}});
    book.good("POST", "/v2/users", user, "ana", &["user.created user=ana"])
        .await;
    let org = json!({"org": {"name": "One"}});
    let one = book
        .good("POST", "/v2/orgs", org, "one", &["org.created org=one"])
        .await;
    book.bad(
        "POST",
        "/v2/invitations",
        json!({"invitation": {"invitation_type": "odd"}}),
        &[],
    )
    .await;
    for kind in ["org", "preverify", "referral", "request"] {
        let of_org = if kind == "org" { " org=one" } else { "" };
        let mut fields = json!({"invitation_type": kind, "email": "other@example.com"});
        if kind == "org" {
            fields["org_id"] = one["id"].clone();
        }
        let event = |what: &str| format!("invitation.{kind}.{what}{of_org} invitation={kind}");
        let with_token = |what: &str| format!("{} +token", event(what));
        let body = json!({"invitation": fields});
        let made = book
            .good("POST", "/v2/invitations", body.clone(), kind, &[&with_token("created")])
            .await;
        let path = format!("/v2/invitations/{}", made["id"].as_str().unwrap_or_default());
        let change = json!({"invitation": {"email": "ana@example.com"}});
        let changed = book.good("PUT", &path, change, "", &[&event("updated")]).await;
        book.bad("PUT", &path, json!({"invitation": {"email": "odd"}}), &[])
            .await;
        book.good(
            "POST",
            &format!("{path}/invite"),
            json!({}),
            "",
            &[&with_token("invited")],
        )
        .await;
        book.good("GET", &path, json!(null), "", &[]).await;
        let accepted = format!("invitation.{kind}.accepted user=ana{of_org}");
        let mut events = vec![match kind {
            "org" => format!("{accepted} membership=? invitation=org"),
            _ => format!("{accepted} invitation={kind}"),
        }];
        match kind {
            "org" => events.push("membership.created user=ana org=one membership=?".to_owned()),
            "preverify" => events.push("user.email.verified user=ana".to_owned()),
            _ => {}
        }
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        let accept = json!({"user": {"token": changed["token"]}});
        book.good("POST", "/v2/users/ana/accept_invitation", accept.clone(), "", &events)
            .await;
        book.bad("POST", "/v2/users/ana/accept_invitation", accept, &[]).await;
        // What is deleted leaves nothing behind, and nobody is told.
        book.name(&json!("none"), "none");
        let made = book
            .good("POST", "/v2/invitations", body, kind, &[&with_token("created")])
            .await;
        let path = format!("/v2/invitations/{}", made["id"].as_str().unwrap_or_default());
        book.good("DELETE", &path, json!({}), "", &[]).await;
        book.bad("POST", &format!("{path}/invite"), json!({}), &[]).await;
    }
    book.good("GET", "/v2/invitations", json!(null), "", &[]).await;
    book.close().await
}
