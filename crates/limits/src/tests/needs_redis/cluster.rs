//! A real cluster of two masters: one key a decision, so that any key may live anywhere.

use std::process::Stdio;
use std::time::Duration;

use gantry_kernel::{Rng, SystemRng};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::tests::stage::{MINUTE, Stage, clock, config, limit};
use crate::{Limit, OnOutage, Source};

/// Two `redis-server` processes that end with the test.
struct Cluster {
    nodes: Vec<Node>,
}

struct Node {
    port: u16,
    process: Child,
    _folder: TempDir,
}

impl Node {
    async fn start() -> Self {
        let (port, bus) = (free_port().await, free_port().await);
        let folder = TempDir::new().unwrap();
        let process = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--cluster-enabled",
                "yes",
            ])
            .args([
                "--cluster-node-timeout",
                "60000",
                "--port",
                &port.to_string(),
                "--cluster-port",
                &bus.to_string(),
            ])
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("this test needs redis-server (7 or newer) on the PATH");
        Self {
            port,
            process,
            _folder: folder,
        }
    }

    async fn ask(&self, command: &str) -> redis::RedisResult<redis::Value> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port))?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let mut words = command.split(' ');
        let mut call = redis::cmd(words.next().unwrap());
        for word in words {
            call.arg(word);
        }
        call.query_async(&mut connection).await
    }

    /// Waits until an answer is as it should be, and says what it was when it never is.
    async fn until(&mut self, command: &str, good: impl Fn(&redis::Value) -> bool) {
        let mut last = None;
        for _ in 0..600 {
            if let Some(ended) = self.process.try_wait().unwrap() {
                panic!("redis-server ended at once: {ended}");
            }
            match self.ask(command).await {
                Ok(answer) if good(&answer) => return,
                other => last = Some(other),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{command} on {}: {last:?}", self.port);
    }
}

impl Cluster {
    async fn start() -> Self {
        let mut nodes = vec![Node::start().await, Node::start().await];
        for (node, slots) in nodes.iter_mut().zip(["0 8191", "8192 16383"]) {
            node.until("PING", |_| true).await;
            node.ask(&format!("CLUSTER ADDSLOTSRANGE {slots}")).await.unwrap();
        }
        // The second node's bus port is not the usual one.
        let bus = format!("{:?}", nodes[1].ask("CONFIG GET cluster-port").await.unwrap());
        let bus: String = bus.chars().filter(char::is_ascii_digit).collect();
        let meet = format!("CLUSTER MEET 127.0.0.1 {} {bus}", nodes[1].port);
        nodes[0].ask(&meet).await.unwrap();
        for node in &mut nodes {
            node.until("CLUSTER INFO", |info| {
                let info = format!("{info:?}");
                info.contains("cluster_state:ok") && info.contains("cluster_size:2")
            })
            .await;
        }
        Self { nodes }
    }
}

/// A port below those that the system hands out to clients, so that nobody takes it before the server does.
async fn free_port() -> u16 {
    for _ in 0..1_000 {
        let port = 20_000 + u16::try_from(SystemRng.u128() % 10_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).await.is_ok() {
            return port;
        }
    }
    panic!("no free port");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_enforces_one_limit_for_keys_on_any_node() {
    let mut cluster = Cluster::start().await;
    let [first, second] = [cluster.nodes[0].port, cluster.nodes[1].port];
    let one_url = config(format!("redis+cluster://127.0.0.1:{first}"));
    let mut two_urls = config(format!("redis://127.0.0.1:{second}, redis://127.0.0.1:{first}"));
    two_urls.key_prefix.clone_from(&one_url.key_prefix);
    let clock = clock();
    let stages = [
        Stage::on(one_url, clock.clone()).await,
        Stage::on(two_urls, clock).await,
    ];
    let limit = Limit {
        on_outage: OnOutage::Memory,
        ..limit(5, MINUTE)
    };
    for key in 0..50 {
        let key = format!("login:ip:rl_x:192.0.2.{key}");
        let mut accepted = Vec::new();
        for n in 0..12 {
            let decision = stages[n % 2].limiter.take(&limit, &key).await;
            assert_ne!(decision.source, Source::Fallback);
            accepted.extend(decision.allowed.then_some(decision.stamp));
        }
        assert_eq!(accepted.len(), 5, "{key}");
        stages[0].limiter.refund(&limit, &key, accepted[0]).await;
        assert_eq!(stages[0].takes(&limit, &key, 3).await, 1, "{key}");
    }
    for node in &cluster.nodes {
        let keys = format!("{:?}", node.ask("DBSIZE").await.unwrap());
        assert_ne!(keys, "int(0)", "both nodes hold keys");
    }
    assert!(stages[0].limiter.check().await.reachable);
    for node in &mut cluster.nodes {
        node.process.kill().await.unwrap();
    }
    let decision = stages[0].limiter.take(&limit, "another").await;
    assert_eq!((decision.allowed, decision.source), (true, Source::Fallback));
}
