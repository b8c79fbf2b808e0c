//! Where the house stands, and what time it is for a chore.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;

/// Returns the root of the repository.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    Ok(root.context("xtask stands one level below the root")?.to_owned())
}

/// Returns cargo, the one that runs this, at work in the repository.
pub(crate) fn cargo() -> anyhow::Result<Command> {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    command.current_dir(root()?);
    Ok(command)
}

/// Asks cargo where it builds to.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    let output = cargo()?
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .context("cannot run cargo metadata")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let target = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    Ok(Path::new(target.context("cargo names no target directory")?).to_owned())
}

/// Reads the clock, to say how long a chore took.
#[expect(
    clippy::disallowed_methods,
    reason = "a chore tells a person how long it took; nothing of the product depends on it"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Reads a variable of the developer's environment.
#[expect(
    clippy::disallowed_methods,
    reason = "PATH, CARGO and CI steer a chore; they are no configuration of the product"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
