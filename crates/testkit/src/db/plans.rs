//! Whether an index answers what tests ask, however many rows there are.
//!
//! Every statement that diesel sends in a test is noted down. When the test's database goes, the database is asked how it would go
//! about each of them: a query without an index fails the test that ran it, and none can be forgotten.

mod pg;
mod sqlite;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Once;

use anyhow::Context;
use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use parking_lot::Mutex;

use super::Backend;

/// What tables of ours begin with, as both dialects quote them.
const OURS: [&str; 6] = ["\"auth_", "\"session_", "\"event_", "`auth_", "`session_", "`event_"];

/// Tables that hold few rows however large the installation is, and why: they may be read whole.
const FEW: [&str; 5] = [
    // Tasks are carried out within moments.
    "auth_tasks",
    // Events are handed over within moments.
    "auth_outbox",
    "session_outbox",
    // A handful of keys made ahead of need.
    "session_key_stock",
    // One row.
    "event_sequence",
];

/// Tables that hold few rows of each realm: those may be sorted.
const FEW_OF_A_REALM: [&str; 14] = [
    "auth_api_keys",
    "auth_client_apps",
    "auth_domains",
    "auth_named_permissions",
    "auth_providers",
    "auth_resource_links",
    "event_hooks",
    "event_lanes",
    "event_list_providers",
    "event_retentions",
    "event_smtp_providers",
    "event_wipes",
    "session_keys",
    "session_wipes",
];

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Notes down, from now on, what diesel sends in this process.
pub(super) fn record() {
    static ON: Once = Once::new();
    ON.call_once(|| {
        if let Err(error) = set_default_instrumentation(|| Some(Box::new(note))) {
            panic!("statements cannot be recorded: {error}");
        }
    });
}

fn note(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event
        && let Some(statement) = statement(&query.to_string())
    {
        SEEN.lock().insert(statement);
    }
}

/// The statement without its values, when it looks for rows of ours. What a test writes by hand quotes no names, and is its own affair.
fn statement(text: &str) -> Option<String> {
    let sql = text.split(" -- binds").next()?.trim();
    let looks = ["SELECT", "UPDATE", "DELETE"].map(|verb| sql.trim_start_matches('(').starts_with(verb));
    // What is asked for an empty list is found nowhere, and not looked for.
    if !looks.contains(&true) || sql.contains("(1=0)") || !OURS.iter().any(|table| sql.contains(table)) {
        return None;
    }
    // Lists of any length are one statement.
    let mut sql = sql.to_owned();
    while sql.contains("?, ?") {
        sql = sql.replace("?, ?", "?");
    }
    Some(sql)
}

/// Says what is wrong with what was seen since the last time: empty when every statement has its index.
pub(super) fn complaints(backend: Backend, url: &str) -> anyhow::Result<Vec<String>> {
    let seen: Vec<String> = SEEN
        .lock()
        .extract_if(.., |sql| sql.contains('`') == (backend == Backend::Sqlite))
        .collect();
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    match backend {
        Backend::Sqlite => sqlite::complaints(url, &seen),
        Backend::Postgres => pg::complaints(&seen),
    }
}

/// Reads the migrations of a kind of database, in order.
fn scripts(backend: Backend) -> anyhow::Result<Vec<String>> {
    let home = super::migrations(backend)?;
    let folders = std::fs::read_dir(&home).with_context(|| format!("cannot list {}", home.display()))?;
    let mut folders = folders
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<Vec<PathBuf>>>()?;
    folders.sort();
    let read = |folder: &Path| {
        let file = folder.join("up.sql");
        std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    folders
        .iter()
        .filter(|folder| folder.is_dir())
        .map(|folder| read(folder))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_for_rows_of_ours_is_noted() {
        let kept = [
            (
                "SELECT `auth_users`.`id` FROM `auth_users` WHERE (`auth_users`.`id` IN (?, ?, ?)) -- binds: [\"a\"]",
                "SELECT `auth_users`.`id` FROM `auth_users` WHERE (`auth_users`.`id` IN (?))",
            ),
            (
                "(SELECT 1 FROM \"auth_users\") UNION ALL (SELECT 2 FROM \"auth_realms\")",
                "(SELECT 1 FROM \"auth_users\") UNION ALL (SELECT 2 FROM \"auth_realms\")",
            ),
        ];
        for (text, sql) in kept {
            assert_eq!(statement(text).as_deref(), Some(sql));
        }
        for text in [
            "INSERT INTO \"auth_users\" (\"id\") VALUES ($1)",
            "SELECT count(*) FROM auth_users",
            "SELECT \"version\" FROM \"__diesel_schema_migrations\"",
        ] {
            assert_eq!(statement(text), None);
        }
    }
}
