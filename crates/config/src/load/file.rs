//! The second layer: one TOML file.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Draft, Source, read_secret};
use crate::keys::{self, KEYS};
use crate::{Env, closest};

/// The file to read: the one that was asked for, else `GANTRY_CONFIG`, else `gantry.toml` when it is there.
pub(super) fn choose(asked: Option<&Path>, env: &Env) -> Option<PathBuf> {
    let named = asked
        .map(Path::to_owned)
        .or_else(|| env.get("GANTRY_CONFIG").map(PathBuf::from));
    named.or_else(|| {
        env.dir()
            .map(|dir| dir.join("gantry.toml"))
            .filter(|path| path.exists())
    })
}

/// Reads the file into the draft.
pub(super) fn read(draft: &mut Draft, path: &Path) {
    let source = Source::File(path.to_owned());
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return draft.trouble("file", source, format!("cannot be read: {error}")),
    };
    match text.parse::<Table>() {
        Ok(table) => walk(draft, "", table, &source),
        // Place and kind only: the parser's own text quotes the line, which may hold a secret.
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
            draft.trouble(
                "file",
                source,
                format!("is not TOML at line {line}, column {column}: {}", error.message()),
            );
        }
    }
}

fn walk(draft: &mut Draft, prefix: &str, table: Table, source: &Source) {
    for (name, value) in table {
        let path = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        if keys::find(&path).is_some() {
            set_once(draft, &path, value, source);
        } else if let Some(secret) = secret_of(&path) {
            match value.as_str().map(read_secret) {
                Some(Ok(text)) => set_once(draft, secret, Value::from(text), source),
                Some(Err(message)) => draft.trouble(&path, source.clone(), message),
                None => draft.trouble(&path, source.clone(), "must be the path of a file"),
            }
        } else if is_section(&path) {
            match value {
                Value::Table(inner) => walk(draft, &path, inner, source),
                _ => draft.trouble(
                    &path,
                    source.clone(),
                    format!("is a section: write [{path}] and its settings below"),
                ),
            }
        } else {
            draft.trouble(&path, source.clone(), unknown(&path));
        }
    }
}

/// TOML refuses one name twice; a secret and its `_file` twin are one name to us.
fn set_once(draft: &mut Draft, path: &str, value: Value, source: &Source) {
    let taken = draft.values.get(path).is_some_and(|(_, before)| before == source);
    if taken {
        draft.trouble(
            path,
            source.clone(),
            format!("is set twice: keep {path} or {path}_file"),
        );
    } else {
        draft.set(path, value, source.clone());
    }
}

/// The secret that `<path>_file` is the twin of.
fn secret_of(path: &str) -> Option<&str> {
    let secret = path.strip_suffix("_file")?;
    keys::find(secret).filter(|key| key.kind.is_secret()).map(|_| secret)
}

fn is_section(path: &str) -> bool {
    let depth = path.split('.').count();
    KEYS.iter().any(|key| {
        let names: Vec<&str> = key.path.split('.').collect();
        names.len() > depth
            && names
                .iter()
                .zip(path.split('.'))
                .all(|(ours, theirs)| *ours == theirs || (*ours == "*" && keys::is_name(theirs)))
    })
}

fn unknown(path: &str) -> String {
    let names: Vec<String> = KEYS.iter().map(|key| concrete(key.path, path)).collect();
    // The sections are names too, for whoever mistyped one.
    let sections = names
        .iter()
        .flat_map(|name| name.match_indices('.').filter_map(|(at, _)| name.get(..at)));
    let near = closest(path, names.iter().map(String::as_str).chain(sections));
    let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
    let elsewhere = || names.iter().map(String::as_str).find(|name| last(name) == last(path));
    match near.or_else(elsewhere) {
        Some(name) => format!("is not a setting; did you mean {name}?"),
        None => "is not a setting; gantry.default.toml lists them all".to_owned(),
    }
}

/// A setting's name with the `*` taken from a name of the same section.
fn concrete(known: &str, path: &str) -> String {
    let mut theirs = path.split('.');
    let names = known.split('.').map(|ours| {
        let theirs = theirs.next().unwrap_or("name");
        if ours == "*" { theirs } else { ours }
    });
    names.collect::<Vec<_>>().join(".")
}
