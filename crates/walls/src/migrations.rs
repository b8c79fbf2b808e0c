//! Migrations: two folders that must not drift apart.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;

/// The folders, one for each database.
pub const FOLDERS: [&str; 2] = ["postgres", "sqlite"];

/// Both databases have the same migrations, and each goes up and down.
///
/// # Errors
/// When a folder cannot be listed.
pub fn folders_match(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for folder in FOLDERS {
        let home = root.join("migrations").join(folder);
        let found = folders_in(&home)?;
        for name in &found {
            let complaint = |what: &str| format!("migrations/{folder}/{name}: {what}");
            if !is_stamped(name) {
                wrong.push(complaint("a migration is named 2025-11-22-064900_what_it_does"));
            }
            for file in ["up.sql", "down.sql"] {
                let text = fs::read_to_string(home.join(name).join(file)).unwrap_or_default();
                if text.trim().is_empty() {
                    wrong.push(complaint(&format!("{file} is missing or empty")));
                }
            }
        }
        wrong.extend(shared_stamps(folder, &found));
        names.push(found);
    }
    if let [postgres, sqlite] = names.as_slice() {
        let only = |one: &BTreeSet<String>, other: &BTreeSet<String>, folder: &str| -> Vec<String> {
            let alone = one.difference(other);
            alone
                .map(|name| format!("migrations/{folder}/{name} has no twin in the other folder"))
                .collect()
        };
        wrong.extend(only(postgres, sqlite, "postgres"));
        wrong.extend(only(sqlite, postgres, "sqlite"));
    }
    Ok(wrong)
}

fn folders_in(home: &Path) -> anyhow::Result<BTreeSet<String>> {
    if !home.exists() {
        return Ok(BTreeSet::new());
    }
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(home).with_context(|| format!("cannot list {}", home.display()))? {
        let entry = entry?;
        if entry.path().is_dir() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// The stamp decides the order, so no two migrations share one.
fn shared_stamps(folder: &str, names: &BTreeSet<String>) -> Vec<String> {
    let stamp = |name: &String| name.split('_').next().unwrap_or_default().to_owned();
    let pairs = names.iter().zip(names.iter().skip(1));
    let same = pairs.filter(|(one, next)| stamp(one) == stamp(next));
    same.map(|(one, next)| format!("migrations/{folder}: {one} and {next} share a stamp"))
        .collect()
}

fn is_stamped(name: &str) -> bool {
    let Some((stamp, what)) = name.split_once('_') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !stamp.is_empty()
        && stamp.chars().all(|c| c.is_ascii_digit() || c == '-')
        && what.starts_with(|c: char| c.is_ascii_lowercase())
        && what.chars().all(plain)
}
