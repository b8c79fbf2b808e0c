//! Auth providers and credentials: messages to what rules take, and rows to messages.

use gantry_kernel::Secret;
use gantry_proto::auth::v2::{AuthProvider, AuthProviderInput, Credential, CredentialInput, Passkey, PasskeyCeremony};
use gantry_rpc::{Present, sent, sent_list};

use super::output::seconds;
use crate::rules::passkey::Begun;
use crate::rules::provider::SETTINGS;
use crate::rules::totp::Provisioning;
use crate::rules::{credential, provider};
use crate::store::{CredentialRow, ProviderRow};

pub(crate) fn auth_provider_input(mut input: AuthProviderInput) -> provider::Input {
    let present = Present(std::mem::take(&mut input.present));
    provider::Input {
        provider_type: input.provider_type,
        name: sent!(present, input.name),
        state: sent!(present, input.state),
        min_length: sent!(present, input.min_length),
        min_complexity: sent!(present, input.min_complexity),
        required_chars: sent_list!(present, input.required_chars),
        client_id: sent!(present, input.client_id),
        client_secret: sent!(present, input.client_secret).map(|secret| secret.map(Into::into)),
        // In the order of `provider::SETTINGS`.
        external: [
            sent!(present, input.scopes),
            sent!(present, input.loginrocket_domain),
            sent!(present, input.issuer),
            sent!(present, input.authorization_url),
            sent!(present, input.profile_url),
            sent!(present, input.token_url),
            sent!(present, input.email_field),
            sent!(present, input.email_verified_field),
            sent!(present, input.first_name_field),
            sent!(present, input.id_field),
            sent!(present, input.last_name_field),
            sent!(present, input.name_field),
        ],
        rp_id: sent!(present, input.rp_id),
    }
}

pub(crate) fn credential_input(input: CredentialInput) -> credential::Input {
    credential::Input {
        user_id: input.user_id,
        auth_provider_id: input.auth_provider_id,
        credential_type: input.credential_type,
        name: input.name,
        password: input.password.map(Into::into),
        password_confirmation: input.password_confirmation.map(Into::into),
    }
}

/// A credential without anything that is worth something by itself.
pub(crate) fn credential(row: CredentialRow) -> Credential {
    Credential {
        object: "credential".to_owned(),
        id: row.id,
        user_id: row.user_id,
        auth_provider_id: row.auth_provider_id,
        created_at: seconds(row.created_at),
        state: (row.credential_type == "totp").then_some(row.state),
        credential_type: row.credential_type,
        name: row.name,
        provider_user_id: row.provider_user_id,
        token_expires_at: row.token_expires_at.map(seconds),
        ..Credential::default()
    }
}

/// An authenticator app that is still to be set up.
pub(crate) fn new_totp(row: CredentialRow, with: &Provisioning) -> Credential {
    let text = |secret: &Secret| secret.expose().to_owned();
    Credential {
        otp_secret: Some(text(&with.secret)),
        provisioning_uri: Some(text(&with.uri)),
        provisioning_svg: with.svg.as_ref().map(text),
        ..credential(row)
    }
}

/// What ties a user to an external provider, with the access token that came of the last sign-in.
pub(crate) fn with_access_token(row: CredentialRow, access: Option<Secret>) -> Credential {
    Credential {
        access_token: access.map(|access| access.expose().to_owned()),
        ..credential(row)
    }
}

/// A passkey as its owner sees it.
pub(crate) fn passkey(row: CredentialRow) -> Passkey {
    Passkey {
        object: "passkey".to_owned(),
        id: row.id,
        name: row.name,
        created_at: seconds(row.created_at),
    }
}

/// A passkey ceremony that was begun.
pub(crate) fn ceremony(begun: Begun) -> PasskeyCeremony {
    PasskeyCeremony {
        result: "okay".to_owned(),
        ceremony: begun.ceremony,
        options: Some(begun.options),
    }
}

pub(crate) fn auth_provider(row: ProviderRow) -> AuthProvider {
    let setting = |name: &str| row.external.0.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let [
        scopes,
        loginrocket_domain,
        issuer,
        authorization_url,
        profile_url,
        token_url,
        email_field,
        email_verified_field,
        first_name_field,
        id_field,
        last_name_field,
        name_field,
    ] = SETTINGS.map(setting);
    AuthProvider {
        object: "auth_provider".to_owned(),
        rp_id: provider::rp_id(&row).map(str::to_owned),
        required_chars: row.required_chars.to_strings(),
        created_at: seconds(row.created_at),
        id: row.id,
        realm_id: row.realm_id,
        provider_type: row.provider_type,
        state: row.state,
        name: row.name,
        min_length: row.min_length,
        min_complexity: row.min_complexity,
        client_id: row.client_id,
        scopes,
        loginrocket_domain,
        issuer,
        authorization_url,
        profile_url,
        token_url,
        email_field,
        email_verified_field,
        first_name_field,
        id_field,
        last_name_field,
        name_field,
    }
}
