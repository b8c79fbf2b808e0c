//! What the contract says about each rpc, as data: the guards, the limiter and the gateway all read this one table.

use crate::{Access, Permission};

/// What a limit counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The caller's address (IPv6: its /64) within the realm.
    Address,
    /// The realm.
    Realm,
    /// The API key.
    Key,
    /// The account that the call is about; counted by the service that knows it.
    Account,
}

/// What a limit does while Redis is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnOutage {
    /// Counts in this process.
    Memory,
    /// Lets the call pass.
    Allow,
    /// Refuses the call.
    Refuse,
}

/// At most `max` calls in any `per_seconds`, until configuration says otherwise for `name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitRule {
    /// The name that configuration and headers use.
    pub name: &'static str,
    /// What it counts by.
    pub by: By,
    /// How many.
    pub max: u32,
    /// In how many seconds.
    pub per_seconds: u32,
    /// What it does while Redis is away.
    pub on_outage: OnOutage,
}

/// What the contract says about an rpc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rpc {
    /// The service's full name, such as `gantry.auth.v2.Auth`.
    pub service: &'static str,
    /// The method's name.
    pub method: &'static str,
    /// The path on the wire, such as `/gantry.auth.v2.Auth/Login`.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
    /// What an API key needs.
    pub permission: Permission,
    /// Whether the call must know a realm.
    pub realm_required: bool,
    /// How often it may be called.
    pub limits: &'static [LimitRule],
    /// The HTTP status of success.
    pub success: u16,
    /// The name that the body's fields may be wrapped in; empty for none.
    pub root: &'static str,
    /// Whether the gateway may keep the answer, and give it again while its stamp is the same.
    pub remembered: bool,
    /// Whether the answer is a stream.
    pub streams: bool,
}

/// How HTTP reaches an rpc.
#[cfg(feature = "gateway")]
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET, POST, PUT or DELETE.
    pub verb: &'static str,
    /// The path with its parameters in braces, such as `/v2/users/{id}`.
    pub path: &'static str,
    /// The rpc.
    pub rpc: &'static Rpc,
    /// Whether the request message has a `realm_id`.
    pub takes_realm: bool,
    /// Whether the request message has a `session`.
    pub takes_session: bool,
    /// Fields that are lists of text.
    pub lists: &'static [&'static str],
    /// JSON to the encoded request message.
    pub encode: fn(serde_json::Value) -> Result<Vec<u8>, serde_json::Error>,
    /// The encoded answer to JSON.
    pub decode: fn(&[u8]) -> Result<Vec<u8>, crate::json::Undecodable>,
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Finds an rpc by its path on the wire.
pub fn rpc(path: &str) -> Option<&'static Rpc> {
    RPCS.iter().find(|rpc| rpc.path == path)
}
