//! Changes of users: by a back end ([`update`]), and by the users themselves through one ([`profile`]) (contract 3.2).

use gantry_kernel::{Email, Problem, Secret, normalize_identity};

use super::check::{Checks, SHORT, custom, email, parsed_email};
use super::keep::Keep;
use super::password::PasswordRules;
use super::realm::Sent;
use super::user::username;
use crate::store::{UserPatch, UserRow};

/// What a caller sent; `None` for what they did not name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) email: Sent<String>,
    pub(crate) email_pending: Sent<String>,
    pub(crate) email_verification: Sent<String>,
    pub(crate) first_name: Sent<String>,
    pub(crate) last_name: Sent<String>,
    pub(crate) username: Sent<String>,
    pub(crate) locale: Sent<String>,
    pub(crate) reference: Sent<String>,
    pub(crate) custom: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) password_confirmation: Option<Secret>,
    pub(crate) keep_sessions: Option<String>,
}

impl Input {
    fn is_empty(&self) -> bool {
        let fields = [
            &self.email,
            &self.email_pending,
            &self.email_verification,
            &self.first_name,
            &self.last_name,
            &self.username,
            &self.locale,
            &self.reference,
            &self.custom,
            &self.state,
        ];
        self.password.is_none() && fields.iter().all(|sent| sent.is_none())
    }
}

/// What changes, checked.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) patch: UserPatch,
    pub(crate) password: Option<Secret>,
    /// Which sessions outlive a new password.
    pub(crate) keep: Keep,
    /// Whether the caller named nothing at all.
    pub(crate) is_empty: bool,
}

impl Change {
    /// The address that is to be confirmed before it counts.
    pub(crate) fn pending(&self) -> Option<&str> {
        self.patch.email_pending.as_ref()?.as_deref()
    }

    /// The address that a mail goes to because of it.
    pub(crate) fn mailed<'a>(&'a self, user: &'a UserRow) -> Option<&'a str> {
        let current = || self.patch.email.as_deref().unwrap_or(&user.email);
        self.pending().or_else(|| self.asks_to_verify().then(current))
    }

    /// What a user is called once it is applied.
    pub(crate) fn applied_to(&self, user: &UserRow) -> UserRow {
        let patch = &self.patch;
        let after = |sent: &Option<Option<String>>, old: &Option<String>| sent.clone().unwrap_or_else(|| old.clone());
        UserRow {
            first_name: after(&patch.first_name, &user.first_name),
            last_name: after(&patch.last_name, &user.last_name),
            username: after(&patch.username, &user.username),
            ..user.clone()
        }
    }

    /// Whether the user is to be asked to verify their address.
    pub(crate) fn asks_to_verify(&self) -> bool {
        self.patch.email_verification.as_deref() == Some("requested")
    }
}

/// Reads what a back end changes in a user. A new password ends the user's sessions unless it says otherwise.
pub(crate) fn update(input: Input, user: &UserRow, rules: &PasswordRules, now: i64) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let mut change = common(&mut checks, &input, rules, now);
    change.patch.email = input.email.map(|sent| email(&mut checks, sent));
    change.patch.email_pending = input.email_pending.map(|sent| {
        let text = checks.text("email_pending", sent, Email::MAX)?;
        let pending = parsed_email(&mut checks, "email_pending", &text);
        // The address that the user has needs no confirmation.
        Some(pending).filter(|address| *address != user.email)
    });
    let words = ["none", "requested", "verified"];
    change.patch.email_verification = input
        .email_verification
        .map(|sent| checks.word("email_verification", sent.as_deref().unwrap_or("none"), &words));
    let states = ["active", "inactive"];
    change.patch.state = input
        .state
        .map(|sent| checks.word("state", sent.as_deref().unwrap_or("active"), &states));
    change.patch.reference = text(&mut checks, "reference", input.reference);
    change.patch.custom = input.custom.map(|sent| custom(&mut checks, "custom", sent));
    checks.done()?;
    Ok(change)
}

/// Reads what users change of themselves: nothing that a back end decides (T-34). Where the realm wants addresses verified
/// (`confirmed_first`), a new one waits until it is.
pub(crate) fn profile(
    input: Input,
    user: &UserRow,
    confirmed_first: bool,
    rules: &PasswordRules,
    now: i64,
) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let mut change = common(&mut checks, &input, rules, now);
    match input.email.map(|sent| email(&mut checks, sent)) {
        Some(email) if confirmed_first && email != user.email => change.patch.email_pending = Some(Some(email)),
        email => change.patch.email = email,
    }
    checks.done()?;
    Ok(change)
}

