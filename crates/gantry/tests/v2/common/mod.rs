//! The vocabulary of the tests: an app, its actors, and what they say.

mod app;
mod core;
mod grpc;
mod list;
mod realm;
mod reply;
mod token;

pub(crate) use app::App;
pub(crate) use core::ip_and_client;
pub(crate) use grpc::{Grpc, keyed};
pub(crate) use list::{field, pages_are_right};
pub(crate) use realm::{PASSWORD, TestRealm};
pub(crate) use reply::{Reply, claims};
pub(crate) use token::{verify_hs256, verify_rs256};
