//! One rpc a file: proto in, rule, proto out.

pub(crate) mod append;
pub(crate) mod get_event;
pub(crate) mod list_events;
pub(crate) mod watch;
