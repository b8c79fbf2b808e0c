//! The published contract, which each answer of these tests is held against.

use std::sync::OnceLock;

use gantry_proto::OPENAPI;
use serde_json::{Value, json};

use super::Reply;

/// The document as it is served.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(OPENAPI).unwrap())
}

/// The operation that a call reaches; `None` for a path or verb that the contract does not know.
pub(crate) fn operation(verb: &str, path: &str) -> Option<&'static Value> {
    let paths = document()["paths"].as_object().unwrap();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').filter(|part| !part.is_empty()).collect();
        let same = |(wanted, part): (&&str, &&str)| wanted == part || wanted.starts_with('{');
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(same)
    };
    let mut found: Vec<&String> = paths.keys().filter(|template| fits(template)).collect();
    // `/v2/users/verify_email` before `/v2/users/{id}`.
    found.sort_by_key(|template| template.matches('{').count());
    found
        .iter()
        .find_map(|template| paths[*template].get(verb.to_lowercase()))
}

/// Fails when an answer is not as the document says.
#[track_caller]
pub(crate) fn hold(verb: &str, path: &str, reply: &Reply) {
    // What the head alone holds, or another encoding than text, is no answer to look at.
    let (Some(operation), false) = (operation(verb, path), reply.text.is_empty()) else {
        return;
    };
    let mut told = &operation["responses"][reply.status.to_string()];
    if told.is_null() {
        // Refusals of the connection rather than of the call: timeouts, sizes of head and path.
        assert!(
            [414, 417, 431, 504].contains(&reply.status),
            "{verb} {path} is not said to answer {}",
            reply.status
        );
        return;
    }
    // Streams are no single value; their own tests look at what they say.
    if !reply.header("content-type").starts_with("application/json") {
        let kind = reply.header("content-type").to_owned();
        assert!(
            told["content"][&kind].is_object(),
            "{verb} {path} is not said to answer {kind}"
        );
        return;
    }
    if let Some(reference) = told["$ref"].as_str() {
        told = document().pointer(reference.trim_start_matches('#')).unwrap();
    }
    let schema = &told["content"]["application/json"]["schema"];
    let schema = json!({"allOf": [schema], "components": document()["components"]});
    let validator = jsonschema::validator_for(&schema).unwrap();
    let body = reply.json();
    let wrong: Vec<String> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        wrong.is_empty(),
        "{verb} {path} answers what the contract does not say: {wrong:#?}\n{body:#}"
    );
}
