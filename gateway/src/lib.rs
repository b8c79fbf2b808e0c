//! JSON /v2/ to gRPC and back; cannot see a database.

pub mod client_ip;
pub mod cors;
pub mod negotiate;
pub mod serve;
pub mod tls;
pub mod transcode;
