//! Builds what is measured, as it is shipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::home;
use crate::process::Process;

/// The programs that are measured.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) ceiling: PathBuf,
    /// Absent when the baseline is measured beside itself.
    pub(super) gantry: Option<PathBuf>,
}

/// Builds them.
pub(super) async fn release(only_baseline: bool) -> anyhow::Result<Programs> {
    build("gantry-ceiling").await?;
    let release = target()?.join("release");
    let gantry = if only_baseline {
        None
    } else {
        // Alone, not together with others: with the features that the shipped program has.
        build("gantry").await?;
        Some(release.join("gantry"))
    };
    Ok(Programs {
        ceiling: release.join("gantry-ceiling"),
        gantry,
    })
}

/// Builds this program optimised and hands over to it.
pub(super) async fn again_in_release() -> anyhow::Result<()> {
    build("xtask").await?;
    let mut command = Command::new(target()?.join("release/xtask"));
    command.args(std::env::args_os().skip(1));
    let status = Process::command("xtask", &mut command)?.wait().await?;
    ensure!(status.success(), "the measurement failed");
    Ok(())
}

async fn build(package: &str) -> anyhow::Result<()> {
    let mut command = cargo()?;
    command.args(["build", "--release", "--locked", "--package", package]);
    let status = Process::command("cargo build", &mut command)?.wait().await?;
    ensure!(status.success(), "{package} does not build");
    Ok(())
}

/// Asks cargo where it builds to.
fn target() -> anyhow::Result<PathBuf> {
    let output = cargo()?
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .context("cannot run cargo metadata")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let target = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    Ok(Path::new(target.context("cargo names no target directory")?).to_owned())
}

fn cargo() -> anyhow::Result<Command> {
    let mut command = Command::new(home::variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    command.current_dir(home::root()?);
    Ok(command)
}
