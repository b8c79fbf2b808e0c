//! What a realm demands that its users tell of themselves (contract 3.1: `name_field`, `username_field`, `password_field`).

use gantry_kernel::Secret;

use super::check::Checks;
use crate::store::{RealmRow, UserRow};

const REQUIRED: &str = "required";

/// The first demand that a user has not met: one of the two names is a name, for there are people with one.
fn missing(realm: &RealmRow, has_name: bool, has_username: bool) -> Option<&'static str> {
    if realm.name_field == REQUIRED && !has_name {
        return Some("first_name");
    }
    (realm.username_field == REQUIRED && !has_username).then_some("username")
}

fn missing_of(realm: &RealmRow, user: &UserRow) -> Option<&'static str> {
    let has_name = user.first_name.is_some() || user.last_name.is_some();
    missing(realm, has_name, user.username.is_some())
}

/// Whether a user has yet to tell what the realm demands.
pub(crate) fn is_incomplete(realm: &RealmRow, user: &UserRow) -> bool {
    missing_of(realm, user).is_some()
}

/// Fails for the first thing that a user would leave untold.
pub(crate) fn check(checks: &mut Checks, realm: &RealmRow, user: &UserRow) {
    if let Some(field) = missing_of(realm, user) {
        checks.fail(field, "required");
    }
}

/// Fails where the realm wants a password twice and it came once.
pub(crate) fn check_twice(checks: &mut Checks, realm: &RealmRow, confirmation: Option<&Secret>) {
    if realm.password_field == "confirm" && confirmation.is_none() {
        checks.fail("password_confirmation", "required");
    }
}

#[cfg(test)]
mod tests {
    use gantry_kernel::{Id, RealmId};

    use super::*;
    use crate::rules::realm;

    #[test]
    fn what_is_not_required_may_be_missing() {
        let mut settings = realm::fresh(&RealmId::from_bits(1), 1);
        assert_eq!(missing(&settings, false, false), None);
        settings.name_field = REQUIRED.to_owned();
        settings.username_field = REQUIRED.to_owned();
        assert_eq!(missing(&settings, false, true), Some("first_name"));
        assert_eq!(missing(&settings, true, false), Some("username"));
        assert_eq!(missing(&settings, true, true), None);
    }
}
