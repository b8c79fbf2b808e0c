//! Messages to what rules take: what a caller sent, and on whose behalf.

use gantry_kernel::Problem;
use gantry_proto::auth::v2::{
    InvitationInput, MembershipInput, OrgInput, ProfileInput, RealmInput, SignupRequest, UpdateProfileRequest,
    UserChangeInput, UserInput,
};
use gantry_proto::options::v1::RequestInfo;
use gantry_rpc::{Call, Present, origin, sent, sent_list};

use crate::rules::cause::Cause;
use crate::rules::{invitation, membership, org, realm, signup, user, user_change};

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

pub(crate) fn realm(mut input: RealmInput) -> realm::Settings {
    let present = Present(std::mem::take(&mut input.present));
    realm::Settings {
        name: sent!(present, input.name),
        public_name: sent!(present, input.public_name),
        environment: sent!(present, input.environment),
        state: sent!(present, input.state),
        custom: sent!(present, input.custom),
        available_locales: sent_list!(present, input.available_locales),
        default_locale: sent!(present, input.default_locale),
        email_verification: sent!(present, input.email_verification),
        email_login: sent!(present, input.email_login),
        org_mode: sent!(present, input.org_mode),
        signup: sent!(present, input.signup),
        name_field: sent!(present, input.name_field),
        org_name_field: sent!(present, input.org_name_field),
        password_field: sent!(present, input.password_field),
        username_field: sent!(present, input.username_field),
        allowed_origins: sent_list!(present, input.allowed_origins),
        lr_features: sent_list!(present, input.lr_features),
        look: [
            sent!(present, input.branding),
            sent!(present, input.color_1),
            sent!(present, input.logo),
            sent!(present, input.logo_icon),
            sent!(present, input.privacy_policy),
            sent!(present, input.stylesheet),
            sent!(present, input.terms_of_service),
        ],
        access_token_minutes: sent!(present, input.access_token_minutes),
        jwt_algo: sent!(present, input.jwt_algo),
        jwt_minutes: sent!(present, input.jwt_minutes),
        jwt_scopes: sent!(present, input.jwt_scopes),
        session_minutes: sent!(present, input.session_minutes),
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
    user_change::Input {
        email: sent!(present, input.email),
        email_pending: sent!(present, input.email_pending),
        email_verification: sent!(present, input.email_verification),
        first_name: sent!(present, input.first_name),
        last_name: sent!(present, input.last_name),
        username: sent!(present, input.username),
        locale: sent!(present, input.locale),
        reference: sent!(present, input.reference),
        custom: sent!(present, input.custom),
        state: sent!(present, input.state),
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

pub(crate) fn signup(input: SignupRequest) -> signup::Input {
    signup::Input {
        email: input.email,
        password: input.password.map(Into::into),
        password_confirmation: input.password_confirmation.map(Into::into),
        first_name: input.first_name,
        last_name: input.last_name,
        username: input.username,
        org_name: input.org_name,
        locale: input.locale,
    }
}

/// What users change of themselves, as they send it.
pub(crate) fn own_profile(input: UpdateProfileRequest) -> user_change::Input {
    profile_change(ProfileInput {
        email: input.email,
        first_name: input.first_name,
        last_name: input.last_name,
        username: input.username,
        locale: input.locale,
        password: input.password,
        password_confirmation: input.password_confirmation,
        keep_sessions: None,
        present: input.present,
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
    org::ChangeInput {
        name: sent!(present, input.name),
        reference: sent!(present, input.reference),
        custom: sent!(present, input.custom),
        state: sent!(present, input.state),
    }
}

pub(crate) fn membership_change(mut input: MembershipInput) -> membership::ChangeInput {
    let present = Present(std::mem::take(&mut input.present));
    membership::ChangeInput {
        org_id: input.org_id,
        user_id: input.user_id,
        permissions: sent_list!(present, input.permissions),
        expires_at: sent!(present, input.expires_at).map(|at| at.map(millis)),
    }
}

pub(crate) fn invitation(mut input: InvitationInput) -> invitation::Input {
    let present = Present(std::mem::take(&mut input.present));
    invitation::Input {
        invitation_type: sent!(present, input.invitation_type),
        email: sent!(present, input.email),
        org_id: sent!(present, input.org_id),
        permissions: sent_list!(present, input.permissions),
        auth_provider_id: sent!(present, input.auth_provider_id),
        inviting_user_id: sent!(present, input.inviting_user_id),
        locale: sent!(present, input.locale),
        expires_at: sent!(present, input.expires_at).map(|at| at.map(millis)),
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
