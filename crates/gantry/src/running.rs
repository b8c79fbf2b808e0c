//! Gantry at work, and how it stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gantry_auth::Setup;
use gantry_gateway::Wires;
use gantry_rpc::Ready;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Gantry at work.
pub struct Running {
    /// Where HTTP is served.
    pub http: Option<SocketAddr>,
    /// Whether HTTP is HTTPS.
    pub https: bool,
    /// Where gRPC is served.
    pub grpc: Option<SocketAddr>,
    /// Where metrics are served.
    pub metrics: Option<SocketAddr>,
    /// The program's own hand in Auth, where this process is Auth.
    pub setup: Option<Setup>,
    /// The ways to the services.
    pub wires: Wires,
    /// Becomes false as soon as the process is told to stop.
    pub(crate) accepting: Arc<AtomicBool>,
    pub(crate) ready: Ready,
    /// Whether gRPC is behind TLS.
    pub(crate) grpc_tls: bool,
    /// How long it goes on serving once it was told to stop.
    pub(crate) drain: Duration,
    pub(crate) stop_http: CancellationToken,
    pub(crate) stop_streams: CancellationToken,
    pub(crate) stop_grpc: CancellationToken,
    pub(crate) stop_tasks: CancellationToken,
    pub(crate) http_task: Option<JoinHandle<()>>,
    pub(crate) grpc_tasks: Vec<JoinHandle<()>>,
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The line that scripts wait for.
    pub fn ready_line(&self) -> String {
        let mut line = "gantry ready".to_owned();
        if let Some(addr) = self.http {
            let scheme = if self.https { "https" } else { "http" };
            line.push_str(&format!(" http={scheme}://{addr}"));
        }
        if let Some(addr) = self.grpc {
            let scheme = if self.grpc_tls { "https" } else { "http" };
            line.push_str(&format!(" grpc={scheme}://{addr}"));
        }
        if let Some(addr) = self.metrics {
            line.push_str(&format!(" metrics=http://{addr}/metrics"));
        }
        line
    }

    /// Stops in order: not ready at once, requests in flight finished, then the services, then the outboxes emptied, which
    /// nobody fills any more.
    pub async fn stop(self) {
        self.accepting.store(false, Ordering::SeqCst);
        self.ready.set(false).await;
        tokio::time::sleep(self.drain).await;
        self.stop_http.cancel();
        joined(self.http_task).await;
        self.stop_streams.cancel();
        self.ready.end().await;
        self.stop_grpc.cancel();
        for task in self.grpc_tasks {
            joined(Some(task)).await;
        }
        self.stop_tasks.cancel();
        for task in self.tasks {
            joined(Some(task)).await;
        }
    }
}

async fn joined(task: Option<JoinHandle<()>>) {
    if let Some(task) = task
        && let Err(error) = task.await
    {
        tracing::error!(error = %error, "a task ended badly");
    }
}
