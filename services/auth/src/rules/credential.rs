//! Credentials: what a user shows to be who they are (contract 3.7).

use gantry_kernel::{CredentialId, IdSource, Problem, Secret};

use super::check::{Checks, SHORT};
use super::password::PasswordRules;
use super::provider::PASSKEY;
use crate::store::{CredentialRow, ProviderRow};

/// A credential as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) user_id: Option<String>,
    pub(crate) auth_provider_id: Option<String>,
    pub(crate) credential_type: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) password_confirmation: Option<Secret>,
}

/// A credential that a back end may add or change.
#[derive(Debug)]
pub(crate) enum Given {
    /// A password.
    Password(Secret),
    /// An authenticator app, by its name.
    Totp(String),
    /// A passkey, which its owner alone can make, by another name.
    Passkey(String),
}

/// A credential of a user at a provider, with nothing but its secret.
pub(crate) fn row(ids: &IdSource, user: &str, provider: &ProviderRow, secret: String, now: i64) -> CredentialRow {
    CredentialRow {
        id: ids.id::<CredentialId>().into_string(),
        realm_id: provider.realm_id.clone(),
        user_id: user.to_owned(),
        auth_provider_id: provider.id.clone(),
        credential_type: provider.provider_type.clone(),
        secret,
        created_at: now,
        updated_at: now,
        name: None,
        state: "active".to_owned(),
        last_step: None,
        provider_user_id: None,
        access_token: None,
        token_expires_at: None,
    }
}

/// Reads what was sent for a credential of a type.
///
/// # Errors
/// With violations; of `credential_type` for one that only its provider can make.
pub(crate) fn read(input: Input, credential_type: &str, rules: &PasswordRules) -> Result<Given, Problem> {
    let mut checks = Checks::default();
    let given = match credential_type {
        "password" => {
            let password = input.password.unwrap_or_default();
            if password.is_empty() {
                checks.fail("password", "required");
            } else {
                rules.check(&mut checks, password.expose(), input.password_confirmation.as_ref());
            }
            Given::Password(password)
        }
        "totp" => Given::Totp(checks.required("name", input.name, SHORT)),
        PASSKEY => Given::Passkey(checks.required("name", input.name, SHORT)),
        _ => return Err(Problem::field("credential_type", "made_by_provider")),
    };
    checks.done()?;
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(input: Input, credential_type: &str) -> Vec<String> {
        match read(input, credential_type, &PasswordRules::default()) {
            Ok(_) => Vec::new(),
            Err(problem) => problem
                .violations
                .into_iter()
                .map(|v| format!("{}:{}", v.field, v.key))
                .collect(),
        }
    }

    #[test]
    fn each_type_has_what_it_needs() {
        assert_eq!(violations(Input::default(), "password"), ["password:required"]);
        assert_eq!(violations(Input::default(), "totp"), ["name:required"]);
        assert_eq!(
            violations(Input::default(), "google"),
            ["credential_type:made_by_provider"]
        );
        let short = Input {
            password: Some(Secret::new("short")),
            password_confirmation: Some(Secret::new("other")),
            ..Input::default()
        };
        assert_eq!(
            violations(short, "password"),
            [
                "password:password_too_short",
                "password_confirmation:password_confirmation"
            ]
        );
    }
}
