//! The services' listener, and how processes of one installation find and know each other.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use gantry_kernel::Secret;
use serde::{Deserialize, Serialize};

/// The services' listener.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grpc {
    /// Where it listens; port 0 picks a free one.
    pub addr: SocketAddr,
    /// Plain gRPC on an address that is not loopback, because nobody else is on that network.
    pub plain_on_private_network: bool,
    /// A unix socket that gRPC is served on too; on one machine it is the cheaper hop between processes.
    pub socket: Option<PathBuf>,
    /// TLS.
    pub tls: GrpcTls,
}

impl Default for Grpc {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 50051)),
            plain_on_private_network: false,
            socket: None,
            tls: GrpcTls::default(),
        }
    }
}

/// TLS at the services; off without a certificate, mutual with `client_ca`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GrpcTls {
    /// The certificate chain's file.
    pub cert: Option<PathBuf>,
    /// The private key's file.
    pub key: Option<PathBuf>,
    /// The authority that callers' certificates must come from.
    pub client_ca: Option<PathBuf>,
}

/// How processes of this installation know each other.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// The secret that they share.
    #[serde(skip_serializing)]
    pub secret: Option<Secret>,
    /// What this process shows and trusts when it calls a service over TLS.
    pub tls: ClusterTls,
}

/// TLS towards the services.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterTls {
    /// The authority that the services' certificates must come from.
    pub ca: Option<PathBuf>,
    /// The certificate chain that this process shows.
    pub cert: Option<PathBuf>,
    /// Its private key.
    pub key: Option<PathBuf>,
}

/// Where the services are: `http://`, `https://` or `unix://`; those not named are in this process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wires {
    /// The Auth service.
    pub auth: Option<String>,
    /// The Session service.
    pub session: Option<String>,
    /// The Event service.
    pub event: Option<String>,
}
