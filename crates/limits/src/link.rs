//! The connection to one Redis or to a cluster, and the calls made on it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::Clock;
use parking_lot::Mutex;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{Client, ConnectionAddr, ConnectionInfo, FromRedisValue, IntoConnectionInfo, RedisError, ScriptInvocation};

use crate::limit::Rule;
use crate::ring::Verdict;
use crate::{LimitsError, RedisConfig};

/// The way to Redis; holds a connection once one was made.
pub(crate) struct Link {
    target: Target,
    // parking_lot: held for a clone or a swap, never across an await.
    open: Mutex<Option<Connection>>,
    take: redis::Script,
    response_timeout: Duration,
    connect_timeout: Duration,
    /// Tests set the time that Redis counts with; otherwise it is Redis' own.
    time: Option<Arc<dyn Clock>>,
}

enum Target {
    One(Box<Client>),
    Cluster(Box<ClusterClient>),
}

#[derive(Clone)]
enum Connection {
    One(ConnectionManager),
    Cluster(ClusterConnection),
}

/// Why a call did not work.
#[derive(Debug)]
pub(crate) enum CallError {
    Redis(RedisError),
    TimedOut,
    /// There was no connection yet.
    NotConnected,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A server's own words may repeat what it was sent: its code says enough.
            Self::Redis(error) => match error.code() {
                Some(code) => write!(f, "redis answered {code}"),
                None => write!(f, "{}", error.category()),
            },
            Self::TimedOut => f.write_str("timed out"),
            Self::NotConnected => f.write_str("not connected"),
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cluster = matches!(self.target, Target::Cluster(_));
        f.debug_struct("Link")
            .field("cluster", &cluster)
            .finish_non_exhaustive()
    }
}

