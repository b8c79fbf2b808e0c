//! `gantry serve`.

use std::process::ExitCode;

use gantry_config::Config;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{Gantry, Roles, Running, World};

/// Serves until SIGTERM or SIGINT.
pub(super) async fn run(config: Config, roles: Roles) -> anyhow::Result<ExitCode> {
    let telemetry = gantry_telemetry::init(&gantry_telemetry::Config::from_settings(&config, &roles.name()))?;
    let mut told = Told::listen()?;
    let gantry = Gantry {
        config,
        roles,
        world: World::default(),
    };
    if let Some(running) = told.unless_told(gantry.start()).await {
        let running = running?;
        println!("{}", running.ready_line());
        told.until_told(running).await;
    }
    telemetry.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// The signals that tell a process to end. They are listened for before anybody can know that the process is there: until
/// then they would kill it in the middle of whatever it does.
pub(super) struct Told {
    term: Signal,
    int: Signal,
}

impl Told {
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }

    /// Does something that is not worth finishing once the process is told to end.
    pub(super) async fn unless_told<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.next() => None,
        }
    }

    /// Waits for a signal, then stops in order. A second signal ends at once.
    pub(super) async fn until_told(&mut self, running: Running) {
        self.next().await;
        tracing::info!("stopping: requests in flight are finished first");
        if self.unless_told(running.stop()).await.is_none() {
            tracing::warn!("stopped at once");
        }
    }
}
