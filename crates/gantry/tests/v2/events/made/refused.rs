//! Calls that are refused for who asks, or for how: each verb of each route, and nothing happens.

use gantry_proto::{Access, Permission, ROUTES};
use reqwest::Method;
use serde_json::json;

use super::{Book, Seen};
use crate::common::App;

pub(super) async fn book(app: &App) -> (Seen, Vec<String>) {
    let mut book = Book::of(app.realm().await);
    let user = book.realm.user("ana@example.com").await;
    let org = book.realm.org("One").await;
    book.realm.join(&user, &org).await;
    let before = book.realm.history_types().await;
    let reader = app.key("read", Some(&book.realm.id)).await;
    for route in ROUTES.iter().filter(|route| route.verb != "GET") {
        let method: Method = route.verb.parse().unwrap();
        let of_a_user = route.path.replace("{id}", user["id"].as_str().unwrap());
        let of_nothing = route.path.replace("{id}", "none_0000000000000000000000");
        let is_core = route.rpc.access == Access::Key;
        let mut asked = vec![
            ("malformed", of_a_user.clone(), None),
            ("of nothing", of_nothing, Some(json!({}))),
        ];
        if is_core && route.rpc.permission != Permission::Read {
            let fields = json!({"email": "eve@example.com", "name": "Eve", "user_id": user["id"], "org_id": org["id"]});
            asked.push(("by a reader", of_a_user, Some(fields)));
        }
        for (how, path, body) in asked {
            // Who asks for nothing in particular may be answered; what has a name of its own has none here.
            if how == "of nothing" && (!route.path.contains("{id}") || !is_core) {
                continue;
            }
            let request = match (is_core, how) {
                (true, "by a reader") => app.holder(&reader, method.clone(), &path),
                (true, _) => book.realm.core(method.clone(), &path),
                (false, _) => book.realm.anyone(method.clone(), &path),
            };
            let request = match body {
                Some(body) => request.json(&body),
                None => request.header("content-type", "application/json").body("{\"user\": "),
            };
            let reply = app.send(request).await;
            if !(400..500).contains(&reply.status) {
                book.wrong
                    .push(format!("{how}: {} {path}: {} {}", route.verb, reply.status, reply.text));
            }
        }
    }
    let after = book.realm.history_types().await;
    if after != before {
        book.wrong.push(format!("refused calls made events: {after:?}"));
    }
    (Seen::new(), book.wrong)
}
