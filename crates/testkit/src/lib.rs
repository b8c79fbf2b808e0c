//! What tests stand on: throw-away servers and databases, outage proxies, actors.

pub mod db;
pub mod logs;
pub mod otlp;
pub mod outage;
pub mod passkey;
pub mod port;
pub mod process;
pub mod servers;
