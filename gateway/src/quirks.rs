//! What /v2/ does that proto cannot say. Each has its test here and its line in docs/API-DESIGN.md.

use gantry_kernel::Problem;
use gantry_proto::Route;
use serde_json::{Map, Value};

use crate::transcode::tree::Tree;

/// Names that stand beside the root, not in it.
const BESIDE: [&str; 4] = ["request", "realm_id", "expand", "expands"];

/// Where a message lists the keys that the client sent, so that null and absent differ.
const PRESENT: &str = "present";

/// Brings a request's tree to the shape that the message has.
///
/// # Errors
/// With a violation of `realm_id` when two realms are named.
pub(crate) fn apply(route: &Route, mut tree: Tree, path_names: &[&str]) -> Result<Tree, Problem> {
    older_spelling(&mut tree);
    comma_lists(route, &mut tree);
    empty_clears(&mut tree);
    if !route.rpc.root.is_empty() {
        if route.takes_realm && route.rpc.method.starts_with("Create") {
            lift_realm(route.rpc.root, &mut tree)?;
        }
        wrap(route.rpc.root, &mut tree, path_names);
    } else if route.lists.contains(&PRESENT) {
        note_present(&mut tree);
    }
    Ok(tree)
}

/// Ruby's `realm.create_user(..)` names the realm among the new thing's fields (contract 3.0). There it counts as beside them, and is
/// checked as there. Where both are told they must be one: nothing is made in a realm that half of the request does not mean.
fn lift_realm(root: &str, tree: &mut Tree) -> Result<(), Problem> {
    let nothing = |value: &Value| value.is_null() || value.as_str() == Some("");
    let fields = tree.get_mut(root).and_then(Value::as_object_mut);
    let Some(inner) = fields
        .and_then(|fields| fields.remove("realm_id"))
        .filter(|inner| !nothing(inner))
    else {
        return Ok(());
    };
    match tree.get("realm_id").filter(|beside| !nothing(beside)) {
        Some(beside) if *beside != inner => Err(Problem::field("realm_id", "unknown")),
        _ => {
            tree.insert("realm_id".to_owned(), inner);
            Ok(())
        }
    }
}

/// `expands` is the older spelling of `expand` (contract 1.7).
fn older_spelling(tree: &mut Tree) {
    if let Some(older) = tree.remove("expands") {
        tree.entry("expand").or_insert(older);
    }
}

/// Lists beside the root may be written with commas: `expand=custom,memberships` (contract 1.7).
fn comma_lists(route: &Route, tree: &mut Tree) {
    for name in route.lists {
        if let Some(Value::String(text)) = tree.get(*name) {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            let items: Vec<Value> = items.map(Value::from).collect();
            tree.insert((*name).to_owned(), Value::Array(items));
        }
    }
}

/// An empty `created_at_after` means "from the beginning", an absent one "the last 30 days" (contract 5.2); an empty `created_at_before`
/// is none.
fn empty_clears(tree: &mut Tree) {
    for bound in ["created_at_after", "created_at_before"] {
        if tree.get(bound).is_some_and(|value| value.as_str() == Some("")) {
            tree.insert(bound.to_owned(), Value::from(0));
        }
    }
}

/// The root may be null, `{}`, or left out altogether (contract 1.3), and `[]`, which is how PHP writes an empty hash.
fn wrap(root: &str, tree: &mut Tree, path_names: &[&str]) {
    let mut inner = match tree.remove(root) {
        Some(Value::Object(inner)) => inner,
        Some(Value::Array(items)) if items.is_empty() => Map::new(),
        // A root of a wrong type is the message's to refuse.
        Some(other) if !other.is_null() => {
            tree.insert(root.to_owned(), other);
            return;
        }
        _ => Map::new(),
    };
    let outside: Vec<String> = tree
        .keys()
        .filter(|k| !BESIDE.contains(&k.as_str()) && !path_names.contains(&k.as_str()))
        .cloned()
        .collect();
    for name in outside {
        if let Some(value) = tree.remove(&name) {
            inner.entry(name).or_insert(value);
        }
    }
    note_present(&mut inner);
    tree.insert(root.to_owned(), Value::Object(inner));
}

