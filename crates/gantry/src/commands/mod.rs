//! What each command does.

mod config;
mod dev;
mod doctor;
mod health;
mod key;
mod migrate;
mod notifications;
mod serve;

use std::process::ExitCode;

use gantry_config::{Env, Loaded, load};

use crate::Roles;
use crate::cli::{Cli, Command, Output};

/// Runs a command.
///
/// # Errors
/// With a text that says what to do.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let loaded = load(cli.config.as_deref(), &Env::from_process())?;
    match cli.command {
        Command::Dev { example } => dev::run(loaded.config, example, cli.output).await,
        Command::Serve { roles } => serve::run(loaded.config, Roles::of(&roles)).await,
        Command::Migrate { check } => migrate::run(&loaded.config, check, cli.output).await,
        Command::Doctor => doctor::run(&loaded, cli.output).await,
        Command::Health { addr, grpc } => health::run(&loaded.config, addr, grpc, cli.output).await,
        Command::Config { manual } => Ok(config::run(&loaded, manual, cli.output)),
        Command::Key { command } => key::run(loaded.config, command, cli.output).await,
        Command::Notifications { command } => notifications::run(loaded.config, command, cli.output).await,
    }
}

/// Prints a value as JSON or a text, as asked.
fn print(output: Output, json: impl FnOnce() -> serde_json::Value, text: impl FnOnce() -> String) {
    match output {
        Output::Json => println!("{}", json()),
        Output::Text => println!("{}", text()),
    }
}

/// The settings that commands of one shot share: no listeners of their own.
fn quiet(loaded: &Loaded) -> gantry_telemetry::Config {
    let mut config = gantry_telemetry::Config::from_settings(&loaded.config, "gantry");
    config.otlp_endpoint = None;
    config
}
