//! The vocabulary of the tests: an app, its actors, and what they say.

mod app;
mod list;
mod realm;
mod reply;
mod token;

pub(crate) use app::App;
pub(crate) use list::{field, pages_are_right};
pub(crate) use realm::{PASSWORD, TestRealm};
pub(crate) use reply::Reply;
pub(crate) use token::{claims, verify_hs256, verify_rs256};
