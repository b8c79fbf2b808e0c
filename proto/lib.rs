//! The contract: every message, rpc, route, permission, limit and success code.
//!
//! `build.rs` makes all of it from `proto/`. To add an rpc: write it in its service's `.proto` with `google.api.http` (when
//! HTTP reaches it) and `gantry.options.v1.rpc` (always), then write `services/<service>/src/rpc/<operation>.rs`.

#[cfg(feature = "json")]
pub mod json;
mod rules;

pub use rules::{By, LimitRule, OnOutage, RPCS, Rpc, rpc};
#[cfg(feature = "gateway")]
pub use rules::{ROUTES, Route};

pub use options::v1::{Access, Permission};

/// The encoded `FileDescriptorSet`, for reflection and documents.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The contract as OpenAPI 3.1, in JSON.
#[cfg(feature = "gateway")]
pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

macro_rules! package {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub mod $name {
            /// Version 2 of the package.
            #[expect(
                missing_docs,
                clippy::allow_attributes,
                clippy::allow_attributes_without_reason,
                reason = "generated: the field names are the contract's own, the attributes tonic's"
            )]
            pub mod v2 {
                tonic::include_proto!($file);
            }
        }
    };
}

/// Annotations of the contract, and what travels between services beside the messages.
pub mod options {
    /// Version 1 of the package.
    #[expect(missing_docs, reason = "generated: the field names are the contract's own")]
    pub mod v1 {
        tonic::include_proto!("gantry.options.v1");
    }
}

package!(
    /// Auth: who is this, and what may they do.
    auth, "gantry.auth.v2"
);
package!(
    /// Session: is this login still good, and here is a token that says so.
    session, "gantry.session.v2"
);
package!(
    /// Event: what happened, and who has been told.
    event, "gantry.event.v2"
);
