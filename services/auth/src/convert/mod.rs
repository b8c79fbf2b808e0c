//! Proto to domain and back, nothing else: what a caller sent ([`input`]), what a caller gets, what Session is told.

pub(crate) mod input;
mod output;
mod profile;

pub(crate) use output::{
    client_app, credentials, domain, membership, org, permission, realm, request_info, token, user,
};
pub(crate) use profile::profile;