impl Link {
    /// Reads the addresses; connects to nothing yet.
    pub(crate) fn new(config: &RedisConfig, time: Option<Arc<dyn Clock>>) -> Result<Self, LimitsError> {
        let response_timeout = Duration::from_millis(config.response_timeout_ms.max(1));
        let connect_timeout = Duration::from_millis(config.connect_timeout_ms.max(1));
        let (nodes, cluster) = nodes(config)?;
        if nodes
            .iter()
            .any(|node| matches!(node.addr(), ConnectionAddr::TcpTls { .. }))
        {
            // The client panics at its first TLS connection when no provider is set or two are linked. An error here
            // means that the process has chosen one already.
            let _chosen = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        let bad = |error: RedisError| LimitsError::BadCluster {
            why: error.category().to_owned(),
        };
        let target = match nodes.first() {
            None => return Err(LimitsError::NoUrl),
            Some(node) if !cluster => Target::One(Box::new(Client::open(node.clone()).map_err(bad)?)),
            Some(_) => {
                let builder = ClusterClient::builder(nodes)
                    .connection_timeout(connect_timeout)
                    .response_timeout(response_timeout)
                    .overall_response_timeout(Some(connect_timeout + response_timeout))
                    // A moved slot takes one retry, a lost connection another.
                    .retries(2)
                    .min_retry_wait(1)
                    .max_retry_wait(20);
                Target::Cluster(Box::new(builder.build().map_err(bad)?))
            }
        };
        Ok(Self {
            target,
            open: Mutex::new(None),
            take: redis::Script::new(include_str!("take.lua")),
            response_timeout,
            connect_timeout,
            time,
        })
    }

    /// Connects anew. An old connection may hang, or lead to a server that is no longer the master.
    pub(crate) async fn connect(&self) -> Result<(), CallError> {
        let connection = match &self.target {
            Target::One(client) => {
                let config = ConnectionManagerConfig::new()
                    .set_response_timeout(Some(self.response_timeout))
                    .set_connection_timeout(Some(self.connect_timeout))
                    .set_number_of_retries(1)
                    .set_min_delay(Duration::from_millis(10))
                    .set_pipeline_buffer_size(1024);
                let connecting = ConnectionManager::new_with_config(Client::clone(client), config);
                Connection::One(self.bounded(connecting).await?)
            }
            Target::Cluster(client) => Connection::Cluster(self.bounded(client.get_async_connection()).await?),
        };
        *self.open.lock() = Some(connection);
        Ok(())
    }

    /// Asks for a sign of life.
    pub(crate) async fn ping(&self) -> Result<(), CallError> {
        let mut connection = self.connection()?;
        let ping = redis::cmd("PING");
        self.bounded(async {
            match &mut connection {
                Connection::One(one) => ping.query_async(one).await,
                Connection::Cluster(cluster) => ping.query_async(cluster).await,
            }
        })
        .await
    }

    /// Decides about one time of a key.
    pub(crate) async fn take(&self, rule: Rule, key: &str) -> Result<Verdict, CallError> {
        let time = self
            .time
            .as_ref()
            .map(|clock| clock.now_ms().to_string())
            .unwrap_or_default();
        let mut call = self.take.key(key);
        call.arg(rule.max).arg(rule.window).arg(time);
        let (allowed, remaining, reset, stamp): (bool, u32, i64, i64) = match self.invoke(&call).await {
            // A server may close an idle connection whenever it likes: that is no outage if the next one works.
            // Should the lost call have counted all the same, one slot more is used.
            Err(CallError::Redis(error)) if error.is_connection_dropped() => self.invoke(&call).await?,
            answer => answer?,
        };
        Ok(if allowed {
            Verdict::Allowed {
                remaining,
                reset,
                stamp,
            }
        } else {
            Verdict::Refused { reset }
        })
    }

    /// Takes one accepted time of a key back.
    pub(crate) async fn refund(&self, key: &str, stamp: i64) -> Result<(), CallError> {
        let mut connection = self.connection()?;
        let mut call = redis::cmd("LREM");
        call.arg(key).arg(1).arg(stamp);
        self.bounded(async {
            match &mut connection {
                Connection::One(one) => call.query_async(one).await,
                Connection::Cluster(cluster) => call.query_async(cluster).await,
            }
        })
        .await
    }

    async fn invoke<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Result<T, CallError> {
        let mut connection = self.connection()?;
        self.bounded(async {
            match &mut connection {
                Connection::One(one) => call.invoke_async(one).await,
                Connection::Cluster(cluster) => call.invoke_async(cluster).await,
            }
        })
        .await
    }

    fn connection(&self) -> Result<Connection, CallError> {
        self.open.lock().clone().ok_or(CallError::NotConnected)
    }

    /// Bounds what a caller can be made to wait for: the client's own timeouts hold for single steps.
    async fn bounded<T>(&self, call: impl Future<Output = Result<T, RedisError>>) -> Result<T, CallError> {
        match tokio::time::timeout(self.connect_timeout + self.response_timeout, call).await {
            Ok(result) => result.map_err(CallError::Redis),
            Err(_elapsed) => Err(CallError::TimedOut),
        }
    }
}

/// Reads the addresses; tells whether they mean a cluster.
fn nodes(config: &RedisConfig) -> Result<(Vec<ConnectionInfo>, bool), LimitsError> {
    let texts: Vec<&str> = config
        .urls
        .iter()
        .flat_map(|url| url.expose().split(','))
        .map(str::trim)
        .filter(|url| !url.is_empty())
        .collect();
    let mut cluster = texts.len() > 1;
    let mut nodes = Vec::with_capacity(texts.len());
    for (before, text) in texts.into_iter().enumerate() {
        let plain = match text.split_once("+cluster://") {
            Some((scheme, rest)) => {
                cluster = true;
                format!("{scheme}://{rest}")
            }
            None => text.to_owned(),
        };
        let node = plain.into_connection_info().map_err(|error| LimitsError::BadUrl {
            number: before + 1,
            why: error.to_string(),
        })?;
        nodes.push(node);
    }
    Ok((nodes, cluster))
}
