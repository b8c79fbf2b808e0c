//! `gantry serve`.

use std::process::ExitCode;

use gantry_config::Config;
use tokio::signal::unix::{SignalKind, signal};

use crate::{Gantry, Roles, Running, World};

/// Serves until SIGTERM or SIGINT.
pub(super) async fn run(config: Config, roles: Roles) -> anyhow::Result<ExitCode> {
    let telemetry = gantry_telemetry::init(&gantry_telemetry::Config::from_settings(&config, &roles.name()))?;
    let running = Gantry {
        config,
        roles,
        world: World::default(),
    }
    .start()
    .await?;
    println!("{}", running.ready_line());
    until_told(running).await?;
    telemetry.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// Waits for a signal, then stops in order. A second signal ends at once.
pub(super) async fn until_told(running: Running) -> anyhow::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("stopping: requests in flight are finished first");
    tokio::select! {
        () = running.stop() => {}
        _ = term.recv() => tracing::warn!("stopped at once"),
        _ = int.recv() => tracing::warn!("stopped at once"),
    }
    Ok(())
}
