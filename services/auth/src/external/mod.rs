//! External providers: somebody else's server says who a user is (contract 3.8).
//!
//! Here is what speaks HTTP with them: where each kind answers ([`endpoints`]), how a sign-in is begun and ended ([`flow`]), what their
//! tokens are worth ([`id_token`]) and whom they name ([`claims`]). What then follows for the user is decided in `rules/external.rs`.

pub(crate) mod claims;
mod discovery;
mod endpoints;
mod flow;
mod id_token;
mod state;
mod upstream;

pub(crate) use claims::Claims;
pub(crate) use discovery::Discovery;
pub(crate) use flow::{Begin, Finished, auth_url, by_access_token, by_code};
pub(crate) use state::{Opened, open as open_state};
