//! What may be said in which room: two of HTTP, proto, rules and SQL meet only where design says so.

use std::path::Path;

use crate::source::{Source, has_word, sources};

/// The words of proto and of SQL, which rules do not speak.
const NOT_IN_RULES: [&str; 8] = [
    "tonic",
    "tonic_prost",
    "prost",
    "gantry_proto",
    "gantry_rpc",
    "diesel",
    "diesel_async",
    "axum",
];
/// The dialects, which queries do not speak: both databases compile the same text.
const NOT_IN_QUERIES: [&str; 6] = [
    "diesel::pg",
    "diesel::sqlite",
    "AsyncPgConnection",
    "SqliteConnection",
    "PgConnection",
    "sql_query",
];

/// The rules of login must be readable and testable in microseconds.
///
/// # Errors
/// When the tree cannot be read.
pub fn rules_speak_only_rules(root: &Path) -> anyhow::Result<Vec<String>> {
    spoken(root, NOT_IN_RULES.as_slice(), |path| {
        path.starts_with("services/") && path.contains("/src/rules")
    })
}

/// Two databases, one text.
///
/// # Errors
/// When the tree cannot be read.
pub fn queries_speak_no_dialect(root: &Path) -> anyhow::Result<Vec<String>> {
    spoken(root, NOT_IN_QUERIES.as_slice(), |path| path.contains("/store/queries"))
}

/// Internal text never reaches a caller: only one file knows what an error body looks like.
///
/// # Errors
/// When the tree cannot be read.
pub fn only_errors_builds_error_bodies(root: &Path) -> anyhow::Result<Vec<String>> {
    let key = "\"errors\"";
    let mut wrong = Vec::new();
    for source in rust_in(root, |path| {
        path.starts_with("gateway/src/") && !path.starts_with("gateway/src/errors")
    })? {
        let lines = source.product().filter(|line| line.code().contains(key));
        wrong.extend(lines.map(|line| source.complain(line, "an error body is built in gateway/src/errors.rs alone")));
    }
    Ok(wrong)
}

fn spoken(root: &Path, words: &[&str], room: impl Fn(&str) -> bool) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for source in rust_in(root, room)? {
        for line in &source.lines {
            let said = words.iter().filter(|word| has_word(line.code(), word));
            wrong.extend(said.map(|word| source.complain(line, &format!("{word} is not spoken here"))));
        }
    }
    Ok(wrong)
}

fn rust_in(root: &Path, room: impl Fn(&str) -> bool) -> anyhow::Result<Vec<Source>> {
    let mut all = sources(root, &[".rs"])?;
    all.retain(|source| room(&source.path));
    Ok(all)
}
