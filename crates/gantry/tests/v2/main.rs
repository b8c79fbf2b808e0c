//! The contract, by URL, by actor, by rule: each module is a path of /v2/, each file a verb.
//!
//! The whole of Gantry runs in one process on a real database (SQLite, or PostgreSQL by GANTRY_TEST_DB), with a real HTTP client.

mod common;

mod client_apps;
mod connect;
mod domains;
mod edge;
mod events;
mod grpc;
mod login;
mod memberships;
mod orgs;
mod realms;
mod session;
mod sessions;
mod users;
