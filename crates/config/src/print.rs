//! Shows what is in force and where each value came from, for `gantry config`. Secrets are never shown.

use std::fmt::Write;

use serde_json::{Map, json};
use toml::Value;

use crate::keys::{self, KEYS};
use crate::{Loaded, Source};

impl Loaded {
    /// The configuration as TOML, each value with its source beside it; settings that are not set as comments.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let mut section = String::new();
        for path in self.paths() {
            let (table, name) = path.rsplit_once('.').unwrap_or(("", &path));
            if table != section {
                let _ = write!(out, "\n[{table}]\n");
                table.clone_into(&mut section);
            }
            let _ = match self.shown.get(&path) {
                Some((value, source)) => writeln!(out, "{name} = {value} # {source}"),
                None => writeln!(out, "# {name} is not set"),
            };
        }
        out
    }

    /// The configuration as JSON: `{"http.addr": {"value": …, "source": "default"}, …}`; what is not set is null.
    pub fn to_json(&self) -> serde_json::Value {
        let entry = |path: String| {
            let (value, source) = match self.shown.get(&path) {
                Some((value, source)) => (json_of(value), source.to_string()),
                None => (serde_json::Value::Null, Source::Default.to_string()),
            };
            (path, json!({"value": value, "source": source}))
        };
        serde_json::Value::Object(self.paths().into_iter().map(entry).collect())
    }

    /// The source of a setting's value, by its dotted name.
    pub fn source(&self, path: &str) -> Source {
        self.shown
            .get(path)
            .map_or(Source::Default, |(_, source)| source.clone())
    }

    /// The names to show, in the order of the manual; limits only where they are set.
    fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for key in KEYS {
            if !key.path.contains('*') {
                paths.push(key.path.to_owned());
                continue;
            }
            // All settings of one limit together, at the place of the first of them.
            let limits = self
                .shown
                .keys()
                .filter(|path| keys::find(path).is_some_and(|key| key.path.contains('*')));
            let new: Vec<String> = limits.filter(|path| !paths.contains(path)).cloned().collect();
            paths.extend(new);
        }
        paths
    }
}

fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::String(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Boolean(flag) => json!(flag),
        Value::Datetime(time) => json!(time.to_string()),
        Value::Array(items) => items.iter().map(json_of).collect(),
        Value::Table(table) => serde_json::Value::Object(
            table
                .iter()
                .map(|(name, value)| (name.clone(), json_of(value)))
                .collect::<Map<_, _>>(),
        ),
    }
}
