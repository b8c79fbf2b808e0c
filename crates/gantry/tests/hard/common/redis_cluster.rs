//! The smallest Redis Cluster there is: one node that holds all slots.

use std::net::SocketAddr;
use std::process::Command;

use gantry_testkit::port::HeldPort;
use gantry_testkit::process::Process;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::until;

/// A `redis-server` that ends with the test.
pub(crate) struct RedisCluster {
    addr: SocketAddr,
    _process: Process,
    _ports: [HeldPort; 2],
    _folder: TempDir,
}

impl RedisCluster {
    pub(crate) async fn start() -> Self {
        let ports = [HeldPort::new(), HeldPort::new()];
        let [port, bus] = ports.each_ref().map(|held| held.addr().port().to_string());
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("redis-server");
        command
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--cluster-enabled", "yes", "--port", &port, "--cluster-port", &bus])
            .arg("--dir")
            .arg(folder.path())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin");
        let cluster = Self {
            addr: ports[0].addr(),
            _process: Process::start(&command),
            _ports: ports,
            _folder: folder,
        };
        until("redis-server (7 or newer) answers", async || {
            cluster
                .ask("PING")
                .await
                .filter(|said| said.starts_with("+PONG"))
                .map(drop)
        })
        .await;
        cluster.ask("CLUSTER ADDSLOTSRANGE 0 16383").await;
        until("the cluster is whole", async || {
            let said = cluster.ask("CLUSTER INFO").await;
            said.filter(|said| said.contains("cluster_state:ok")).map(drop)
        })
        .await;
        cluster
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.addr)
    }

    /// Whether it holds a key that begins so.
    pub(crate) async fn holds(&self, start: &str) -> bool {
        let said = self.ask(&format!("KEYS {start}*")).await;
        said.is_some_and(|said| said.contains(start))
    }

    /// Asks by a line, as one may by hand, and answers what is said until the goodbye.
    async fn ask(&self, line: &str) -> Option<String> {
        let mut stream = TcpStream::connect(self.addr).await.ok()?;
        stream.write_all(format!("{line}\r\nQUIT\r\n").as_bytes()).await.ok()?;
        let mut said = String::new();
        stream.read_to_string(&mut said).await.ok()?;
        Some(said)
    }
}
