//! The vocabulary of the tests: an app, its actors, and what they say.

mod app;
mod realm;
mod reply;

pub(crate) use app::App;
pub(crate) use realm::{PASSWORD, TestRealm};
pub(crate) use reply::{Reply, claims};
