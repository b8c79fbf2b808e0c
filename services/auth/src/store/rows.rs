//! Auth's rows as plain structs; rules use them, only this file says how they are stored.

use diesel::prelude::*;
use gantry_db::JsonText;

use super::certificates::CertificatePatch;
use super::schema::*;

macro_rules! row {
    ($(#[$doc:meta])* $name:ident, $table:ident { $( $field:ident : $ty:ty, )* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table)]
        pub(crate) struct $name { $( pub(crate) $field: $ty, )* }
    };
}

row!(
    /// A realm (contract 3.1).
    RealmRow, auth_realms {
        id: String,
        name: String,
        public_name: Option<String>,
        environment: Option<String>,
        state: String,
        custom: JsonText,
        default_locale: String,
        available_locales: JsonText,
        email_verification: String,
        email_login: String,
        org_mode: String,
        signup: String,
        name_field: String,
        org_name_field: String,
        password_field: String,
        username_field: String,
        allowed_origins: JsonText,
        lr_features: JsonText,
        look: JsonText,
        access_token_minutes: i64,
        jwt_algo: String,
        jwt_minutes: Option<i64>,
        jwt_scopes: String,
        session_minutes: i64,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// A user (contract 3.2).
    UserRow, auth_users {
        id: String,
        realm_id: String,
        state: String,
        email: String,
        email_pending: Option<String>,
        email_verification: String,
        first_name: Option<String>,
        last_name: Option<String>,
        username: Option<String>,
        username_key: Option<String>,
        locale: Option<String>,
        reference: Option<String>,
        custom: JsonText,
        created_at: i64,
        updated_at: i64,
        last_login_at: Option<i64>,
    }
);
row!(
    /// A credential; `secret` is a password's hash, or a sealed TOTP secret (contract 3.7).
    CredentialRow, auth_credentials {
        id: String,
        realm_id: String,
        user_id: String,
        auth_provider_id: String,
        credential_type: String,
        secret: String,
        created_at: i64,
        updated_at: i64,
        name: Option<String>,
        state: String,
        last_step: Option<i64>,
        provider_user_id: Option<String>,
        access_token: Option<String>,
        token_expires_at: Option<i64>,
    }
);
row!(
    /// A recovery code, of which only a digest is kept.
    RecoveryCodeRow, auth_recovery_codes {
        code_hash: String,
        realm_id: String,
        user_id: String,
        created_at: i64,
    }
);
row!(
    /// An auth provider (contract 3.8).
    ProviderRow, auth_providers {
        id: String,
        realm_id: String,
        provider_type: String,
        state: String,
        min_length: Option<i64>,
        created_at: i64,
        name: Option<String>,
        min_complexity: Option<String>,
        required_chars: JsonText,
        client_id: Option<String>,
        client_secret: Option<String>,
        external: JsonText,
        updated_at: i64,
    }
);
row!(
    /// An org (contract 3.3).
    OrgRow, auth_orgs {
        id: String,
        realm_id: String,
        state: String,
        name: String,
        name_key: String,
        reference: Option<String>,
        custom: JsonText,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// A membership (contract 3.4).
    MembershipRow, auth_memberships {
        id: String,
        realm_id: String,
        org_id: String,
        user_id: String,
        permissions: JsonText,
        expires_at: Option<i64>,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// A client app (contract 3.9).
    ClientAppRow, auth_client_apps {
        id: String,
        realm_id: String,
        client_type: String,
        name: String,
        state: String,
        redirect_uris: JsonText,
        created_at: i64,
        updated_at: i64,
        allowed_scopes: JsonText,
        app_type: Option<String>,
        logo: Option<String>,
        trusted: bool,
        secret_hash: Option<String>,
    }
);
row!(
    /// A domain (contract 3.10).
    DomainRow, auth_domains {
        id: String,
        realm_id: String,
        domain_type: String,
        subdomain: Option<String>,
        domain: Option<String>,
        fqdn: String,
        state: String,
        created_at: i64,
        updated_at: i64,
        dns_state: String,
        cert_source: Option<String>,
        cert_version: Option<String>,
        cert_expires_at: Option<i64>,
        cert_error: Option<String>,
        cert_tries: i64,
        cert_due_at: Option<i64>,
    }
);
row!(
    /// A permission with a name for people (contract 3.13).
    NamedPermissionRow, auth_named_permissions {
        id: String,
        realm_id: String,
        name: String,
        permission: String,
        auto_grant: bool,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// A link that a realm offers (contract 3.13).
    ResourceLinkRow, auth_resource_links {
        id: String,
        realm_id: String,
        title: String,
        link_url: String,
        resource_type: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// An API key: its public part, the hash of the whole, and what it may do (contract 1.2).
    ApiKeyRow, auth_api_keys {
        id: String,
        key_hash: String,
        name: String,
        permission: String,
        realm_id: Option<String>,
        created_at: i64,
        revoked_at: Option<i64>,
    }
);

row!(
    /// A one-time token: the digest of its text, what it is for, and whom it was made for (contract 3.2).
    TokenRow, auth_tokens {
        token_hash: String,
        realm_id: String,
        user_id: String,
        purpose: String,
        email: String,
        detail: Option<String>,
        created_at: i64,
        expires_at: i64,
    }
);

row!(
    /// An invitation: its token by digest, and sealed for the mail (contract 3.11).
    InvitationRow, auth_invitations {
        id: String,
        realm_id: String,
        invitation_type: String,
        email: String,
        org_id: Option<String>,
        permissions: JsonText,
        auth_provider_id: Option<String>,
        inviting_user_id: Option<String>,
        locale: String,
        token_hash: String,
        token_sealed: String,
        created_at: i64,
        updated_at: i64,
        invited_at: Option<i64>,
        expires_at: i64,
    }
);
row!(
    /// What another service is still to be told (see `rules/task.rs`).
    TaskRow, auth_tasks {
        id: String,
        body: String,
        created_at: i64,
        due_at: i64,
    }
);

/// What changes in a realm; `None` leaves a column alone.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = auth_realms)]
pub(crate) struct RealmPatch {
    pub(crate) name: Option<String>,
    pub(crate) public_name: Option<Option<String>>,
    pub(crate) environment: Option<Option<String>>,
    pub(crate) state: Option<String>,
    pub(crate) custom: Option<JsonText>,
    pub(crate) default_locale: Option<String>,
    pub(crate) available_locales: Option<JsonText>,
    pub(crate) email_verification: Option<String>,
    pub(crate) email_login: Option<String>,
    pub(crate) org_mode: Option<String>,
    pub(crate) signup: Option<String>,
    pub(crate) name_field: Option<String>,
    pub(crate) org_name_field: Option<String>,
    pub(crate) password_field: Option<String>,
    pub(crate) username_field: Option<String>,
    pub(crate) allowed_origins: Option<JsonText>,
    pub(crate) lr_features: Option<JsonText>,
    pub(crate) look: Option<JsonText>,
    pub(crate) access_token_minutes: Option<i64>,
    pub(crate) jwt_algo: Option<String>,
    pub(crate) jwt_minutes: Option<Option<i64>>,
    pub(crate) jwt_scopes: Option<String>,
    pub(crate) session_minutes: Option<i64>,
    pub(crate) updated_at: i64,
}

/// What changes in a client app.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = auth_client_apps)]
pub(crate) struct ClientAppPatch {
    pub(crate) name: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) redirect_uris: Option<JsonText>,
    pub(crate) allowed_scopes: Option<JsonText>,
    pub(crate) app_type: Option<Option<String>>,
    pub(crate) logo: Option<Option<String>>,
    pub(crate) trusted: Option<bool>,
    pub(crate) secret_hash: Option<Option<String>>,
    pub(crate) updated_at: i64,
}

/// What changes in a domain.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = auth_domains)]
pub(crate) struct DomainPatch {
    pub(crate) subdomain: Option<Option<String>>,
    pub(crate) domain: Option<Option<String>>,
    pub(crate) fqdn: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) dns_state: Option<String>,
    #[diesel(embed)]
    pub(crate) certificate: Option<CertificatePatch>,
    pub(crate) updated_at: i64,
}

/// What changes in a named permission.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = auth_named_permissions)]
pub(crate) struct NamedPermissionPatch {
    pub(crate) name: Option<String>,
    pub(crate) permission: Option<String>,
    pub(crate) auto_grant: Option<bool>,
    pub(crate) updated_at: i64,
}

/// What changes in a resource link.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = auth_resource_links)]
pub(crate) struct ResourceLinkPatch {
    pub(crate) title: Option<String>,
    pub(crate) link_url: Option<String>,
    pub(crate) resource_type: Option<Option<String>>,
    pub(crate) updated_at: i64,
}

/// A user with what a login needs; what a provider that is switched off stands behind counts as absent.
#[derive(Debug, Clone)]
pub(crate) struct LoginRow {
    /// The user.
    pub(crate) user: UserRow,
    /// The password's hash.
    pub(crate) hash: Option<String>,
    /// Whether a second factor is active.
    pub(crate) second_factor: bool,
}

/// What a second factor was shown to be, to be used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Factor {
    /// A one-time code of a credential, and the time step that it belongs to.
    Step { credential: String, step: i64 },
    /// A recovery code, by its digest.
    Recovery { code_hash: String },
}

/// A realm as its host name serves it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HostRow {
    /// The host's name.
    pub(crate) fqdn: String,
    /// The realm's id.
    pub(crate) realm_id: String,
    /// The origins that browsers may call from.
    pub(crate) allowed_origins: JsonText,
    /// The language of those who ask for none.
    pub(crate) default_locale: String,
    /// The languages that the realm offers.
    pub(crate) available_locales: JsonText,
}

/// Which users a list is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct UserFilter {
    pub(crate) state: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) username_key: Option<String>,
    pub(crate) reference: Option<String>,
}

/// Which orgs a list is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrgFilter {
    pub(crate) state: Option<String>,
    pub(crate) reference: Option<String>,
}
