//! `cargo xtask new-migration NAME`: a folder for each database, with the same stamp and name.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};

const SECONDS_A_DAY: u64 = 86_400;

/// Makes both folders with empty `up.sql` and `down.sql`.
pub(crate) fn make(root: &Path, name: &str) -> anyhow::Result<()> {
    make_at(root, name, since_epoch()?)
}

fn make_at(root: &Path, name: &str, since_epoch: Duration) -> anyhow::Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    ensure!(
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain),
        "a migration's name has small letters, digits and underscores, and starts with a letter: {name:?} does not"
    );
    let folder = format!("{}_{name}", stamp(since_epoch.as_secs()));
    for database in ["postgres", "sqlite"] {
        let path = root.join("migrations").join(database).join(&folder);
        fs::create_dir_all(&path)?;
        for file in ["up.sql", "down.sql"] {
            let path = path.join(file);
            fs::write(&path, "").with_context(|| format!("cannot make {}", path.display()))?;
            println!("{}", path.display());
        }
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a migration is stamped with the developer's clock; nothing of the product depends on it"
)]
fn since_epoch() -> anyhow::Result<Duration> {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970")
}

/// Writes a time as `2025-11-22-064900`, which sorts as it passes.
fn stamp(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / SECONDS_A_DAY);
    let rest = seconds % SECONDS_A_DAY;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}")
}

/// Turns days since 1970 into year, month and day.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let mut year = 1970;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_calendar_dates() {
        assert_eq!(stamp(0), "1970-01-01-000000");
        assert_eq!(stamp(951_826_153), "2000-02-29-120913");
        assert_eq!(stamp(1_767_225_599), "2025-12-31-235959");
        assert_eq!(stamp(1_767_225_600), "2026-01-01-000000");
    }

    #[test]
    fn both_folders_are_made_alike() {
        let root = tempfile::tempdir().unwrap();
        make_at(root.path(), "add_keys", Duration::from_secs(951_826_153)).unwrap();
        for database in ["postgres", "sqlite"] {
            for file in ["up.sql", "down.sql"] {
                let path = format!("migrations/{database}/2000-02-29-120913_add_keys/{file}");
                assert!(root.path().join(path).is_file());
            }
        }
    }

    #[test]
    fn a_bad_name_makes_nothing() {
        let root = tempfile::tempdir().unwrap();
        for name in ["", "Add", "../evil", "a-b", "1st"] {
            assert!(make_at(root.path(), name, Duration::ZERO).is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
