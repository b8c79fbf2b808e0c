//! Reading what an API answered while it is filled.

use anyhow::{Context, ensure};
use serde_json::Value;

use super::http::Answer;

/// Reads a good answer's body.
pub(super) fn good(what: &str, answer: Answer<'_>) -> anyhow::Result<Value> {
    let text = String::from_utf8_lossy(answer.body);
    ensure!((200..300).contains(&answer.status), "{what}: {} {text}", answer.status);
    serde_json::from_str(&text).with_context(|| format!("{what}: not JSON: {text}"))
}

/// Reads a text from an object.
pub(super) fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    let text = value.get(key).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {key} in {value}"))?.to_owned())
}
