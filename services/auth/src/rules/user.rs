//! Users: what they may be called and how their passwords must be (contract 3.2).

use gantry_kernel::{Email, Problem, RealmId, Secret, UserId, normalize_identity};

use super::check::{Checks, SHORT, custom, email};
use super::password::PasswordRules;
use crate::store::UserRow;

/// The longest username, in characters.
const USERNAME_MAX: usize = 64;

/// A user as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) email: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) custom: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) password_confirmation: Option<Secret>,
    pub(crate) state: Option<String>,
    pub(crate) email_verification: Option<String>,
}

/// A user to add.
#[derive(Debug)]
pub(crate) struct NewUser {
    pub(crate) row: UserRow,
    pub(crate) password: Option<Secret>,
}

/// Reads a user as a caller sent it.
pub(crate) fn new(
    input: Input,
    id: &UserId,
    realm: &RealmId,
    rules: &PasswordRules,
    now: i64,
) -> Result<NewUser, Problem> {
    let mut checks = Checks::default();
    let email = email(&mut checks, input.email);
    let username = username(&mut checks, input.username);
    let locale = checks.text("locale", input.locale, SHORT);
    let locale = locale.map(|tag| checks.locale("locale", &tag));
    let confirmation = input.password_confirmation;
    let password = input.password.filter(|password| !password.is_empty());
    if let Some(password) = &password {
        let names = [
            Some(&email),
            input.first_name.as_ref(),
            input.last_name.as_ref(),
            username.as_ref(),
        ];
        let rules = rules.clone().knowing(names.into_iter().flatten());
        rules.check(&mut checks, password.expose(), confirmation.as_ref());
    }
    let row = UserRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        state: checks.word(
            "state",
            input.state.as_deref().unwrap_or("active"),
            &["active", "inactive"],
        ),
        email,
        email_pending: None,
        email_verification: checks.word(
            "email_verification",
            input.email_verification.as_deref().unwrap_or("none"),
            &["none", "requested", "verified"],
        ),
        first_name: checks.text("first_name", input.first_name, SHORT),
        last_name: checks.text("last_name", input.last_name, SHORT),
        username_key: username.as_deref().map(normalize_identity),
        username,
        locale,
        reference: checks.text("reference", input.reference, SHORT),
        custom: custom(&mut checks, "custom", input.custom),
        created_at: now,
        updated_at: now,
        last_login_at: None,
    };
    checks.done()?;
    Ok(NewUser { row, password })
}

impl UserRow {
    /// What a user goes by: what whoever guesses their password would try first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        let names = [
            self.first_name.as_ref(),
            self.last_name.as_ref(),
            self.username.as_ref(),
        ];
        std::iter::once(&self.email).chain(names.into_iter().flatten())
    }
}

/// Whether an address is the one that a user has and has not verified.
pub(crate) fn is_unverified_at(user: &UserRow, address: &str) -> bool {
    let same = Email::parse(address).is_some_and(|email| email.into_string() == user.email);
    same && user.email_verification != "verified"
}

/// Refuses what is of no use to a user who may not log in.
pub(crate) fn must_be_active(user: &UserRow) -> Result<(), Problem> {
    match user.state.as_str() {
        "active" => Ok(()),
        _ => Err(Problem::field("user_id", "user_inactive")),
    }
}

/// Letters, digits and `._-`, so that no username looks like an address or an id.
pub(crate) fn username(checks: &mut Checks, value: Option<String>) -> Option<String> {
    let name = checks.text("username", value, USERNAME_MAX)?;
    let good = name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) && !name.starts_with("usr_");
    if !good {
        checks.fail("username", "invalid_characters");
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::Id;

    fn try_new(input: Input) -> Result<NewUser, Vec<(String, String)>> {
        new(
            input,
            &UserId::from_bits(1),
            &RealmId::from_bits(1),
            &PasswordRules::default(),
            1,
        )
        .map_err(|p| p.violations.into_iter().map(|v| (v.field, v.key)).collect())
    }

    fn input(email: &str, password: &str) -> Input {
        Input {
            email: Some(email.to_owned()),
            password: Some(Secret::new(password)),
            ..Input::default()
        }
    }

    #[test]
    fn the_stored_address_is_in_normal_form() {
        assert_eq!(
            try_new(input(" Ana@Example.COM", "long enough")).unwrap().row.email,
            "ana@example.com"
        );
    }

    #[test]
    fn passwords_are_bounded_on_both_sides() {
        let key = |password: &str| try_new(input("a@b.c", password)).unwrap_err().remove(0).1;
        assert_eq!(key("short"), "password_too_short");
        assert_eq!(key(&"x".repeat(1025)), "password_too_long");
        // Eight characters, not bytes.
        assert!(try_new(input("a@b.c", "ñandúése")).is_ok());
    }

    #[test]
    fn the_confirmation_counts_when_it_was_sent() {
        let mut twice = input("a@b.c", "long enough");
        twice.password_confirmation = Some(Secret::new("other"));
        assert_eq!(
            try_new(twice).unwrap_err(),
            [("password_confirmation".to_owned(), "password_confirmation".to_owned())]
        );
    }

    #[test]
    fn a_username_looks_like_neither_address_nor_id() {
        for name in ["a@b", "usr_x", "a b", "a/b", "a'b"] {
            let mut named = input("a@b.c", "long enough");
            named.username = Some(name.to_owned());
            assert_eq!(
                try_new(named).unwrap_err(),
                [("username".to_owned(), "invalid_characters".to_owned())],
                "{name}"
            );
        }
    }
}
