//! The vocabulary of the tests: an app, its actors, and what they say.

mod app;
pub(crate) mod contract;
mod core;
mod database;
pub(crate) mod external;
mod factor;
mod grpc;
mod idp;
mod list;
mod logs;
mod names;
mod oidc;
mod raw;
mod realm;
mod reply;
mod setting;
mod texts;
mod token;
mod totp;

pub(crate) use app::{App, ROOT_KEY, migrate};
pub(crate) use core::ip_and_client;
pub(crate) use factor::Authenticator;
pub(crate) use grpc::Grpc;
pub(crate) use idp::{Idp, Signature};
pub(crate) use list::{field, pages_are_right};
pub(crate) use logs::Logs;
pub(crate) use names::NameServer;
pub(crate) use oidc::{OidcProvider, Person};
pub(crate) use raw::Raw;
pub(crate) use realm::{PASSWORD, TestRealm};
pub(crate) use reply::Reply;
pub(crate) use setting::Setting;
pub(crate) use token::{claims, verify_hs256, verify_rs256};
