//! Where the house stands, and what time it is for a chore.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;

/// Returns the root of the repository.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    Ok(root.context("xtask stands one level below the root")?.to_owned())
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
