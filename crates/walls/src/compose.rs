//! The compose file: one image, health decides the order, no password that somebody else knows, settings that exist.

use std::path::Path;

use anyhow::Context;
use gantry_config::Env;
use serde_json::{Map, Value};

/// The services that run Gantry itself.
pub const GANTRY: [&str; 5] = ["migrate", "gateway", "auth", "session", "event"];
/// The services that show a person something, on this machine alone.
const VIEWERS: [&str; 2] = ["traces", "mail"];
/// The service that ends by itself when it has done its work, so it has no health to ask about.
const ONE_SHOT: &str = "migrate";
/// Words in a variable's name that say its value is nobody's business.
const SECRET_WORDS: [&str; 5] = ["PASSWORD", "SECRET", "API_KEY", "TOKEN", "DATABASE_URL"];

/// Reads the compose file and says what is wrong with it.
///
/// # Errors
/// When it cannot be read as YAML.
pub fn compose_is_sound(root: &Path) -> anyhow::Result<Vec<String>> {
    let (text, file) = read(root)?;
    let services = file
        .get("services")
        .and_then(Value::as_object)
        .context("there are no services")?;
    let mut wrong = references(&text);
    wrong.extend(images(services));
    wrong.extend(healths(services));
    wrong.extend(order(services));
    wrong.extend(ports(services));
    wrong.extend(networks(services));
    for (name, service) in services {
        wrong.extend(secrets(name, service));
    }
    Ok(wrong)
}

/// Gantry's own services start with the settings that they are given, once the secrets are filled in.
///
/// # Errors
/// When the compose file cannot be read as YAML.
pub fn settings_are_known(root: &Path) -> anyhow::Result<Vec<String>> {
    let (_, file) = read(root)?;
    let mut wrong = Vec::new();
    for name in GANTRY {
        let service = file.pointer(&format!("/services/{name}"));
        let variables = service.map(environment).unwrap_or_default();
        let filled = variables.into_iter().map(|(key, value)| (key, fill_in(&value)));
        if let Err(error) = gantry_config::load(None, &Env::from_pairs(filled)) {
            wrong.push(format!("{name}: {error}"));
        }
    }
    Ok(wrong)
}

/// Replaces each `${NAME:-default}` by its default and each `${NAME:?why}` by something as long and as random.
fn fill_in(value: &str) -> String {
    let mut parts = value.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once('}').unwrap_or((part, ""));
        filled.push_str(match reference.split_once(":-") {
            Some((_, default)) => default,
            // 32 bytes in base64, which is also good enough for a password.
            None => "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        });
        filled.push_str(rest);
    }
    filled
}

fn read(root: &Path) -> anyhow::Result<(String, Value)> {
    let text = std::fs::read_to_string(root.join("docker-compose.yml")).context("cannot read docker-compose.yml")?;
    let file = serde_saphyr::from_str(&text).context("docker-compose.yml is not YAML")?;
    Ok((text, file))
}

/// One image for all roles: what was tested together is deployed together.
fn images(services: &Map<String, Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    let image = |name: &str| {
        services
            .get(name)
            .and_then(|service| service.get("image"))
            .and_then(Value::as_str)
    };
    let first = image("gateway");
    for name in GANTRY {
        match image(name) {
            None => wrong.push(format!("{name}: no such service, or it names no image")),
            image if image != first => wrong.push(format!("{name}: another image than the gateway's")),
            Some(_) => {}
        }
    }
    wrong
}

fn healths(services: &Map<String, Value>) -> Vec<String> {
    let without = services
        .iter()
        .filter(|(name, service)| name.as_str() != ONE_SHOT && service.pointer("/healthcheck/test").is_none());
    without.map(|(name, _)| format!("{name}: no health check")).collect()
}

/// Whoever waits, waits for health or for a finished task, not for a process that merely exists.
fn order(services: &Map<String, Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, service) in services {
        match service.get("depends_on") {
            None => {}
            Some(Value::Object(on)) => {
                for (other, how) in on {
                    let expected = if other == ONE_SHOT {
                        "service_completed_successfully"
                    } else {
                        "service_healthy"
                    };
                    if how.get("condition").and_then(Value::as_str) != Some(expected) {
                        wrong.push(format!("{name}: waits for {other} without condition {expected}"));
                    }
                }
            }
            Some(_) => wrong.push(format!("{name}: depends_on without conditions")),
        }
    }
    wrong
}

/// Only the gateway is reached from outside. What a person looks at is published on the loopback address alone.
fn ports(services: &Map<String, Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, service) in services.iter().filter(|(name, _)| name.as_str() != "gateway") {
        for port in service.get("ports").and_then(Value::as_array).into_iter().flatten() {
            let is_local = port.as_str().is_some_and(|port| port.starts_with("127.0.0.1:"));
            if !(is_local && VIEWERS.contains(&name.as_str())) {
                wrong.push(format!("{name}: publishes {port}; only the gateway does"));
            }
        }
    }
    wrong
}

/// The gateway has no way to the database, not even a network.
fn networks(services: &Map<String, Value>) -> Vec<String> {
    let of = |name: &str| -> Vec<&str> {
        let networks = services
            .get(name)
            .and_then(|service| service.get("networks"))
            .and_then(Value::as_array);
        // Whoever names none is on the one that all share.
        networks.map_or(vec!["default"], |all| all.iter().filter_map(Value::as_str).collect())
    };
    let database = of("postgres");
    let shared = of("gateway").into_iter().filter(|network| database.contains(network));
    shared
        .map(|network| format!("gateway: shares the network {network} with the database"))
        .collect()
}

/// A secret comes from `.env` and has no default: `${NAME:?why}`.
fn secrets(name: &str, service: &Value) -> Vec<String> {
    environment(service)
        .into_iter()
        .filter(|(key, value)| is_secret(key) && !key.ends_with("_FILE") && !value.contains(":?"))
        .map(|(key, _)| format!("{name}: {key} must come from the environment without a default, as ${{{key}:?why}}"))
        .collect()
}

/// Wherever a secret is used, in a command or a health check too, its absence stops everything.
fn references(text: &str) -> Vec<String> {
    let inside = text.split("${").skip(1).filter_map(|rest| rest.split('}').next());
    inside
        .filter(|inside| is_secret(inside.split(':').next().unwrap_or_default()) && !inside.contains(":?"))
        .map(|inside| format!("${{{inside}}}: a secret may not be empty and has no default, write ${{NAME:?why}}"))
        .collect()
}

fn is_secret(name: &str) -> bool {
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Reads a service's variables, written as a map or as a list.
fn environment(service: &Value) -> Vec<(String, String)> {
    match service.get("environment") {
        Some(Value::Object(map)) => map
            .iter()
            .map(|(key, value)| {
                (
                    key.clone(),
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                )
            })
            .collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_str)
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}
