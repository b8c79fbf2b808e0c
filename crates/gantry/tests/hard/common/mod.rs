//! The vocabulary of these tests: processes, clusters of them, and what people do with them.

mod api;
mod certificates;
mod cluster;
#[path = "../../v2/common/names.rs"]
#[expect(dead_code, reason = "one that refuses is asked in the tests by URL")]
mod names;
#[path = "../../v2/common/pebble.rs"]
mod pebble;
mod program;
mod receiver;
mod redis_cluster;
#[path = "../../v2/common/reply.rs"]
mod reply;
mod rpc;
#[path = "../../v2/common/source.rs"]
mod source;
mod story;
#[path = "../../v2/common/totp.rs"]
pub(crate) mod totp;

pub(crate) use api::{Api, PASSWORD, Realm};
pub(crate) use certificates::{Authority, Papers};
pub(crate) use cluster::{CLUSTER_SECRET, Cluster, Plan, Service};
pub(crate) use names::NameServer;
pub(crate) use pebble::Pebble;
pub(crate) use program::{ROOT_KEY, Server, gantry, output, refused, until};
pub(crate) use receiver::{REACHABLE, Receiver};
pub(crate) use redis_cluster::RedisCluster;
pub(crate) use reply::Reply;
pub(crate) use rpc::{channel, with_key};
pub(crate) use source::Source;
pub(crate) use story::story;
