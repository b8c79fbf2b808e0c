//! Query strings, forms and JSON bodies to one tree of values, within bounds.

use std::collections::BTreeMap;

use gantry_kernel::Problem;
use serde_json::{Map, Value};

use super::path::{malformed, percent_decode, unreadable};

/// Names in a row that a form's key may have: `a[b][c]` has three.
pub const MAX_FORM_DEPTH: usize = 6;
/// Pairs that a query string or a form may have.
pub const MAX_PAIRS: usize = 1000;
/// Objects and arrays that may stand in each other in a JSON body.
pub const MAX_JSON_DEPTH: usize = 32;

/// A request's parameters by name.
pub type Tree = Map<String, Value>;

/// Reads the query string of a request.
///
/// # Errors
/// [`gantry_kernel::Reason::Malformed`] as for [`from_form`].
pub fn from_query(query: Option<&str>) -> Result<Tree, Problem> {
    from_form(query.unwrap_or_default().as_bytes())
}

/// Reads pairs as browsers and client libraries write them: `a=1&b[c]=2&d[]=3&d[]=4&e[0]=5`. Of a name that comes
/// twice the last one counts; `d[]` appends; all values are texts.
///
/// # Errors
/// [`gantry_kernel::Reason::Malformed`] for broken escapes, for what is not UTF-8, for NUL characters (which no
/// database takes), for brackets that do not match, and beyond [`MAX_FORM_DEPTH`] and [`MAX_PAIRS`].
pub fn from_form(body: &[u8]) -> Result<Tree, Problem> {
    let mut root = Node::default();
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    for (count, pair) in pairs.enumerate() {
        if count >= MAX_PAIRS {
            return Err(unreadable());
        }
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let mut decoded = || percent_decode(parts.next().unwrap_or_default(), true).ok_or_else(unreadable);
        let (key, value) = (decoded()?, decoded()?);
        if key.contains('\0') || value.contains('\0') {
            return Err(malformed("invalid_characters"));
        }
        let steps = steps(&key).ok_or_else(unreadable)?;
        root.put(&steps, value);
    }
    match root.into_value() {
        Value::Object(tree) => Ok(tree),
        // A root without any entry.
        _ => Ok(Tree::new()),
    }
}

/// Reads a JSON body. An empty one, `null` and `[]` (an empty hash of PHP's) are an empty object; of a name that comes twice the last
/// one counts.
///
/// # Errors
/// [`gantry_kernel::Reason::Malformed`] for what is not JSON, what is no object, NUL characters, and beyond
/// [`MAX_JSON_DEPTH`].
pub fn from_json(body: &[u8]) -> Result<Tree, Problem> {
    if body.trim_ascii().is_empty() {
        return Ok(Tree::new());
    }
    // serde_json itself stops at a depth of 128, so the check below cannot exhaust the stack.
    let value: Value = serde_json::from_slice(body).ok().ok_or_else(|| malformed("not_json"))?;
    check(&value, 0)?;
    match value {
        Value::Object(tree) => Ok(tree),
        Value::Null => Ok(Tree::new()),
        Value::Array(items) if items.is_empty() => Ok(Tree::new()),
        _ => Err(malformed("not_an_object")),
    }
}

/// Puts the parts of a request together: of one name the path counts before the body, the body before the query.
pub fn merge(query: Tree, body: Tree, path: impl IntoIterator<Item = (String, String)>) -> Tree {
    let mut tree = query;
    tree.extend(body);
    tree.extend(path.into_iter().map(|(name, text)| (name, Value::String(text))));
    tree
}

fn check(value: &Value, depth: usize) -> Result<(), Problem> {
    if depth > MAX_JSON_DEPTH {
        return Err(malformed("not_json"));
    }
    match value {
        Value::String(text) if text.contains('\0') => Err(malformed("invalid_characters")),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        Value::Object(entries) => entries.iter().try_for_each(|(name, entry)| {
            if name.contains('\0') {
                return Err(malformed("invalid_characters"));
            }
            check(entry, depth + 1)
        }),
        _ => Ok(()),
    }
}

/// One bracket of a form's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// `[0]`
    At(u32),
    /// `[name]`, and the name before the first bracket
    Name(String),
    /// `[]`
    Push,
}

