//! The vocabulary of these tests: processes, clusters of them, and what people do with them.

mod api;
mod cluster;
mod program;
#[path = "../../v2/common/reply.rs"]
mod reply;
mod rpc;

pub(crate) use api::{Api, PASSWORD, Realm};
pub(crate) use cluster::{Cluster, Plan, Service};
pub(crate) use program::{ROOT_KEY, Server, gantry, output, until};
pub(crate) use reply::Reply;
pub(crate) use rpc::{channel, with_key};
