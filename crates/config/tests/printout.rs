//! What `gantry config` shows, and that it can be read back.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use gantry_config::{Env, Loaded, MANUAL, load};
use tempfile::TempDir;

fn defaults() -> Loaded {
    load(None, &Env::default()).unwrap()
}

/// The settings alone: JSON without the sources.
fn values(loaded: &Loaded) -> Vec<(String, serde_json::Value)> {
    let shown = loaded.to_json();
    shown
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, entry)| (path.clone(), entry["value"].clone()))
        .collect()
}

fn read_back(text: &str) -> Loaded {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gantry.toml");
    std::fs::write(&path, text).unwrap();
    load(Some(&path), &Env::default()).unwrap()
}

#[test]
fn the_printed_defaults_read_back_as_the_defaults() {
    let printed = defaults().to_toml();
    assert_eq!(values(&read_back(&printed)), values(&defaults()));
    insta::assert_snapshot!(printed);
}

#[test]
fn the_manual_is_the_defaults() {
    assert_eq!(values(&read_back(MANUAL)), values(&defaults()));
}

#[test]
fn a_printout_with_everything_set_reads_back_too() {
    let env = Env::from_pairs([
        ("GANTRY_LIMITS__LOGIN__MAX", "31"),
        ("GANTRY_LIMITS__LOGIN__ON_OUTAGE", "allow"),
        ("GANTRY_LIMITS__CORE__MAX", "7"),
        ("GANTRY_HTTP__TRUSTED_PROXIES", "10.0.0.0/8,::1"),
        ("GANTRY_LOG__FILTER", "warn,gantry_auth=\"debug\"#"),
        ("GANTRY_SMTP_HOST", "mail"),
    ]);
    let loaded = load(None, &env).unwrap();
    let printed = loaded.to_toml();
    assert_eq!(values(&read_back(&printed)), values(&loaded), "{printed}");
    assert!(
        printed.contains("[limits.login]\nmax = 31 # environment GANTRY_LIMITS__LOGIN__MAX"),
        "{printed}"
    );
}

#[test]
fn json_names_value_and_source_of_each_setting() {
    let loaded = load(None, &Env::from_pairs([("PORT", "81")])).unwrap();
    let shown = loaded.to_json();
    assert_eq!(
        shown["http.addr"],
        serde_json::json!({"value": "127.0.0.1:81", "source": "environment PORT"})
    );
    assert_eq!(
        shown["data_dir"],
        serde_json::json!({"value": "./gantry-data", "source": "default"})
    );
    assert_eq!(
        shown["database.url"],
        serde_json::json!({"value": null, "source": "default"})
    );
}