/// Lists the keys that the client sent; what the client itself says of them does not count.
fn note_present(fields: &mut Map<String, Value>) {
    fields.remove(PRESENT);
    let keys: Vec<Value> = fields.keys().cloned().map(Value::from).collect();
    fields.insert(PRESENT.to_owned(), Value::Array(keys));
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_proto::ROUTES;
    use serde_json::json;

    fn applied(verb: &str, path: &str, tree: Value) -> Value {
        let route = ROUTES.iter().find(|r| r.verb == verb && r.path == path).unwrap();
        Value::Object(apply(route, tree.as_object().unwrap().clone(), &["id"]).unwrap())
    }

    #[test]
    fn the_root_may_be_null_empty_or_left_out() {
        let expected = json!({"user": {"present": []}});
        for sent in [
            json!({"user": null}),
            json!({"user": {}}),
            json!({"user": []}),
            json!({}),
        ] {
            assert_eq!(applied("POST", "/v2/users", sent), expected);
        }
        // A list that holds something is the message's to refuse.
        let list = json!({"user": ["x"]});
        assert_eq!(applied("POST", "/v2/users", list.clone()), list);
        let flat = applied(
            "POST",
            "/v2/users",
            json!({"email": "a@b.c", "realm_id": "rl_1", "request": {"ip": "::1"}}),
        );
        let wrapped =
            json!({"realm_id": "rl_1", "request": {"ip": "::1"}, "user": {"email": "a@b.c", "present": ["email"]}});
        assert_eq!(flat, wrapped);
    }

    #[test]
    fn what_is_made_is_made_in_the_realm_that_its_root_names() {
        let path = "/v2/users";
        let lifted = applied("POST", path, json!({"user": {"email": "a@b.c", "realm_id": "rl_1"}}));
        let beside = json!({"realm_id": "rl_1", "user": {"email": "a@b.c", "present": ["email"]}});
        assert_eq!(lifted, beside);
        for inner in [json!("rl_1"), json!(""), json!(null)] {
            let sent = json!({"realm_id": "rl_1", "user": {"realm_id": inner}});
            assert_eq!(applied("POST", path, sent)["realm_id"], json!("rl_1"));
        }
        let route = ROUTES.iter().find(|r| r.verb == "POST" && r.path == path).unwrap();
        let two = json!({"realm_id": "rl_1", "user": {"realm_id": "rl_2"}});
        let refused = apply(route, two.as_object().unwrap().clone(), &[]).unwrap_err();
        assert_eq!(refused, Problem::field("realm_id", "unknown"));
        // Nothing else is moved by what stands in the root.
        for (verb, path, root) in [
            ("PUT", "/v2/users/{id}", "user"),
            ("POST", "/v2/users/{id}/authenticate", "user"),
            ("POST", "/v2/realms", "realm"),
        ] {
            let told = applied(verb, path, json!({root: {"realm_id": "rl_1"}}));
            assert_eq!(told.get("realm_id"), None, "{verb} {path}");
        }
    }

    #[test]
    fn a_client_cannot_say_what_was_present() {
        let flat = applied(
            "PUT",
            "/v2/profile",
            json!({"session": "x", "locale": null, "present": ["email"]}),
        );
        assert_eq!(flat["present"], json!(["session", "locale"]));
        let made = applied(
            "PUT",
            "/v2/realms/{id}",
            json!({"id": "x", "realm": {"name": null, "present": ["state"]}}),
        );
        assert_eq!(made["realm"]["present"], json!(["name"]));
    }

    #[test]
    fn expand_has_an_older_spelling_and_takes_commas() {
        for sent in [
            json!({"expands": "memberships,custom"}),
            json!({"expand": ["memberships", "custom"]}),
        ] {
            assert_eq!(
                applied("GET", "/v2/users/{id}", sent)["expand"],
                json!(["memberships", "custom"])
            );
        }
    }

    #[test]
    fn permissions_are_not_split_at_commas() {
        let made = applied("POST", "/v2/memberships", json!({"membership": {"permissions": "a,b"}}));
        assert_eq!(made["membership"]["permissions"], json!("a,b"));
    }

    #[test]
    fn an_empty_time_clears_the_filter() {
        assert_eq!(
            applied("GET", "/v2/events", json!({"created_at_after": ""}))["created_at_after"],
            json!(0)
        );
    }
}
