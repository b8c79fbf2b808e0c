//! Messages to what rules take: what a caller sent, and on whose behalf.

use gantry_kernel::Problem;
use gantry_proto::auth::v2::{
    InvitationInput, MembershipInput, OrgInput, ProfileInput, RealmInput, UserChangeInput, UserInput,
};
use gantry_proto::options::v1::RequestInfo;
use gantry_rpc::{Call, origin};

use crate::rules::cause::Cause;
use crate::rules::{invitation, membership, org, realm, user, user_change};

/// Where a call comes from, as its events remember it; `told` is what a back end says of its user.
///
/// # Errors
/// With a violation when a back end names an address that is none.
pub(crate) fn cause(call: &Call, told: Option<&RequestInfo>) -> Result<Cause, Problem> {
    let origin = origin(call, told)?;
    Ok(Cause {
        ip: origin.ip,
        client: origin.client,
        request_id: call.request_id.clone(),
    })
}

/// The keys that a caller sent, so that null and absent differ; none of a gRPC caller, whose message then speaks for itself.
pub(super) struct Present(pub(super) Vec<String>);

impl Present {
    /// Whether the caller named the field or, where callers name none, whether it holds something.
    pub(super) fn has(&self, field: &str, filled: bool) -> bool {
        if self.0.is_empty() {
            filled
        } else {
            self.0.iter().any(|name| name == field)
        }
    }
}

pub(crate) fn realm(mut input: RealmInput) -> realm::Settings {
    let present = Present(std::mem::take(&mut input.present));
    macro_rules! one {
        ($field:ident) => {
            present
                .has(stringify!($field), input.$field.is_some())
                .then_some(input.$field)
        };
    }
    macro_rules! list {
        ($field:ident) => {
            present
                .has(stringify!($field), !input.$field.is_empty())
                .then_some(input.$field)
        };
    }
    realm::Settings {
        name: one!(name),
        public_name: one!(public_name),
        environment: one!(environment),
        state: one!(state),
        custom: one!(custom),
        available_locales: list!(available_locales),
        default_locale: one!(default_locale),
        email_verification: one!(email_verification),
        org_mode: one!(org_mode),
        signup: one!(signup),
        name_field: one!(name_field),
        org_name_field: one!(org_name_field),
        password_field: one!(password_field),
        username_field: one!(username_field),
        allowed_origins: list!(allowed_origins),
        lr_features: list!(lr_features),
        look: [
            one!(branding),
            one!(color_1),
            one!(logo),
            one!(logo_icon),
            one!(privacy_policy),
            one!(stylesheet),
            one!(terms_of_service),
        ],
        access_token_minutes: one!(access_token_minutes),
        jwt_algo: one!(jwt_algo),
        jwt_minutes: one!(jwt_minutes),
        jwt_scopes: one!(jwt_scopes),
        session_minutes: one!(session_minutes),
    }
}

pub(crate) fn user(input: UserInput) -> user::Input {
    user::Input {
        email: input.email,
        first_name: input.first_name,
        last_name: input.last_name,
        username: input.username,
        locale: input.locale,
        reference: input.reference,
        custom: input.custom,
        password: input.password.map(Into::into),
        password_confirmation: input.password_confirmation.map(Into::into),
        state: input.state,
        email_verification: input.email_verification,
    }
}

pub(crate) fn user_change(mut input: UserChangeInput) -> user_change::Input {
    let present = Present(std::mem::take(&mut input.present));
    macro_rules! one {
        ($field:ident) => {
            present
                .has(stringify!($field), input.$field.is_some())
                .then_some(input.$field)
        };
    }
    user_change::Input {
        email: one!(email),
        email_pending: one!(email_pending),
        email_verification: one!(email_verification),
        first_name: one!(first_name),
        last_name: one!(last_name),
        username: one!(username),
        locale: one!(locale),
        reference: one!(reference),
        custom: one!(custom),
        state: one!(state),
        password: input.password.map(Into::into),
        password_confirmation: input.password_confirmation.map(Into::into),
        keep_sessions: input.keep_sessions,
    }
}

/// What users change of themselves: the rest of what a back end may change is not even read.
pub(crate) fn profile_change(input: ProfileInput) -> user_change::Input {
    user_change(UserChangeInput {
        email: input.email,
        first_name: input.first_name,
        last_name: input.last_name,
        username: input.username,
        locale: input.locale,
        password: input.password,
        password_confirmation: input.password_confirmation,
        keep_sessions: input.keep_sessions,
        present: profile_keys(input.present),
        ..UserChangeInput::default()
    })
}

