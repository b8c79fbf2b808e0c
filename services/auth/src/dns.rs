//! Looks names up: what a custom domain's records say.

use std::net::SocketAddr;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

/// How long one question may take; a caller waits for the answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most texts of a name that are read: whoever controls the name decides how many there are.
const MOST: usize = 64;

/// Nobody answers.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the names cannot be looked up")]
pub struct Unreachable;

/// Looks names up.
pub trait Dns: Send + Sync {
    /// The texts (TXT records) of a name; none when there is no such name.
    fn texts<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, Unreachable>>;
}

/// Asks a name server.
#[derive(Debug, Clone, Copy)]
pub struct Resolver {
    server: Option<SocketAddr>,
}

impl Resolver {
    /// Asks this server, or whom the system asks.
    pub fn new(server: Option<SocketAddr>) -> Self {
        Self { server }
    }

    /// Built for each look-up: these are rare, and what was found a while ago must not answer for what is there now.
    fn resolver(self) -> Result<TokioResolver, NetError> {
        let mut builder = match self.server {
            None => TokioResolver::builder_tokio()?,
            Some(server) => {
                let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                    connection.port = server.port();
                    connection
                });
                let server = NameServerConfig::new(server.ip(), true, connections.to_vec());
                let config = ResolverConfig::from_name_servers(vec![server]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = PATIENCE;
        options.attempts = 1;
        builder.build()
    }
}

impl Dns for Resolver {
    fn texts<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, Unreachable>> {
        async move {
            // The dot at the end: never completed by the machine's own search list.
            let looked = match self.resolver() {
                Ok(resolver) => resolver.txt_lookup(format!("{name}.")).await,
                Err(error) => Err(error),
            };
            match looked {
                Ok(found) => Ok(found
                    .answers()
                    .iter()
                    .filter_map(|record| match &record.data {
                        RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
                        _ => None,
                    })
                    .take(MOST)
                    .collect()),
                Err(error) if error.is_no_records_found() => Ok(Vec::new()),
                Err(error) => {
                    tracing::warn!(%error, "a name could not be looked up");
                    Err(Unreachable)
                }
            }
        }
        .boxed()
    }
}
