//! Habits that a compiler does not see: bans that must stay, tests named after threats, notes that lead somewhere.

use std::path::Path;

use anyhow::Context;

use crate::source::{Source, sources};

/// Calls that clippy must refuse: time, randomness, the environment, tasks and transactions have one owner each.
const BANS: [&str; 6] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "rand::rng",
    "std::env::var",
    "tokio::spawn",
    "diesel_async::AsyncConnection::transaction",
];
/// The rows of the list of threats.
const THREATS: std::ops::RangeInclusive<u32> = 1..=43;

/// The bans on calls are still there, each with its reason.
///
/// # Errors
/// When `clippy.toml` cannot be read.
pub fn bans_stand(root: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(root.join("clippy.toml")).context("cannot read clippy.toml")?;
    let table: toml::Table = text.parse()?;
    let empty = Vec::new();
    let entries = table
        .get("disallowed-methods")
        .and_then(toml::Value::as_array)
        .unwrap_or(&empty);
    let reason = |path: &str| {
        let mut found = entries
            .iter()
            .filter(|entry| entry.get("path").and_then(toml::Value::as_str) == Some(path));
        found
            .next()
            .map(|entry| entry.get("reason").and_then(toml::Value::as_str).unwrap_or_default())
    };
    Ok(BANS
        .iter()
        .filter_map(|path| match reason(path) {
            None => Some(format!("clippy.toml: {path} is no longer banned")),
            Some("") => Some(format!("clippy.toml: the ban on {path} has no reason")),
            Some(_) => None,
        })
        .collect())
}

/// A lint is silenced with `expect` and a reason, which expires by itself, and never with its older brother.
///
/// # Errors
/// When the tree cannot be read.
pub fn lints_are_expected_not_allowed(root: &Path) -> anyhow::Result<Vec<String>> {
    // Written in two parts, or this file would break its own wall.
    let forms = [concat!("#[al", "low("), concat!("#![al", "low(")];
    let mut wrong = Vec::new();
    for source in sources(root, &[".rs"])? {
        let lines = source
            .lines
            .iter()
            .filter(|line| forms.iter().any(|form| line.code().contains(form)));
        wrong.extend(lines.map(|line| source.complain(line, "use #[expect(.., reason = \"..\")]")));
    }
    Ok(wrong)
}

/// A note about work to do names the issue where the work is kept: `(#12)`.
///
/// # Errors
/// When the tree cannot be read.
pub fn notes_name_their_issue(root: &Path) -> anyhow::Result<Vec<String>> {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut wrong = Vec::new();
    for source in sources(root, &[".rs", ".toml", ".sql", ".proto", ".yml"])? {
        let notes = source.lines.iter().filter(|line| {
            words
                .iter()
                .any(|word| crate::source::has_word(&line.text, word) && !names_issue(&line.text, word))
        });
        wrong.extend(notes.map(|line| source.complain(line, "a note about work to do carries its issue's number")));
    }
    Ok(wrong)
}

fn names_issue(text: &str, word: &str) -> bool {
    let after = text.split_once(word).map_or("", |(_, after)| after);
    after
        .strip_prefix("(#")
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// A test named after a threat, `t_09_..`, names a row that exists.
///
/// # Errors
/// When the tree cannot be read.
pub fn threats_exist(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for source in sources(root, &[".rs"])? {
        wrong.extend(threats_in(&source));
    }
    Ok(wrong)
}

fn threats_in(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in &source.lines {
        let Some((_, name)) = line.code().split_once("fn t_") else {
            continue;
        };
        let row = name.split('_').next().unwrap_or_default();
        if !row.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let known = row.len() == 2 && row.parse().is_ok_and(|row| THREATS.contains(&row));
        if !known {
            wrong.push(source.complain(
                line,
                &format!("there is no threat {row}; rows are 01 to {}", THREATS.end()),
            ));
        }
    }
    wrong
}