fn profile_keys(present: Vec<String>) -> Vec<String> {
    const OWN: [&str; 5] = ["email", "first_name", "last_name", "username", "locale"];
    present.into_iter().filter(|key| OWN.contains(&key.as_str())).collect()
}

pub(crate) fn org(input: OrgInput) -> org::Input {
    org::Input {
        name: input.name,
        reference: input.reference,
        custom: input.custom,
        state: input.state,
    }
}

pub(crate) fn membership(input: MembershipInput) -> membership::Input {
    membership::Input {
        org_id: input.org_id,
        user_id: input.user_id,
        permissions: input.permissions,
        expires_at: input.expires_at.map(millis),
    }
}

pub(crate) fn org_change(mut input: OrgInput) -> org::ChangeInput {
    let present = Present(std::mem::take(&mut input.present));
    macro_rules! one {
        ($field:ident) => {
            present
                .has(stringify!($field), input.$field.is_some())
                .then_some(input.$field)
        };
    }
    org::ChangeInput {
        name: one!(name),
        reference: one!(reference),
        custom: one!(custom),
        state: one!(state),
    }
}

pub(crate) fn membership_change(mut input: MembershipInput) -> membership::ChangeInput {
    let present = Present(std::mem::take(&mut input.present));
    let permissions = present.has("permissions", !input.permissions.is_empty());
    membership::ChangeInput {
        org_id: input.org_id,
        user_id: input.user_id,
        permissions: permissions.then_some(input.permissions),
        expires_at: present
            .has("expires_at", input.expires_at.is_some())
            .then_some(input.expires_at.map(millis)),
    }
}

pub(crate) fn invitation(mut input: InvitationInput) -> invitation::Input {
    let present = Present(std::mem::take(&mut input.present));
    macro_rules! one {
        ($field:ident) => {
            present
                .has(stringify!($field), input.$field.is_some())
                .then_some(input.$field)
        };
    }
    let permissions = present.has("permissions", !input.permissions.is_empty());
    invitation::Input {
        invitation_type: one!(invitation_type),
        email: one!(email),
        org_id: one!(org_id),
        permissions: permissions.then_some(input.permissions),
        auth_provider_id: one!(auth_provider_id),
        inviting_user_id: one!(inviting_user_id),
        locale: one!(locale),
        expires_at: present
            .has("expires_at", input.expires_at.is_some())
            .then_some(input.expires_at.map(millis)),
    }
}

/// A time in seconds as milliseconds: nonsense is a time long gone, or one that never comes.
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_sent_without_a_value_is_null() {
        let sent = RealmInput {
            present: vec!["signup".to_owned(), "logo".to_owned(), "allowed_origins".to_owned()],
            // Not among the keys: the gateway never leaves one out, so nobody sent it.
            org_mode: Some("multi_user".to_owned()),
            ..RealmInput::default()
        };
        let settings = realm(sent);
        assert_eq!(settings.signup, Some(None));
        assert_eq!(settings.allowed_origins, Some(Vec::new()));
        assert_eq!(settings.look[2], Some(None));
        assert_eq!(settings.org_mode, None);
        assert_eq!(settings.look[1], None);
    }

    #[test]
    fn without_keys_what_is_filled_was_sent() {
        let sent = RealmInput {
            signup: Some("closed".to_owned()),
            lr_features: vec!["x".to_owned()],
            terms_of_service: Some("https://x.example".to_owned()),
            ..RealmInput::default()
        };
        let settings = realm(sent);
        assert_eq!(settings.signup, Some(Some("closed".to_owned())));
        assert_eq!(settings.lr_features, Some(vec!["x".to_owned()]));
        assert_eq!(settings.look[6], Some(Some("https://x.example".to_owned())));
        assert_eq!(settings.name, None);
        assert_eq!(settings.available_locales, None);
    }

    #[test]
    fn an_expiry_is_kept_in_milliseconds() {
        let at = |seconds| {
            membership(MembershipInput {
                expires_at: Some(seconds),
                ..MembershipInput::default()
            })
            .expires_at
        };
        assert_eq!(at(1_700_000_000.5), Some(1_700_000_000_500));
        // Nonsense is a time long gone, or one that never comes.
        assert_eq!(at(f64::NAN), Some(0));
        assert_eq!(at(f64::INFINITY), Some(i64::MAX));
    }
}
