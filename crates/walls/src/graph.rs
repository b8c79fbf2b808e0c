//! Who depends on whom, as cargo sees it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// The crates that answer for one part of the domain each.
pub const SERVICES: [&str; 3] = ["gantry-auth", "gantry-session", "gantry-event"];

/// What speaks to a database.
const DATABASES: [&str; 8] = [
    "diesel",
    "diesel-async",
    "diesel_migrations",
    "tokio-postgres",
    "postgres-protocol",
    "libsqlite3-sys",
    "rusqlite",
    "gantry-db",
];
/// What does input and output, or waits.
const WORLD: [&str; 9] = [
    "tokio",
    "tonic",
    "prost",
    "diesel",
    "diesel-async",
    "axum",
    "hyper",
    "reqwest",
    "redis",
];

/// The packages that a build of the workspace uses, and their edges.
#[derive(Debug, Default)]
pub struct Graph {
    /// Package name to the names of what it needs when it is used, not when it is built or tested.
    normal: BTreeMap<String, BTreeSet<String>>,
    /// Package name to the names of all that it names in its manifest.
    any: BTreeMap<String, BTreeSet<String>>,
    members: BTreeSet<String>,
}

impl Graph {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo cannot say.
    pub fn of_workspace(root: &Path) -> anyhow::Result<Self> {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1"])
            .current_dir(root)
            .output()
            .context("cannot run cargo metadata")?;
        ensure!(
            output.status.success(),
            "cargo metadata failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self::read(&serde_json::from_slice(&output.stdout)?)
    }

    /// Reads what `cargo metadata --format-version 1` prints.
    ///
    /// # Errors
    /// When it is not that.
    pub fn read(metadata: &Value) -> anyhow::Result<Self> {
        let names: BTreeMap<&str, &str> = list(metadata.get("packages"))
            .iter()
            .filter_map(|package| Some((text(package, "id")?, text(package, "name")?)))
            .collect();
        let mut graph = Self::default();
        for node in list(metadata.pointer("/resolve/nodes")) {
            let name = name_of(&names, node, "id")?;
            for dependency in list(node.get("deps")) {
                let needs = name_of(&names, dependency, "pkg")?;
                let kinds = list(dependency.get("dep_kinds"));
                if kinds.iter().any(|kind| kind.get("kind").is_none_or(Value::is_null)) {
                    graph.normal.entry(name.clone()).or_default().insert(needs.clone());
                }
                graph.any.entry(name.clone()).or_default().insert(needs);
            }
        }
        for member in list(metadata.get("workspace_members")) {
            let id = member.as_str().unwrap_or_default();
            let name = names.get(id).with_context(|| format!("cargo does not name {id}"))?;
            graph.members.insert((*name).to_owned());
        }
        ensure!(!graph.members.is_empty(), "cargo names no member of the workspace");
        Ok(graph)
    }

    /// Returns the way from one package to another through what each needs when it is used.
    pub fn path(&self, from: &str, to: &str) -> Option<String> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(package) = queue.pop_front() {
            for next in self.normal.get(package).into_iter().flatten().map(String::as_str) {
                if next != from && !before.contains_key(next) {
                    before.insert(next, package);
                    queue.push_back(next);
                }
            }
        }
        let mut way = vec![to];
        let mut at = *before.get(to)?;
        while at != from {
            way.push(at);
            at = before.get(at)?;
        }
        way.push(from);
        way.reverse();
        Some(way.join(" -> "))
    }

    fn missing(&self, package: &str) -> Option<String> {
        (!self.members.contains(package))
            .then(|| format!("{package} is no member of the workspace: the wall holds nothing"))
    }
}

/// The exposed process carries no driver, no credentials and no way round the rules.
pub fn gateway_reaches_no_database(graph: &Graph) -> Vec<String> {
    reaches_none(graph, "gantry-gateway", &DATABASES)
}

/// The kernel's words are usable everywhere because they need nothing.
pub fn kernel_stands_alone(graph: &Graph) -> Vec<String> {
    reaches_none(graph, "gantry-kernel", &WORLD)
}

/// Services can be deployed apart: no shared tables, structs or transactions.
pub fn services_do_not_know_each_other(graph: &Graph) -> Vec<String> {
    let pairs = SERVICES
        .iter()
        .flat_map(|one| SERVICES.iter().map(move |other| (one, other)));
    let reached = pairs
        .filter(|(one, other)| one != other)
        .filter_map(|(one, other)| graph.path(one, other));
    SERVICES
        .iter()
        .filter_map(|service| graph.missing(service))
        .chain(reached)
        .collect()
}

/// Only the program puts the services together; everything else receives what it needs.
pub fn only_the_program_knows_the_services(graph: &Graph) -> Vec<String> {
    let mut wrong: Vec<String> = graph.missing("gantry").into_iter().collect();
    for member in graph.members.iter().filter(|member| *member != "gantry") {
        let needs = graph.any.get(member).into_iter().flatten();
        wrong.extend(
            needs
                .filter(|needs| SERVICES.contains(&needs.as_str()))
                .map(|needs| format!("{member} names {needs}")),
        );
    }
    for service in SERVICES {
        if graph.path("gantry", service).is_none() {
            wrong.push(format!("gantry does not reach {service}"));
        }
    }
    wrong
}

fn reaches_none(graph: &Graph, package: &str, forbidden: &[&str]) -> Vec<String> {
    let ways = forbidden.iter().filter_map(|other| graph.path(package, other));
    graph.missing(package).into_iter().chain(ways).collect()
}

fn name_of(names: &BTreeMap<&str, &str>, value: &Value, key: &str) -> anyhow::Result<String> {
    let id = text(value, key).with_context(|| format!("a node without {key}"))?;
    let name = names.get(id).with_context(|| format!("cargo does not name {id}"))?;
    Ok((*name).to_owned())
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