/// Cuts `a[b][]` into its steps; `None` for no name, for brackets that do not match, and for too many.
fn steps(key: &str) -> Option<Vec<Step>> {
    let (name, mut rest) = match key.find('[') {
        Some(at) => key.split_at_checked(at)?,
        None => (key, ""),
    };
    if name.is_empty() || name.contains(']') {
        return None;
    }
    let mut steps = vec![Step::Name(name.to_owned())];
    while !rest.is_empty() {
        let (inner, after) = rest.strip_prefix('[')?.split_once(']')?;
        if inner.contains('[') || steps.len() >= MAX_FORM_DEPTH {
            return None;
        }
        steps.push(step(inner));
        rest = after;
    }
    Some(steps)
}

fn step(inner: &str) -> Step {
    let digits = inner.bytes().all(|byte| byte.is_ascii_digit());
    // `01` is a name, so that each place in a list has one spelling.
    let plain = inner == "0" || !inner.starts_with('0');
    match inner.parse() {
        _ if inner.is_empty() => Step::Push,
        Ok(at) if digits && plain => Step::At(at),
        _ => Step::Name(inner.to_owned()),
    }
}

/// A value that grows pair by pair. Lists are kept by number, so that `a[4000000000]=x` costs one entry.
#[derive(Debug)]
enum Node {
    Text(String),
    Branch(BTreeMap<Step, Node>),
}

impl Default for Node {
    fn default() -> Self {
        Self::Branch(BTreeMap::new())
    }
}

impl Node {
    /// Sets the value at the end of the steps, making branches on the way and replacing texts that stand in it.
    fn put(&mut self, steps: &[Step], value: String) {
        let Some((first, rest)) = steps.split_first() else {
            *self = Self::Text(value);
            return;
        };
        // Of a name that comes twice the last one counts: a branch replaces a text.
        if let Self::Text(_) = self {
            *self = Self::default();
        }
        if let Self::Branch(entries) = self {
            let first = match first {
                Step::Push => place(entries, rest),
                other => other.clone(),
            };
            entries.entry(first).or_default().put(rest, value);
        }
    }

    /// Tells whether all the steps lead to something. A push always makes room.
    fn holds(&self, steps: &[Step]) -> bool {
        match (self, steps.split_first()) {
            (_, None) => true,
            (Self::Text(_), Some(_)) => true,
            (_, Some((Step::Push, _))) => false,
            (Self::Branch(entries), Some((first, rest))) => entries.get(first).is_some_and(|node| node.holds(rest)),
        }
    }

    /// A branch with numbers only is an array in their order; any name makes it an object.
    fn into_value(self) -> Value {
        let entries = match self {
            Self::Text(text) => return Value::String(text),
            Self::Branch(entries) => entries,
        };
        let list = !entries.is_empty() && entries.keys().all(|step| matches!(step, Step::At(_)));
        if list {
            return Value::Array(entries.into_values().map(Self::into_value).collect());
        }
        let named = |(step, node): (Step, Self)| match step {
            Step::At(at) => (at.to_string(), node.into_value()),
            Step::Name(name) => (name, node.into_value()),
            Step::Push => (String::new(), node.into_value()),
        };
        Value::Object(entries.into_iter().map(named).collect())
    }
}

