//! Proto to domain and back, nothing else: what a caller sent ([`input`]), what a caller gets, what Session is told.

mod config;
mod creds;
pub(crate) mod input;
mod output;
mod profile;

pub(crate) use config::{
    client_app, client_app_input, domain, domain_input, named_permission, named_permission_input, resource_link,
    resource_link_input,
};
pub(crate) use creds::{
    auth_provider, auth_provider_input, ceremony, credential, credential_input, new_totp, passkey, with_access_token,
};
pub(crate) use output::{credentials, invitation, membership, org, permission, realm, request_info, token, user};
pub(crate) use profile::{profile, selectable};
