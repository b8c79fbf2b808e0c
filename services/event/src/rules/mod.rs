//! What is allowed: no tonic, no diesel.

pub(crate) mod append;
pub(crate) mod cursor;
pub(crate) mod event;
pub(crate) mod hook;
pub(crate) mod list;
pub(crate) mod provider;
pub(crate) mod sent;
pub(crate) mod types;
