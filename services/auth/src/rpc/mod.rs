//! One rpc a file: proto in, rule, proto out.

use gantry_kernel::{RealmId, Reason, normalize_identity};
use gantry_rpc::Call;

use crate::error::Error;
use crate::rules::login::IDENTITY_MAX;
use crate::service::Auth;
use crate::store::{RealmRow, UserRow};

pub(crate) mod accept_invitation;
pub(crate) mod authenticate_token;
pub(crate) mod authenticate_user;
pub(crate) mod authorize_code;
pub(crate) mod authorize_token;
pub(crate) mod change_password;
mod change_user;
pub(crate) mod check_client;
pub(crate) mod confirm_email;
pub(crate) mod create_auth_provider;
pub(crate) mod create_client_app;
pub(crate) mod create_credential;
pub(crate) mod create_domain;
pub(crate) mod create_invitation;
pub(crate) mod create_membership;
pub(crate) mod create_named_permission;
pub(crate) mod create_org;
pub(crate) mod create_realm;
pub(crate) mod create_resource_link;
pub(crate) mod create_user;
pub(crate) mod delete_auth_provider;
pub(crate) mod delete_client_app;
pub(crate) mod delete_credential;
pub(crate) mod delete_domain;
pub(crate) mod delete_invitation;
pub(crate) mod delete_membership;
pub(crate) mod delete_named_permission;
pub(crate) mod delete_org;
pub(crate) mod delete_passkey;
pub(crate) mod delete_realm;
pub(crate) mod delete_resource_link;
pub(crate) mod delete_user;
pub(crate) mod describe_login;
pub(crate) mod describe_realm;
pub(crate) mod describe_recipient;
pub(crate) mod find_certificates;
pub(crate) mod finish_email_login;
pub(crate) mod finish_passkey_login;
pub(crate) mod finish_passkey_registration;
pub(crate) mod forgot_password;
pub(crate) mod generate_password_token;
pub(crate) mod generate_recovery_codes;
pub(crate) mod get_auth_provider;
pub(crate) mod get_authorize_url;
pub(crate) mod get_client_app;
pub(crate) mod get_credential;
pub(crate) mod get_domain;
pub(crate) mod get_invitation;
pub(crate) mod get_membership;
pub(crate) mod get_named_permission;
pub(crate) mod get_org;
pub(crate) mod get_realm;
pub(crate) mod get_resource_link;
pub(crate) mod get_user;
pub(crate) mod get_versions;
pub(crate) mod list_auth_providers;
pub(crate) mod list_authorize_urls;
pub(crate) mod list_client_apps;
pub(crate) mod list_domains;
pub(crate) mod list_invitations;
pub(crate) mod list_memberships;
pub(crate) mod list_orgs;
pub(crate) mod list_passkeys;
pub(crate) mod list_realms;
pub(crate) mod list_users;
pub(crate) mod login;
mod new_password_by_old;
mod new_password_by_token;
pub(crate) mod request_email_verification;
pub(crate) mod request_invitation;
pub(crate) mod reset_password;
pub(crate) mod reset_password_with_token;
pub(crate) mod reset_realm;
pub(crate) mod resolve_host;
pub(crate) mod resolve_key;
pub(crate) mod send_invitation;
pub(crate) mod sign_in;
pub(crate) mod signup;
pub(crate) mod start_email_login;
pub(crate) mod start_passkey_login;
pub(crate) mod start_passkey_registration;
pub(crate) mod update_auth_provider;
pub(crate) mod update_client_app;
pub(crate) mod update_credential;
pub(crate) mod update_domain;
pub(crate) mod update_invitation;
pub(crate) mod update_membership;
pub(crate) mod update_named_permission;
pub(crate) mod update_org;
pub(crate) mod update_profile;
pub(crate) mod update_realm;
pub(crate) mod update_resource_link;
pub(crate) mod update_user;
pub(crate) mod update_user_password;
pub(crate) mod update_user_profile;
pub(crate) mod verify_credential;
pub(crate) mod verify_domain;
pub(crate) mod verify_email;
pub(crate) mod verify_login;

/// A filter as a caller sent it; an empty text counts as absent, as everywhere in lists.
fn given(filter: Option<String>) -> Option<String> {
    filter.filter(|text| !text.is_empty())
}

/// The realm of a call, once it is known to exist: for calls that add to it.
async fn realm_of(auth: &Auth, call: &Call, asked: Option<&str>) -> Result<RealmId, Error> {
    let realm = call.realm(asked)?;
    settings_of(auth, &realm).await?;
    Ok(realm)
}

/// The settings of a realm.
async fn settings_of(auth: &Auth, realm: &RealmId) -> Result<RealmRow, Error> {
    let found = auth.store.find_realm(realm.as_str().to_owned()).await?;
    Ok(found.ok_or(Reason::NotFound)?)
}

/// The user of a realm whom a path names by id, e-mail address or username.
async fn user_of(auth: &Auth, realm: &RealmId, who: &str) -> Result<UserRow, Error> {
    if who.is_empty() || who.len() > IDENTITY_MAX {
        return Err(Reason::NotFound.into());
    }
    let found = auth
        .store
        .find_user(
            realm.as_str().to_owned(),
            who.trim().to_owned(),
            normalize_identity(who),
        )
        .await?;
    Ok(found.ok_or(Reason::NotFound)?)
}
