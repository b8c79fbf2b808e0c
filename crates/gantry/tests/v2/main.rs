//! The contract, by URL, by actor, by rule: each module is a path of /v2/, each file a verb.
//!
//! The whole of Gantry runs in one process on a real database (SQLite, or PostgreSQL by GANTRY_TEST_DB), with a real HTTP client.

#![cfg_attr(
    test,
    expect(clippy::string_slice, reason = "ids and tokens are ASCII, and a test may panic")
)]

#[cfg(test)]
mod common;

#[cfg(test)]
mod auth_providers;
#[cfg(test)]
mod client_apps;
#[cfg(test)]
mod connect;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod domains;
#[cfg(test)]
mod edge;
#[cfg(test)]
mod email;
#[cfg(test)]
mod events;
#[cfg(test)]
mod grpc;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod jwt_keys;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mailing_list_providers;
#[cfg(test)]
mod mailing_list_subscriptions;
#[cfg(test)]
mod memberships;
#[cfg(test)]
mod named_permissions;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod oauth2;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod orgs;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod password;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod realms;
#[cfg(test)]
mod resource_links;
#[cfg(test)]
mod session;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod signup;
#[cfg(test)]
mod smtp_providers;
#[cfg(test)]
mod users;
#[cfg(test)]
mod v1;
