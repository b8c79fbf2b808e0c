//! Signing up (contract 2.4): who may, and what they must tell.

use gantry_kernel::{Locale, Problem, RealmId, Secret, UserId};

use super::check::{Checks, SHORT};
use super::password::PasswordRules;
use super::{demands, user};
use crate::store::{InvitationRow, RealmRow, UserRow};

/// What somebody sent who signs up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) email: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) password_confirmation: Option<Secret>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) org_name: Option<String>,
    pub(crate) locale: Option<String>,
}

/// The way that somebody comes in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// At once.
    Open,
    /// Once their address has proven itself.
    VerifyFirst,
    /// By an invitation.
    Invited,
}

/// Finds the way.
///
/// # Errors
/// Where there is none without an invitation.
pub(crate) fn way(realm: &RealmRow, invitation: Option<&InvitationRow>) -> Result<Way, Problem> {
    match (invitation, realm.signup.as_str()) {
        (Some(_), _) => Ok(Way::Invited),
        (None, "open") if realm.email_verification == "preverify" => Ok(Way::VerifyFirst),
        (None, "open") => Ok(Way::Open),
        (None, "invitation") => Err(Problem::field("invitation", "required")),
        (None, _) => Err(Problem::field("", "signup_closed")),
    }
}

/// Somebody new, checked.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) row: UserRow,
    pub(crate) password: Secret,
    /// What their own org is to be called.
    pub(crate) org_name: Option<String>,
}

/// Where somebody signs up.
pub(crate) struct Place<'a> {
    pub(crate) id: &'a UserId,
    pub(crate) realm: &'a RealmId,
    pub(crate) settings: &'a RealmRow,
    pub(crate) rules: &'a PasswordRules,
    pub(crate) invitation: Option<&'a InvitationRow>,
}

/// Reads a newcomer. Whoever was invited at an address proves by the invitation that it is theirs, where the realm verifies addresses
/// first, so there it must be that one.
pub(crate) fn read(mut input: Input, place: &Place<'_>, now: i64) -> Result<Newcomer, Problem> {
    let mut checks = Checks::default();
    let settings = place.settings;
    let invited = place.invitation.map(|invitation| invitation.email.clone());
    let bound = settings.email_verification == "preverify"
        || place.invitation.is_some_and(|row| row.invitation_type == "preverify");
    input.email = input.email.filter(|email| !email.trim().is_empty()).or(invited.clone());
    let org_name = checks.text("org_name", input.org_name, SHORT);
    if needs_org_name(settings, place.invitation) && org_name.is_none() {
        checks.fail("org_name", "required");
    }
    let password = input.password.filter(|password| !password.is_empty());
    if password.is_none() {
        checks.fail("password", "required");
    }
    demands::check_twice(&mut checks, settings, input.password_confirmation.as_ref());
    let told = user::Input {
        email: input.email,
        first_name: input.first_name,
        last_name: input.last_name,
        username: input.username,
        locale: input.locale,
        password,
        password_confirmation: input.password_confirmation,
        ..user::Input::default()
    };
    let mut new = match user::new(told, place.id, place.realm, place.rules, now) {
        Ok(new) => new,
        Err(problem) => {
            problem
                .violations
                .into_iter()
                .for_each(|violation| checks.add(violation));
            return Err(checks.done().err().unwrap_or_else(|| Problem::field("", "unknown")));
        }
    };
    demands::check(&mut checks, settings, &new.row);
    match invited.filter(|_| bound) {
        Some(address) if address != new.row.email => checks.fail("email", "not_of_invitation"),
        Some(_) => "verified".clone_into(&mut new.row.email_verification),
        None if asks_to_verify(settings) => "requested".clone_into(&mut new.row.email_verification),
        None => {}
    }
    checks.done()?;
    Ok(Newcomer {
        row: new.row,
        password: new.password.unwrap_or_default(),
        org_name,
    })
}

/// Whoever was invited to an org has that one.
fn needs_org_name(settings: &RealmRow, invitation: Option<&InvitationRow>) -> bool {
    settings.org_name_field == "required" && invitation.is_none_or(|row| row.org_id.is_none())
}

/// Whether whoever is new is asked to verify their address.
fn asks_to_verify(settings: &RealmRow) -> bool {
    ["requested", "required"].contains(&settings.email_verification.as_str())
}

/// The language that somebody is written to in: the one they name, else the one they read in, else the realm's.
pub(crate) fn language(checks: &mut Checks, sent: Option<String>, reads: &str, settings: &RealmRow) -> String {
    let named = checks.text("locale", sent, SHORT);
    let named = named.map(|locale| checks.locale("locale", &locale));
    let reads = Locale::exact(reads).map(|locale| locale.as_str().to_owned());
    named.or(reads).unwrap_or_else(|| settings.default_locale.clone())
}
