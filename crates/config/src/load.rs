//! Brings the three layers together and remembers where each value came from.

mod environment;
mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::check::check;
use crate::keys::{self, Kind};
use crate::{Config, ConfigError, Env, Trouble};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
        }
    }
}

/// A configuration that was checked, with the source of each value.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// By dotted name: the value as it may be shown, and its source.
    pub(crate) shown: BTreeMap<String, (Value, Source)>,
}

/// Loads the configuration: defaults, then `file` (or what `GANTRY_CONFIG` names, or `gantry.toml` where the
/// environment looks), then the environment.
///
/// # Errors
/// Everything that is wrong, at once: unknown names, values that cannot be, weak secrets.
pub fn load(file: Option<&Path>, env: &Env) -> Result<Loaded, ConfigError> {
    let mut draft = Draft::of_defaults();
    let file = file::choose(file, env);
    if let Some(path) = &file {
        file::read(&mut draft, path);
    }
    environment::read(&mut draft, env);
    let config = draft.typed();
    for (path, message) in check(&config) {
        draft.wrong(&path, message);
    }
    if draft.troubles.is_empty() {
        Ok(Loaded {
            config,
            file,
            shown: draft.shown(),
        })
    } else {
        Err(ConfigError {
            troubles: draft.troubles,
        })
    }
}

/// Values by dotted name, not typed yet.
#[derive(Default)]
struct Draft {
    values: BTreeMap<String, (Value, Source)>,
    troubles: Vec<Trouble>,
}

impl Draft {
    fn of_defaults() -> Self {
        let mut draft = Self::default();
        // A default that could not be written as TOML would leave its setting out; a test compares the two.
        let defaults = Table::try_from(Config::default()).unwrap_or_default();
        draft.flatten("", defaults, &Source::Default);
        draft
    }

    fn flatten(&mut self, prefix: &str, table: Table, source: &Source) {
        for (name, value) in table {
            let path = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}.{name}")
            };
            match value {
                Value::Table(inner) if keys::find(&path).is_none() => self.flatten(&path, inner, source),
                value => self.set(&path, value, source.clone()),
            }
        }
    }

    fn set(&mut self, path: &str, value: Value, source: Source) {
        self.values.insert(path.to_owned(), (value, source));
    }

    /// Notes that a setting is wrong, whoever set it.
    fn wrong(&mut self, path: &str, message: impl Into<String>) {
        let source = self.values.get(path).map(|(_, source)| source.clone());
        self.troubles.push(Trouble {
            name: path.to_owned(),
            source,
            message: message.into(),
        });
    }

    fn trouble(&mut self, name: &str, source: Source, message: impl Into<String>) {
        self.troubles.push(Trouble {
            name: name.to_owned(),
            source: Some(source),
            message: message.into(),
        });
    }

    /// Makes settings of the values; each one that cannot be is noted and falls back to its default.
    fn typed(&mut self) -> Config {
        // Each round removes a value, so the rounds end.
        loop {
            let error = match serde_path_to_error::deserialize::<_, Config>(Value::Table(self.nested())) {
                Ok(config) => return config,
                Err(error) => error,
            };
            let whole = error.path().to_string();
            let path = whole.split('[').next().unwrap_or_default().to_owned();
            match keys::find(&path).filter(|_| self.values.contains_key(&path)) {
                // What serde says may quote the value, so it is not passed on.
                Some(key) => self.wrong(&path, format!("must be {}", key.must_be)),
                None => {
                    self.wrong(&path, "cannot be read");
                    return Config::default();
                }
            }
            self.values.remove(&path);
        }
    }

    fn nested(&self) -> Table {
        let mut root = Table::new();
        for (path, (value, _)) in &self.values {
            let mut names: Vec<&str> = path.split('.').collect();
            let last = names.pop().unwrap_or_default();
            let mut table = Some(&mut root);
            for name in names {
                table = table.and_then(|table| {
                    table
                        .entry(name)
                        .or_insert_with(|| Value::Table(Table::new()))
                        .as_table_mut()
                });
            }
            if let Some(table) = table {
                table.insert(last.to_owned(), value.clone());
            }
        }
        root
    }

    fn shown(self) -> BTreeMap<String, (Value, Source)> {
        let hide = |(path, (value, source)): (String, (Value, Source))| {
            let value = match keys::find(&path).map(|key| key.kind) {
                Some(Kind::Secret) => Value::from("(hidden)"),
                Some(Kind::Url) => Value::from(without_user(value.as_str().unwrap_or_default())),
                _ => value,
            };
            (path, (value, source))
        };
        self.values.into_iter().map(hide).collect()
    }
}

/// A URL as it may be shown: without user, password and query.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "(hidden)".to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    match rest.rsplit_once('@') {
        Some((_, place)) => format!("{scheme}://***@{place}"),
        None => format!("{scheme}://{rest}"),
    }
}

/// Reads a secret from a file, without the line feed that editors leave.
fn read_secret(path: &str) -> Result<String, String> {
    const MAX: u64 = 65_536;
    let told = |error: std::io::Error| format!("cannot read the file {path}: {error}");
    if std::fs::metadata(path).map_err(told)?.len() > MAX {
        return Err(format!("the file {path} is too large for a secret"));
    }
    let text = std::fs::read_to_string(path).map_err(told)?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(format!("the file {path} is empty")),
        secret => Ok(secret.to_owned()),
    }
}
