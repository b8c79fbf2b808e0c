//! `cargo xtask test`: every test, on both databases.

use std::process::Command;
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use crate::home;
use crate::process::{Process, on_path};
use crate::servers::{self, Durability, Oidc, Servers};

/// How to run the tests.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// SQLite only: starts no server, and leaves out the tests that need one
    #[arg(long)]
    fast: bool,
    /// Passed on to the test runner: names of tests, or its own options
    #[arg(last = true)]
    filters: Vec<String>,
}

/// One run of the test runner.
#[derive(Debug, Clone, Copy)]
struct Phase {
    name: &'static str,
    /// The profile in `.config/nextest.toml`.
    profile: &'static str,
    database: &'static str,
    /// Whether a filter may leave this phase without a test.
    may_be_empty: bool,
}

const FAST: Phase = Phase {
    name: "SQLite, no servers",
    profile: "fast",
    database: "sqlite",
    may_be_empty: false,
};
const SQLITE: Phase = Phase {
    name: "everything, on SQLite",
    profile: "default",
    database: "sqlite",
    may_be_empty: false,
};
const POSTGRES: Phase = Phase {
    name: "again on PostgreSQL",
    profile: "postgres",
    database: "postgres",
    may_be_empty: true,
};

/// Runs the tests; fails when one fails, or when something that they need cannot be had.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let servers = if options.fast {
        None
    } else {
        let oidc = Oidc::install().await?;
        servers::pebble().await?;
        servers::chromium().await?;
        Some((Servers::start(Durability::ThrowAway).await?, oidc))
    };
    let phases: &[Phase] = if options.fast { &[FAST] } else { &[SQLITE, POSTGRES] };
    let mut results = Vec::new();
    for phase in phases {
        println!("\n── tests: {} ──", phase.name);
        let start = home::now();
        let passed = passes(*phase, &options.filters, servers.as_ref()).await?;
        results.push((phase.name, passed, start.elapsed()));
        // Between the two rounds, so that the last thing said is a count of tests.
        if phase.profile == SQLITE.profile && options.filters.is_empty() {
            println!("\n── tests: examples in the documentation ──");
            let start = home::now();
            let passed = documentation_passes().await?;
            results.push(("examples in the documentation", passed, start.elapsed()));
        }
    }
    summary(&results)
}

async fn passes(phase: Phase, filters: &[String], servers: Option<&(Servers, Oidc)>) -> anyhow::Result<bool> {
    let mut command = if on_path("cargo-nextest").is_some() {
        with_nextest(phase, filters)?
    } else {
        with_cargo(phase, filters)?
    };
    command.env("GANTRY_TEST_DB", phase.database);
    match servers {
        Some((servers, oidc)) => {
            command.envs(servers.environment()).envs(oidc.environment());
            command.env("GANTRY_TEST_DIR", servers.directory());
        }
        // A server that happens to be in the environment must not decide what this run tests.
        None => {
            command
                .env_remove("GANTRY_TEST_PG_URL")
                .env_remove("GANTRY_TEST_REDIS_URL")
                .env_remove("GANTRY_TEST_NODE")
                .env_remove("GANTRY_TEST_OIDC");
        }
    }
    Ok(Process::command("the test runner", &mut command)?
        .wait()
        .await?
        .success())
}

fn with_nextest(phase: Phase, filters: &[String]) -> anyhow::Result<Command> {
    let mut command = home::cargo()?;
    // Always the whole workspace, narrowed by the profile: naming packages would change features and build all anew.
    command.args(["nextest", "run", "--workspace", "--profile", phase.profile]);
    if phase.may_be_empty && !filters.is_empty() {
        command.args(["--no-tests", "pass"]);
    }
    command.args(filters);
    Ok(command)
}

fn with_cargo(phase: Phase, filters: &[String]) -> anyhow::Result<Command> {
    let mut command = home::cargo()?;
    command.args([
        "test",
        "--workspace",
        "--no-fail-fast",
        "--lib",
        "--bins",
        "--tests",
        "--",
    ]);
    if phase.profile == "fast" {
        for needs in [
            "needs_redis::",
            "needs_postgres::",
            "needs_oidc::",
            "needs_pebble::",
            "needs_chromium::",
        ] {
            command.args(["--skip", needs]);
        }
    }
    command.args(filters);
    Ok(command)
}

async fn documentation_passes() -> anyhow::Result<bool> {
    let mut command = home::cargo()?;
    command.args(["test", "--workspace", "--doc", "--quiet"]);
    Ok(Process::command("cargo test --doc", &mut command)?
        .wait()
        .await?
        .success())
}

fn summary(results: &[(&str, bool, Duration)]) -> anyhow::Result<()> {
    println!("\n── tests: summary ──");
    for (name, passed, time) in results {
        let word = if *passed { "passed" } else { "FAILED" };
        println!("{word}  {name} ({:.1} s)", time.as_secs_f64());
    }
    if results.iter().any(|(_, passed, _)| !passed) {
        bail!("tests failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_phase_fails_the_run() {
        let second = Duration::from_secs(1);
        assert!(summary(&[("a", true, second), ("b", true, second)]).is_ok());
        assert!(summary(&[("a", false, second), ("b", true, second)]).is_err());
    }

    #[test]
    fn filters_reach_the_runner() {
        let command = with_nextest(POSTGRES, &["login".to_owned()]).unwrap();
        let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
        assert!(
            arguments.ends_with(&["--no-tests".into(), "pass".into(), "login".into()]),
            "{arguments:?}"
        );
        let command = with_nextest(POSTGRES, &[]).unwrap();
        assert!(command.get_args().all(|argument| argument != "--no-tests"));
    }
}
