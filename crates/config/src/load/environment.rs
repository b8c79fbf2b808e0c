//! The third layer: variables of the environment.

use std::net::SocketAddr;

use toml::{Table, Value};

use super::{Draft, Source, read_secret};
use crate::keys::{self, KEYS, Key, Kind};
use crate::{Env, closest};

/// Reads the environment into the draft.
pub(super) fn read(draft: &mut Draft, env: &Env) {
    for key in KEYS {
        if key.path.contains('*') {
            continue;
        }
        let mut own = vec![keys::variable(key.path)];
        own.extend(key.aliases.iter().map(|name| (*name).to_owned()));
        own.dedup();
        let plain: Vec<String> = key.plain.iter().map(|name| (*name).to_owned()).collect();
        if !take(draft, env, key, key.path, &own) {
            take(draft, env, key, key.path, &plain);
        }
    }
    let ours = |name: &&str| name.starts_with("GANTRY_") && !is_for_others(name);
    for name in env.names().filter(ours) {
        if is_fixed(name) {
            continue;
        }
        // What is left can only be a limit, whose name is free.
        let path = name
            .trim_start_matches("GANTRY_")
            .to_ascii_lowercase()
            .replace("__", ".");
        match keys::find(&path).filter(|key| key.path.contains('*') && keys::variable(&path) == name) {
            Some(key) => {
                take(draft, env, key, &path, &[name.to_owned()]);
            }
            None => draft.trouble(name, Source::Environment(name.to_owned()), unknown(name)),
        }
    }
    port(draft, env);
}

/// Takes a setting from the one of its variables that is set; `false` when none is.
fn take(draft: &mut Draft, env: &Env, key: &Key, path: &str, names: &[String]) -> bool {
    let mut set: Vec<(String, bool)> = Vec::new();
    for name in names {
        if env.get(name).is_some() {
            set.push((name.clone(), false));
        }
        let file = format!("{name}_FILE");
        if key.kind.is_secret() && env.get(&file).is_some() {
            set.push((file, true));
        }
    }
    let Some((name, is_file)) = set.first() else {
        return false;
    };
    let source = Source::Environment(name.clone());
    if let Some((other, _)) = set.get(1) {
        draft.trouble(
            name,
            source,
            format!("sets {path}, and so does {other}: keep one of them"),
        );
        return true;
    }
    let text = env.get(name).unwrap_or_default();
    let value = if *is_file {
        read_secret(text).map(Value::from)
    } else {
        parse(key, text)
    };
    match value {
        Ok(value) => draft.set(path, value, source),
        Err(message) => draft.trouble(name, source, message),
    }
    true
}

fn parse(key: &Key, text: &str) -> Result<Value, String> {
    let wrong = || format!("must be {}", key.must_be);
    let trimmed = text.trim();
    let value = match key.kind {
        Kind::Text => Some(Value::from(trimmed)),
        Kind::Secret | Kind::Url => Some(Value::from(text)),
        Kind::Number => trimmed.parse::<i64>().ok().map(Value::from),
        Kind::Ratio => trimmed.parse::<f64>().ok().map(Value::from),
        Kind::Switch => match trimmed.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(Value::from(true)),
            "false" | "0" | "no" | "off" => Some(Value::from(false)),
            _ => None,
        },
        Kind::List => {
            let items = trimmed.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(Value::from).collect()))
        }
        Kind::Inline => format!("value = {trimmed}")
            .parse::<Table>()
            .ok()
            .and_then(|mut table| table.remove("value")),
    };
    value.ok_or_else(wrong)
}

/// `PORT` moves the gateway to another port and leaves its host alone.
fn port(draft: &mut Draft, env: &Env) {
    let Some(text) = env.get("PORT") else { return };
    let source = Source::Environment("PORT".to_owned());
    let Ok(port) = text.trim().parse::<u16>() else {
        return draft.trouble("PORT", source, "must be a port, 0 to 65535");
    };
    let before = draft
        .values
        .get("http.addr")
        .and_then(|(value, _)| value.as_str()?.parse::<SocketAddr>().ok());
    // An address that cannot be read is reported by itself.
    if let Some(mut addr) = before {
        addr.set_port(port);
        draft.set("http.addr", Value::from(addr.to_string()), source);
    }
}

/// Variables that begin as ours do and are read elsewhere: the file's name, and what tests are given.
fn is_for_others(name: &str) -> bool {
    name == "GANTRY_CONFIG" || name.starts_with("GANTRY_TEST_")
}

/// Whether a variable is the name of a setting (or its `_FILE` twin).
fn is_fixed(name: &str) -> bool {
    let names = |key: &Key, wanted: &str| keys::variable(key.path) == wanted || key.aliases.contains(&wanted);
    let secret = name.strip_suffix("_FILE");
    KEYS.iter()
        .any(|key| names(key, name) || (key.kind.is_secret() && secret.is_some_and(|secret| names(key, secret))))
}

fn unknown(name: &str) -> String {
    let known = KEYS.iter().flat_map(|key| {
        let own = [keys::variable(key.path)];
        own.into_iter()
            .chain(key.aliases.iter().chain(key.plain).map(|alias| (*alias).to_owned()))
    });
    let mut known: Vec<String> = known.collect();
    let files: Vec<String> = KEYS
        .iter()
        .filter(|key| key.kind.is_secret())
        .flat_map(|key| {
            [keys::variable(key.path)]
                .into_iter()
                .chain(key.aliases.iter().map(|alias| (*alias).to_owned()))
        })
        .map(|name| format!("{name}_FILE"))
        .collect();
    known.extend(files);
    match closest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("is not a setting; did you mean {near}?"),
        None => {
            "is not a setting; gantry.default.toml lists them all (GANTRY_ and the name, __ for each dot)".to_owned()
        }
    }
}