/// Finds the place of `[]`: behind the last number; but `a[][x]=1&a[][y]=2` is one element with two names, so the
/// last element is used again until it holds what comes.
fn place(entries: &BTreeMap<Step, Node>, rest: &[Step]) -> Step {
    // Numbers sort before names.
    let last = entries.range(..Step::Name(String::new())).next_back();
    match last {
        Some((step, node)) if !rest.is_empty() && !node.holds(rest) => step.clone(),
        Some((Step::At(at), _)) => Step::At(at.saturating_add(1)),
        _ => Step::At(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::Reason;
    use proptest::prelude::*;
    use serde_json::json;

    fn form(text: &str) -> Value {
        Value::Object(from_form(text.as_bytes()).unwrap())
    }

    fn key(result: Result<Tree, Problem>) -> String {
        let problem = result.unwrap_err();
        assert_eq!(problem.reason, Reason::Malformed);
        problem.violations.first().unwrap().key.clone()
    }

    #[test]
    fn from_form_reads_what_the_clients_send() {
        for (text, tree) in [
            ("", json!({})),
            ("&&", json!({})),
            (
                "email=a%40b.c&password=x+y",
                json!({"email": "a@b.c", "password": "x y"}),
            ),
            (
                "user[email]=e&user[password]=p",
                json!({"user": {"email": "e", "password": "p"}}),
            ),
            (
                "user%5Bemail%5D=e&request[ip]=1.2.3.4",
                json!({"user": {"email": "e"}, "request": {"ip": "1.2.3.4"}}),
            ),
            ("k[]=a&k[]=b", json!({"k": ["a", "b"]})),
            ("k[0]=a&k[1]=b", json!({"k": ["a", "b"]})),
            ("k[10]=b&k[9]=a", json!({"k": ["a", "b"]})),
            ("k[x]=1&k[y]=2", json!({"k": {"x": "1", "y": "2"}})),
            ("a=1=2&b=%26%3D%2B", json!({"a": "1=2", "b": "&=+"})),
            ("force", json!({"force": ""})),
            (
                "m[][id]=1&m[][name]=x&m[][id]=2",
                json!({"m": [{"id": "1", "name": "x"}, {"id": "2"}]}),
            ),
            (
                "m[][a][b]=1&m[][a][c]=2&m[][a][c]=3",
                json!({"m": [{"a": {"b": "1", "c": "2"}}, {"a": {"c": "3"}}]}),
            ),
            ("m[][t][]=1&m[][t][]=2", json!({"m": [{"t": ["1", "2"]}]})),
            ("m[0][id]=1&m[0][name]=x", json!({"m": [{"id": "1", "name": "x"}]})),
            (
                "a[b][c][d][e][f]=1",
                json!({"a": {"b": {"c": {"d": {"e": {"f": "1"}}}}}}),
            ),
            ("0=a", json!({"0": "a"})),
            ("名=値", json!({"名": "値"})),
        ] {
            assert_eq!(form(text), tree, "{text}");
        }
        assert_eq!(from_query(None).unwrap(), Tree::new());
        assert_eq!(Value::Object(from_query(Some("a=1")).unwrap()), json!({"a": "1"}));
    }

    #[test]
    fn from_form_lets_the_last_of_a_name_count() {
        for (text, tree) in [
            ("a=1&a=2", json!({"a": "2"})),
            ("a[x]=1&a[x]=2", json!({"a": {"x": "2"}})),
            ("a[0]=1&a[0]=2", json!({"a": ["2"]})),
            ("a=1&a[x]=2", json!({"a": {"x": "2"}})),
            ("a[x]=1&a=2", json!({"a": "2"})),
            ("a[]=1&a[x]=2", json!({"a": {"0": "1", "x": "2"}})),
            ("a[01]=1&a[1]=2", json!({"a": {"1": "2", "01": "1"}})),
        ] {
            assert_eq!(form(text), tree, "{text}");
        }
    }

    #[test]
    fn t_32_from_form_costs_no_more_than_it_holds() {
        assert_eq!(form("k[4294967295]=b&k[4294967294]=a"), json!({"k": ["a", "b"]}));
        assert_eq!(
            form("k[4294967295]=a&k[]=b"),
            json!({"k": ["b"]}),
            "the last place is the last"
        );
        assert_eq!(form("k[99999999999]=a"), json!({"k": {"99999999999": "a"}}));
        let full = vec!["a[]=1"; MAX_PAIRS].join("&");
        assert_eq!(form(&full)["a"].as_array().unwrap().len(), MAX_PAIRS);
        assert_eq!(key(from_form(format!("{full}&b=1").as_bytes())), "unreadable_form");
    }

    #[test]
    fn from_form_refuses_what_it_cannot_read() {
        for text in [
            "=x",
            "[a]=1",
            "[]=1",
            "a[b=1",
            "a]b=1",
            "a[b]c=1",
            "a[b]]=1",
            "a[[b]]=1",
            "a[b][=1",
            "%=1",
            "a=%",
            "a=%4",
            "a=100%",
            "a=%zz",
            "a=%ff",
            "%c3=1",
            "a[b][c][d][e][f][g]=1",
        ] {
            assert_eq!(key(from_form(text.as_bytes())), "unreadable_form", "{text}");
        }
        assert_eq!(key(from_form(b"a=\xff")), "unreadable_form");
        for text in ["a=%00", "a%00=1", "a[%00]=1"] {
            assert_eq!(key(from_form(text.as_bytes())), "invalid_characters", "{text}");
        }
    }

    #[test]
    fn from_json_reads_objects() {
        for (text, tree) in [
            ("", json!({})),
            (" \r\n", json!({})),
            ("null", json!({})),
            ("{}", json!({})),
            (" [ ]", json!({})),
            (
                r#"{"user":{"email":"e"},"n":1,"f":1.5,"b":true,"z":null}"#,
                json!({"user": {"email": "e"}, "n": 1, "f": 1.5, "b": true, "z": null}),
            ),
            (r#"{"a":1,"a":2}"#, json!({"a": 2})),
        ] {
            assert_eq!(Value::Object(from_json(text.as_bytes()).unwrap()), tree, "{text}");
        }
    }

    #[test]
    fn from_json_refuses_what_is_no_object() {
        for text in [
            "{",
            "{}x",
            "{'a':1}",
            "{\"a\":NaN}",
            "{\"a\":1e999}",
            "{\"a\":01}",
            "\u{feff}{}",
            "a=1",
            "{\"a\":\"\\ud800\"}",
        ] {
            assert_eq!(key(from_json(text.as_bytes())), "not_json", "{text}");
        }
        assert_eq!(key(from_json(b"{\"a\":\"\xff\"}")), "not_json");
        for text in ["[[]]", "[{}]", "1", "\"{}\"", "true"] {
            assert_eq!(key(from_json(text.as_bytes())), "not_an_object", "{text}");
        }
        for text in [r#"{"a":"\u0000"}"#, r#"{"a\u0000":1}"#, r#"{"a":[{"b":"x\u0000"}]}"#] {
            assert_eq!(key(from_json(text.as_bytes())), "invalid_characters", "{text}");
        }
    }

    #[test]
    fn t_32_from_json_is_bounded_in_depth() {
        let nested = |depth: usize| format!("{}{}", "{\"a\":".repeat(depth) + "1", "}".repeat(depth));
        assert!(from_json(nested(MAX_JSON_DEPTH).as_bytes()).is_ok());
        assert_eq!(key(from_json(nested(MAX_JSON_DEPTH + 1).as_bytes())), "not_json");
        let bombs = [nested(100_000), "[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)];
        for bomb in bombs {
            assert_eq!(key(from_json(bomb.as_bytes())), "not_json");
        }
    }

    #[test]
    fn merge_lets_the_path_count_before_the_body_before_the_query() {
        let tree = |value: Value| value.as_object().unwrap().clone();
        let query = tree(json!({"id": "q", "force": "q", "user": {"a": "q"}}));
        let body = tree(json!({"id": "b", "user": {"b": 1}}));
        let merged = merge(query, body, [("id".to_owned(), "p".to_owned())]);
        assert_eq!(
            Value::Object(merged),
            json!({"id": "p", "force": "q", "user": {"b": 1}})
        );
    }

    /// Writes a tree as a client would.
    fn write(prefix: &str, value: &Value, out: &mut Vec<String>) {
        let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        match value {
            Value::String(text) => out.push(format!("{prefix}={}", escape(text))),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    write(&format!("{prefix}[{at}]"), item, out);
                }
            }
            Value::Object(entries) => {
                for (name, entry) in entries {
                    let name = escape(name);
                    let next = if prefix.is_empty() {
                        name
                    } else {
                        format!("{prefix}[{name}]")
                    };
                    write(&next, entry, out);
                }
            }
            other => panic!("a form holds no {other}"),
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        // Empty branches cannot be written in a form.
        let leaf = "[^\\x00]{0,8}".prop_map(Value::String);
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 1..4).prop_map(Value::Array),
                proptest::collection::btree_map("[a-z é=&+%]{1,6}", inner, 1..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn from_form_reads_back_what_was_written(entries in proptest::collection::btree_map("[a-zé]{1,6}", values(), 0..4)) {
            let tree = Value::Object(entries.into_iter().collect());
            let mut pairs = Vec::new();
            write("", &tree, &mut pairs);
            prop_assert_eq!(form(&pairs.join("&")), tree);
        }

        #[test]
        fn from_json_reads_back_what_was_written(entries in proptest::collection::btree_map(".{0,6}", values(), 0..4)) {
            let tree = Value::Object(entries.into_iter().collect());
            let text = tree.to_string();
            if !text.contains("\\u0000") {
                prop_assert_eq!(Value::Object(from_json(text.as_bytes()).unwrap()), tree);
            }
        }

        #[test]
        fn t_32_no_bytes_panic(bytes: Vec<u8>) {
            let _ = (from_form(&bytes), from_json(&bytes));
        }

        #[test]
        fn t_32_no_form_panics(text in "([a-c\\[\\]=&%0-2]|\\[\\]|\\[0\\]){0,40}") {
            let _ = from_form(text.as_bytes());
        }
    }
}