/// What both may change.
fn common(checks: &mut Checks, input: &Input, rules: &PasswordRules, now: i64) -> Change {
    let mut patch = UserPatch {
        first_name: text(checks, "first_name", input.first_name.clone()),
        last_name: text(checks, "last_name", input.last_name.clone()),
        username: input.username.clone().map(|sent| username(checks, sent)),
        locale: text(checks, "locale", input.locale.clone()),
        updated_at: now,
        ..UserPatch::default()
    };
    patch.locale = patch.locale.map(|sent| sent.map(|tag| checks.locale("locale", &tag)));
    let key = |name: &Option<String>| name.as_deref().map(normalize_identity);
    patch.username_key = patch.username.as_ref().map(key);
    let password = input.password.clone().filter(|password| !password.is_empty());
    if let Some(password) = &password {
        let confirmation = input.password_confirmation.as_ref();
        rules.check(checks, password.expose(), confirmation);
    }
    Change {
        patch,
        password,
        keep: Keep::read(checks, input.keep_sessions.as_deref(), Keep::None),
        is_empty: input.is_empty(),
    }
}

fn text(checks: &mut Checks, field: &str, sent: Sent<String>) -> Option<Option<String>> {
    sent.map(|sent| checks.text(field, sent, SHORT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, RealmId, UserId};

    use crate::rules::user;

    fn ana() -> UserRow {
        let input = user::Input {
            email: Some("ana@b.example".to_owned()),
            ..user::Input::default()
        };
        user::new(
            input,
            &UserId::from_bits(1),
            &RealmId::from_bits(1),
            &PasswordRules::default(),
            1,
        )
        .unwrap()
        .row
    }

    fn sent(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    fn fields(result: Result<Change, Problem>) -> Vec<(String, String)> {
        let problem = result.unwrap_err();
        problem.violations.into_iter().map(|v| (v.field, v.key)).collect()
    }

    #[test]
    fn absent_stays_and_null_clears() {
        let nothing = update(Input::default(), &ana(), &PasswordRules::default(), 2).unwrap();
        assert!(nothing.is_empty);
        let cleared = Input {
            first_name: Some(None),
            state: Some(None),
            email_pending: Some(None),
            custom: Some(None),
            ..Input::default()
        };
        let change = update(cleared, &ana(), &PasswordRules::default(), 2).unwrap();
        assert!(!change.is_empty);
        assert_eq!((change.patch.first_name, change.patch.last_name), (Some(None), None));
        assert_eq!(change.patch.state.as_deref(), Some("active"));
        assert_eq!(change.patch.email_pending, Some(None));
        assert_eq!(change.patch.custom.unwrap().0, serde_json::json!({}));
    }

    #[test]
    fn every_field_is_checked() {
        let bad = Input {
            email: Some(None),
            email_pending: sent("nobody"),
            email_verification: sent("maybe"),
            first_name: sent(&"x".repeat(256)),
            username: sent("a b"),
            locale: sent("xx"),
            reference: sent("a\nb"),
            custom: sent("[1]"),
            state: sent("closed"),
            password: Some(Secret::new("short")),
            keep_sessions: Some("some".to_owned()),
            ..Input::default()
        };
        let wrong: Vec<_> = fields(update(bad, &ana(), &PasswordRules::default(), 2))
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(
            wrong,
            [
                "first_name",
                "username",
                "locale",
                "password",
                "keep_sessions",
                "email",
                "email_pending",
                "email_verification",
                "state",
                "reference",
                "custom"
            ]
        );
    }

    #[test]
    fn an_address_that_is_the_users_already_needs_no_confirmation() {
        let of = |address: &str| {
            let input = Input {
                email_pending: sent(address),
                ..Input::default()
            };
            update(input, &ana(), &PasswordRules::default(), 2)
                .unwrap()
                .patch
                .email_pending
        };
        assert_eq!(of("ANA@b.example"), Some(None));
        assert_eq!(of("New@b.example"), Some(Some("new@b.example".to_owned())));
    }

    #[test]
    fn t_34_a_profile_holds_nothing_that_a_back_end_decides() {
        let input = Input {
            first_name: sent("Ana"),
            email_pending: sent("new@b.example"),
            email_verification: sent("verified"),
            reference: sent("theirs"),
            custom: sent(r#"{"admin":true}"#),
            state: sent("inactive"),
            ..Input::default()
        };
        let patch = profile(input, &ana(), true, &PasswordRules::default(), 2)
            .unwrap()
            .patch;
        let allowed = UserPatch {
            first_name: Some(Some("Ana".to_owned())),
            updated_at: 2,
            ..UserPatch::default()
        };
        assert_eq!(patch, allowed);
    }

    #[test]
    fn t_05_where_addresses_are_verified_a_new_one_waits() {
        let input = || Input {
            email: sent("new@b.example"),
            ..Input::default()
        };
        let waits = profile(input(), &ana(), true, &PasswordRules::default(), 2).unwrap();
        assert_eq!((waits.pending(), &waits.patch.email), (Some("new@b.example"), &None));
        let at_once = profile(input(), &ana(), false, &PasswordRules::default(), 2).unwrap();
        assert_eq!(at_once.pending(), None);
        assert_eq!(at_once.patch.email.as_deref(), Some("new@b.example"));
    }
}
