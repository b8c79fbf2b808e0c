//! Builds what is measured, as it is shipped.

use std::path::PathBuf;
use std::process::Command;

use anyhow::ensure;

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
    let release = home::target()?.join("release");
    let gantry = if only_baseline {
        None
    } else {
        // Alone, not together with others: with the features that the shipped program has.
        Some(gantry().await?)
    };
    Ok(Programs {
        ceiling: release.join("gantry-ceiling"),
        gantry,
    })
}

/// Builds Gantry alone.
pub(super) async fn gantry() -> anyhow::Result<PathBuf> {
    build("gantry").await?;
    Ok(home::target()?.join("release/gantry"))
}

/// Builds this program optimised and hands over to it.
pub(super) async fn again_in_release() -> anyhow::Result<()> {
    build("xtask").await?;
    let mut command = Command::new(home::target()?.join("release/xtask"));
    command.args(std::env::args_os().skip(1));
    let status = Process::command("xtask", &mut command)?.wait().await?;
    ensure!(status.success(), "the measurement failed");
    Ok(())
}

async fn build(package: &str) -> anyhow::Result<()> {
    let mut command = home::cargo()?;
    command.args(["build", "--release", "--locked", "--package", package]);
    let status = Process::command("cargo build", &mut command)?.wait().await?;
    ensure!(status.success(), "{package} does not build");
    Ok(())
}
