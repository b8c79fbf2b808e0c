//! Calls addresses that users name, and none that they must not reach (T-27).
//!
//! A provider's or a webhook's address is what somebody typed. Each call goes over HTTPS to an address of the public network, is
//! resolved and checked in one step (so that a name cannot change its mind in between), follows no redirect, uses no proxy of the
//! environment, and ends after a bounded time and a bounded number of bytes. What the operator allows beside is [`Policy`].

mod call;
mod policy;

pub use call::{Egress, EgressError};
pub use policy::Policy;
