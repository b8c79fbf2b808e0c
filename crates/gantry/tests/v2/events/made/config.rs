//! What configures a realm: none of it is an event.

use serde_json::{Value, json};

use super::{Book, Seen};
use crate::common::App;

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let user = json!({"user": {"email": "ana@example.com"}});
    let ana = book
        .good("POST", "/v2/users", user, "ana", &["user.created user=ana"])
        .await;
    all_of(
        &mut book,
        "client_apps",
        "client_app",
        json!({"name": "A"}),
        json!({"name": "B"}),
    )
    .await;
    let custom = json!({"domain_type": "custom", "domain": "login.shop.example"});
    let domain = all_but_the_end(&mut book, "domains", "domain", custom, json!({"state": "inactive"})).await;
    let verify = format!("{domain}/verify");
    // Whether its name leads here is not known: what is asked about is in the tests of domains.
    book.call("POST", &verify, json!({}), &[]).await;
    book.good("DELETE", &domain, json!({}), "", &[]).await;
    let generated = book
        .good(
            "POST",
            "/v2/domains",
            json!({"domain": {"domain_type": "loginrocket"}}),
            "",
            &[],
        )
        .await;
    let path = format!("/v2/domains/{}/verify", generated["id"].as_str().unwrap_or_default());
    book.good("POST", &path, json!({}), "", &[]).await;
    let permission = json!({"name": "See", "permission": "things:see"});
    unlisted(
        &mut book,
        "named_permissions",
        "named_permission",
        permission,
        json!({"name": "Look"}),
    )
    .await;
    let link = json!({"title": "Help", "link_url": "https://example.com/", "resource_type": "help"});
    unlisted(
        &mut book,
        "resource_links",
        "resource_link",
        link,
        json!({"title": "More"}),
    )
    .await;
    let hook = json!({"destination": "https://a.example", "state": "inactive"});
    let hook = all_but_the_end(&mut book, "hooks", "hook", hook, json!({"delay": 1})).await;
    book.good("POST", &format!("{hook}/rotate_secret"), json!({}), "", &[])
        .await;
    book.good("POST", &format!("{hook}/ping"), json!({}), "", &[]).await;
    book.good("DELETE", &hook, json!({}), "", &[]).await;
    let smtp = json!({"provider_name": "A", "email_from": "a@a.example", "smtp_host": "mail.a.example"});
    all_of(
        &mut book,
        "smtp_providers",
        "smtp_provider",
        smtp,
        json!({"smtp_host": "mail.b.example"}),
    )
    .await;
    let lists = json!({"provider_name": "A", "provider_type": "mailchimp"});
    let change = json!({"api_endpoint": "https://b.example"});
    let lists = all_but_the_end(
        &mut book,
        "mailing_list_providers",
        "mailing_list_provider",
        lists,
        change,
    )
    .await;
    let provider = lists.rsplit('/').next().unwrap_or_default();
    let list = json!({"hook_type": "mailing_list", "mailing_list_provider_id": provider, "list_id": "a"});
    let list = book.good("POST", "/v2/hooks", json!({ "hook": list }), "", &[]).await;
    let place = json!({"hook_id": list["id"], "user_id": ana["id"]});
    let change = json!({"list_state": "unsubscribed"});
    all_of(
        &mut book,
        "mailing_list_subscriptions",
        "mailing_list_subscription",
        place,
        change,
    )
    .await;
    let path = format!("/v2/hooks/{}", list["id"].as_str().unwrap_or_default());
    book.good("DELETE", &path, json!({}), "", &[]).await;
    book.good("DELETE", &lists, json!({}), "", &[]).await;
    book.good("GET", "/v2/events/retention", json!(null), "", &[]).await;
    book.good(
        "PUT",
        "/v2/events/retention",
        json!({"retention": {"days": 30}}),
        "",
        &[],
    )
    .await;
    book.bad("PUT", "/v2/events/retention", json!({"retention": {"days": 2}}), &[])
        .await;
    keys(&mut book).await;
    realms(&mut book, app).await;
    book.close().await
}

/// Made, read, listed, changed; answers its path.
async fn all_but_the_end(book: &mut Book<'_>, kind: &str, root: &str, fields: Value, change: Value) -> String {
    book.good("GET", &format!("/v2/{kind}"), json!(null), "", &[]).await;
    let path = first(book, kind, root, fields).await;
    book.good("PUT", &path, json!({root: change}), "", &[]).await;
    book.bad(
        "PUT",
        &format!("/v2/{kind}/none_0000000000000000000000"),
        json!({root: {}}),
        &[],
    )
    .await;
    path
}

async fn first(book: &mut Book<'_>, kind: &str, root: &str, fields: Value) -> String {
    let made = book
        .good("POST", &format!("/v2/{kind}"), json!({root: fields}), "", &[])
        .await;
    let path = format!("/v2/{kind}/{}", made["id"].as_str().unwrap_or_default());
    book.good("GET", &path, json!(null), "", &[]).await;
    path
}

async fn all_of(book: &mut Book<'_>, kind: &str, root: &str, fields: Value, change: Value) {
    let path = all_but_the_end(book, kind, root, fields, change).await;
    book.good("DELETE", &path, json!({}), "", &[]).await;
    book.bad("DELETE", &path, json!({}), &[]).await;
}

async fn unlisted(book: &mut Book<'_>, kind: &str, root: &str, fields: Value, change: Value) {
    let path = first(book, kind, root, fields).await;
    book.good("PUT", &path, json!({root: change}), "", &[]).await;
    book.good("DELETE", &path, json!({}), "", &[]).await;
}

async fn keys(book: &mut Book<'_>) {
    book.good("GET", "/v2/jwt_keys", json!(null), "", &[]).await;
    let old = book.realm.list("/v2/jwt_keys").await[0]["id"].clone();
    let path = first(book, "jwt_keys", "jwt_key", json!({})).await;
    book.good("POST", &format!("{path}/activate"), json!({}), "", &[]).await;
    let old = format!("/v2/jwt_keys/{}", old.as_str().unwrap_or_default());
    book.good("DELETE", &old, json!({}), "", &[]).await;
}

async fn realms(book: &mut Book<'_>, app: &App) {
    let made = book
        .good("POST", "/v2/realms", json!({"realm": {"name": "Other"}}), "", &[])
        .await;
    let other = format!("/v2/realms/{}", made["id"].as_str().unwrap_or_default());
    book.good("GET", "/v2/realms", json!(null), "", &[]).await;
    book.good("GET", &other, json!(null), "", &[]).await;
    let own = format!("/v2/realms/{}", book.realm.id);
    book.good("PUT", &own, json!({"realm": {"name": "Renamed"}}), "", &[])
        .await;
    // What is reset or deleted takes its events along, and tells of neither.
    let id = made["id"].clone();
    let body = json!({"realm_id": id, "org": {"name": "Gone"}});
    let reply = app.post("/v2/orgs", body).await;
    app.event(id.as_str().unwrap_or_default(), reply.request_id()).await;
    book.good("POST", &format!("{other}/reset"), json!({}), "", &[]).await;
    let path = format!(
        "/v2/events?realm_id={}&created_at_after=",
        id.as_str().unwrap_or_default()
    );
    assert_eq!(app.get(&path).await.expect(200)["collection"], json!([]));
    book.good("DELETE", &other, json!({}), "", &[]).await;
}
