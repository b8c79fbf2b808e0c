//! `cargo xtask crash`: the tests that kill processes, with many more kills than a run of all tests has time for.

use anyhow::bail;
use clap::Args;

use crate::home;
use crate::process::Process;
use crate::servers::{Durability, Servers};

/// How often to kill.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds of each of the three runs: one process on SQLite, one on PostgreSQL, several on PostgreSQL; a round of the last kills up to
    /// four processes
    #[arg(long, default_value_t = 100)]
    rounds: usize,
}

/// Runs them one after the other; fails when something acknowledged is lost, told never, or told out of order.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    if options.rounds == 0 {
        bail!("--rounds must be 1 or more");
    }
    // Commits reach the disk, as in production.
    let servers = Servers::start(Durability::Real).await?;
    let mut command = home::cargo()?;
    command
        .args([
            "test",
            "--workspace",
            "--test",
            "hard",
            "--",
            "crash::",
            "watching::",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .env("GANTRY_CRASH_ROUNDS", options.rounds.to_string())
        .envs(servers.environment())
        .env("GANTRY_TEST_DIR", servers.directory());
    if !Process::command("the test runner", &mut command)?
        .wait()
        .await?
        .success()
    {
        bail!("something was lost: see above");
    }
    println!(
        "{} rounds of killing in each of six runs: nothing was lost",
        options.rounds
    );
    Ok(())
}
