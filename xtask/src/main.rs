//! The chores: `cargo xtask test`, `crash`, `servers`, `new-migration`, `bench`.

mod bench;
mod crash;
mod home;
mod migration;
mod process;
mod servers;
mod test;

use std::process::ExitCode;

use anyhow::bail;
use clap::{Parser, Subcommand};
use servers::Durability;
use tokio::signal::unix::{SignalKind, signal};

/// The chores of Gantry's house.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs every test, on SQLite and then on PostgreSQL, with private throw-away servers
    Test(test::Options),
    /// Kills Gantry's processes at random points while people use it, and looks whether anything is lost, told twice or out of order
    Crash(crash::Options),
    /// Starts the servers that tests need and keeps them until ctrl-c
    Servers {
        /// Commits reach the disk, as in production; slower
        #[arg(long)]
        durable: bool,
    },
    /// Measures Gantry beside its baseline: W1 login, W2 session check, W6 keys, W9 both at once, start and memory; and, when named, what it costs at scale
    Bench(bench::Options),
    /// Makes a migration in both folders, with the same stamp and name
    NewMigration {
        /// What it does, in small letters, digits and underscores: `add_api_keys`
        name: String,
    },
}

// One thread: children ask to be ended with the thread that started them, and this one lives as long as the chore.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match until_told_to_stop(Cli::parse().chore).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a chore; a signal drops it, and what it had started ends with it.
async fn until_told_to_stop(chore: Chore) -> anyhow::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        result = run(chore) => result,
        _ = interrupt.recv() => bail!("interrupted"),
        _ = terminate.recv() => bail!("terminated"),
    }
}

async fn run(chore: Chore) -> anyhow::Result<()> {
    match chore {
        Chore::Test(options) => test::run(options).await,
        Chore::Crash(options) => crash::run(options).await,
        Chore::Servers { durable: false } => servers::keep(Durability::ThrowAway).await,
        Chore::Servers { durable: true } => servers::keep(Durability::Real).await,
        Chore::Bench(options) => bench::run(options).await,
        Chore::NewMigration { name } => migration::make(&home::root()?, &name),
    }
}
