//! Rows to messages: what a caller gets.

use gantry_kernel::Secret;
use gantry_proto::Permission;
use gantry_proto::auth::v2::*;
use gantry_proto::options::v1::RequestInfo;

use crate::rules::cause::Cause;
use crate::rules::name;
use crate::rules::realm::{LOOK, offered};
use crate::store::{CredentialRow, InvitationRow, MembershipRow, OrgRow, RealmRow, UserRow};

/// Milliseconds as the contract's fractional seconds; exact, since a double holds integers up to 2^53.
pub(super) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

pub(crate) fn realm(row: RealmRow, with_custom: bool, jwt_key: Option<String>) -> Realm {
    let look = |name: &str| row.look.0.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let [
        branding,
        color_1,
        logo,
        logo_icon,
        privacy_policy,
        stylesheet,
        terms_of_service,
    ] = LOOK.map(look);
    Realm {
        object: "realm".to_owned(),
        custom: with_custom.then(|| row.custom.0.to_string()),
        created_at: seconds(row.created_at),
        available_locales: offered(&row.available_locales),
        allowed_origins: row.allowed_origins.to_strings(),
        lr_features: row.lr_features.to_strings(),
        branding,
        color_1,
        logo,
        logo_icon,
        privacy_policy,
        stylesheet,
        terms_of_service,
        jwt_key,
        jwt_minutes: row.jwt_minutes.unwrap_or(row.session_minutes),
        id: row.id,
        name: row.name,
        public_name: row.public_name,
        environment: row.environment,
        state: row.state,
        default_locale: row.default_locale,
        email_verification: row.email_verification,
        email_login: row.email_login,
        org_mode: row.org_mode,
        signup: row.signup,
        name_field: row.name_field,
        org_name_field: row.org_name_field,
        password_field: row.password_field,
        username_field: row.username_field,
        access_token_minutes: row.access_token_minutes,
        jwt_algo: row.jwt_algo,
        jwt_scopes: row.jwt_scopes,
        session_minutes: row.session_minutes,
        named_permissions: None,
        resource_links: None,
    }
}

pub(crate) fn user(row: UserRow, with_custom: bool) -> User {
    User {
        object: "user".to_owned(),
        name: name::shown(row.first_name.as_deref(), row.last_name.as_deref(), &row.email),
        custom: with_custom.then(|| row.custom.0.to_string()),
        created_at: seconds(row.created_at),
        last_login_at: row.last_login_at.map(seconds),
        id: row.id,
        realm_id: row.realm_id,
        state: row.state,
        email: Some(row.email),
        email_pending: row.email_pending,
        email_verification: row.email_verification,
        first_name: row.first_name,
        last_name: row.last_name,
        username: row.username,
        locale: row.locale,
        reference: row.reference,
        credentials: None,
        memberships: None,
    }
}

pub(crate) fn credentials(rows: Vec<CredentialRow>) -> CredentialItems {
    CredentialItems {
        items: rows.into_iter().map(super::credential).collect(),
    }
}

/// An invitation; its token for those who may see it.
pub(crate) fn invitation(row: InvitationRow, token: Option<String>) -> Invitation {
    Invitation {
        object: "invitation".to_owned(),
        permissions: row.permissions.to_strings(),
        created_at: seconds(row.created_at),
        expires_at: seconds(row.expires_at),
        invited_at: row.invited_at.map(seconds),
        id: row.id,
        realm_id: row.realm_id,
        invitation_type: row.invitation_type,
        email: row.email,
        org_id: row.org_id,
        auth_provider_id: row.auth_provider_id,
        inviting_user_id: row.inviting_user_id,
        locale: row.locale,
        token,
    }
}

/// A one-time token, which its maker sees once.
pub(crate) fn token(user_id: String, text: &Secret) -> Token {
    Token {
        object: "token".to_owned(),
        token: text.expose().to_owned(),
        user_id,
    }
}

pub(crate) fn org(row: OrgRow, with_custom: bool) -> Org {
    Org {
        object: "org".to_owned(),
        custom: with_custom.then(|| row.custom.0.to_string()),
        created_at: seconds(row.created_at),
        id: row.id,
        realm_id: row.realm_id,
        state: row.state,
        name: row.name,
        reference: row.reference,
        memberships: None,
    }
}

pub(crate) fn membership(row: MembershipRow, user: Option<UserRow>, org_row: Option<OrgRow>) -> Membership {
    Membership {
        object: "membership".to_owned(),
        permissions: row.permissions.to_strings(),
        expires_at: row.expires_at.map(seconds),
        created_at: seconds(row.created_at),
        id: row.id,
        org_id: row.org_id,
        user_id: row.user_id,
        user: user.map(|row| self::user(row, false)),
        org: org_row.map(|row| self::org(row, false)),
    }
}

/// A permission by its word.
pub(crate) fn permission(word: &str) -> Permission {
    match word {
        "read" => Permission::Read,
        "write" => Permission::Write,
        "manage" => Permission::Manage,
        _ => Permission::Unspecified,
    }
}

/// Where a call comes from, for another service.
pub(crate) fn request_info(cause: &Cause) -> RequestInfo {
    RequestInfo {
        ip: cause.ip.clone(),
        client: cause.client.clone(),
    }
}
