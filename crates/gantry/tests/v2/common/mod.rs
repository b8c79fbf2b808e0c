//! The vocabulary of the tests: an app, its actors, and what they say.

mod app;
mod reply;
mod realm;

pub(crate) use app::{App, START_MS};
pub(crate) use realm::{PASSWORD, TestRealm};
pub(crate) use reply::Reply;
