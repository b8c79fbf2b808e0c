//! What is allowed: no tonic, no diesel.

pub(crate) mod append;
pub(crate) mod cursor;
pub(crate) mod event;
pub(crate) mod filter;
pub(crate) mod hook;
pub(crate) mod letter;
pub(crate) mod list;
pub(crate) mod notify;
pub(crate) mod partition;
pub(crate) mod provider;
pub(crate) mod replay;
pub(crate) mod retention;
pub(crate) mod retry;
pub(crate) mod sent;
pub(crate) mod signature;
pub(crate) mod template;
pub(crate) mod types;
pub(crate) mod webhook;
