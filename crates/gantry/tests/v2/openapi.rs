//! `GET /openapi.json` and `GET /docs`: every route is documented, and what is documented answers so. That answers have the
//! documented form is asked of every answer of these tests (`common/contract.rs`).

use std::collections::BTreeSet;

use gantry_proto::{Access, ROUTES};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, contract};

/// Verb and path of each documented operation.
fn documented(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let verbs = |(path, item): (&String, &Value)| {
        let verbs = item.as_object().unwrap().keys();
        verbs
            .map(|verb| (verb.to_uppercase(), path.clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(verbs).collect()
}

#[tokio::test]
async fn every_route_is_documented_and_nothing_else_is() {
    let app = App::start().await;
    let reply = app.send(app.anyone(Method::GET, "/openapi.json")).await;
    assert_eq!(reply.header("content-type"), "application/json");
    let document = reply.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    let routes = ROUTES
        .iter()
        .map(|route| (route.verb.to_owned(), route.path.to_owned()));
    assert_eq!(documented(&document), routes.collect::<BTreeSet<_>>());
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.verb.to_lowercase()];
        assert!(
            operation["responses"][route.rpc.success.to_string()].is_object(),
            "{}",
            route.path
        );
        let with_key = operation["security"].as_array().is_some_and(|ways| !ways.is_empty());
        assert_eq!(with_key, route.rpc.access == Access::Key, "{}", route.path);
    }
}

#[tokio::test]
async fn every_documented_route_answers_as_documented() {
    let app = App::start().await;
    let realm = app.realm().await;
    for (verb, path) in documented(contract::document()) {
        let operation = &contract::document()["paths"][&path][verb.to_lowercase()];
        let asked = path.replace("{id}", "none_0000000000000000000000");
        let method = Method::from_bytes(verb.as_bytes()).unwrap();
        let mut request = match operation["security"].as_array().unwrap().is_empty() {
            true => realm.anyone(method, &asked),
            false => app.root(method, &asked).header("Authrocket-Realm", &realm.id),
        };
        if let Some(body) = operation.get("requestBody") {
            request = request.json(&body["content"]["application/json"]["example"]);
        }
        let reply = app.send(request).await;
        assert!(!matches!(reply.status, 405 | 415 | 500..), "{verb} {path}: {reply:?}");
    }
}

#[tokio::test]
async fn what_the_document_refers_to_is_in_it() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    references(contract::document(), &mut found);
    assert!(found.len() > 20);
    for reference in found {
        assert!(
            contract::document()
                .pointer(reference.trim_start_matches('#'))
                .is_some(),
            "{reference}"
        );
    }
}

#[tokio::test]
async fn t_33_no_answer_is_documented_with_a_secret() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"realm_id": realm.id, "user": {"email": "ana@example.com", "password": "correct horse battery"}});
    let user = app.post("/v2/users", body).await.expect(201);
    assert_eq!(user.get("password"), None);
    for name in ["User", "Credential", "Session", "Realm"] {
        assert_eq!(
            contract::document()["components"]["schemas"][name]["properties"].get("password"),
            None,
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let app = App::start().await;
    for (path, kind) in [
        ("/docs", "text/html"),
        ("/docs/page.js", "text/javascript"),
        ("/docs/page.css", "text/css"),
    ] {
        let reply = app.send(app.anyone(Method::GET, path)).await;
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-type").starts_with(kind), "{reply:?}");
        assert!(
            reply.header("content-security-policy").contains("default-src 'none'"),
            "{reply:?}"
        );
        assert!(
            !reply.text.contains("http://") && !reply.text.contains("https://"),
            "{path}"
        );
    }
    let wrong = app.send(app.anyone(Method::POST, "/docs")).await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, HEAD"));
}

#[test]
#[should_panic(expected = "answers what the contract does not say")]
fn an_answer_that_is_not_as_documented_is_noticed() {
    let mut headers = http::HeaderMap::new();
    headers.insert("x-request-id", "rq_0vdbINw16QhITBp4iBhgX4".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    let reply = Reply::from_parts(200, headers, json!({"object": "user", "id": 7}).to_string());
    contract::hold("GET", "/v2/users/ana@example.com", &reply);
}
