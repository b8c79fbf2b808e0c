//! What is allowed and what then happens. No tonic, no proto, no diesel: each rule can be read and tested by itself.

pub(crate) mod account;
pub(crate) mod app;
pub(crate) mod cause;
pub(crate) mod check;
pub(crate) mod describe;
pub(crate) mod domain;
pub(crate) mod invitation;
pub(crate) mod keep;
pub(crate) mod key;
pub(crate) mod login;
pub(crate) mod membership;
pub(crate) mod name;
pub(crate) mod named_permission;
pub(crate) mod new_password;
pub(crate) mod org;
pub(crate) mod profile;
pub(crate) mod realm;
pub(crate) mod redirect;
pub(crate) mod resource_link;
pub(crate) mod task;
pub(crate) mod throttle;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod user_change;
