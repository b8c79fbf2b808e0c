//! Memberships and their permissions (contract 3.4).

use gantry_db::JsonText;
use gantry_kernel::{Id, MembershipId, OrgId, Problem, RealmId, UserId, Violation};

use super::check::Checks;
use super::realm::Sent;
use crate::store::{MembershipPatch, MembershipRow};

/// Permissions a membership may have.
pub(crate) const MOST: usize = 20;
/// The longest permission, in characters.
const LONGEST: usize = 62;
/// The tags of the reserved prefix that mean something.
const RESERVED: [&str; 2] = ["ar:owner", "ar:admin"];

/// A membership as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) org_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) permissions: Vec<String>,
    /// When it ends, in milliseconds.
    pub(crate) expires_at: Option<i64>,
}

/// Reads a membership as a caller sent it.
pub(crate) fn new(input: Input, id: &MembershipId, realm: &RealmId, now: i64) -> Result<MembershipRow, Problem> {
    let mut checks = Checks::default();
    let org_id = reference::<OrgId>(&mut checks, "org_id", input.org_id);
    let user_id = reference::<UserId>(&mut checks, "user_id", input.user_id);
    permissions(&mut checks, &input.permissions);
    if input.expires_at.is_some_and(|at| at <= now) {
        checks.fail("expires_at", "in_the_past");
    }
    checks.done()?;
    Ok(MembershipRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        org_id,
        user_id,
        permissions: JsonText::strings(&input.permissions),
        expires_at: input.expires_at,
        created_at: now,
        updated_at: now,
    })
}

/// What a caller changes in a membership; `None` for what they did not name.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeInput {
    pub(crate) org_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) permissions: Option<Vec<String>>,
    /// When it ends, in milliseconds.
    pub(crate) expires_at: Sent<i64>,
}

/// Reads what a caller changes in a membership; nothing sent changes nothing. Who is a member of what stays: that would be another
/// membership.
pub(crate) fn change(input: ChangeInput, row: &MembershipRow, now: i64) -> Result<Option<MembershipPatch>, Problem> {
    let mut checks = Checks::default();
    for (field, sent, kept) in [
        ("org_id", input.org_id, &row.org_id),
        ("user_id", input.user_id, &row.user_id),
    ] {
        if sent.is_some_and(|id| id != *kept) {
            checks.fail(field, "cannot_change");
        }
    }
    if let Some(asked) = &input.permissions {
        permissions(&mut checks, asked);
    }
    if input.expires_at.flatten().is_some_and(|at| at <= now) {
        checks.fail("expires_at", "in_the_past");
    }
    checks.done()?;
    if input.permissions.is_none() && input.expires_at.is_none() {
        return Ok(None);
    }
    Ok(Some(MembershipPatch {
        permissions: input.permissions.map(|held| JsonText::strings(&held)),
        expires_at: input.expires_at,
        updated_at: now,
    }))
}

/// Whether somebody with these permissions in an org may give others (T-35, T-36): owners any, admins all but ownership, everybody else
/// what they hold themselves.
pub(crate) fn may_give(held: &[String], asked: &str) -> bool {
    let holds = |permission: &str| held.iter().any(|own| own == permission);
    holds("ar:owner") || (holds("ar:admin") && asked != "ar:owner") || (holds(asked) && !asked.starts_with("ar:"))
}

pub(crate) fn reference<T: Id>(checks: &mut Checks, field: &str, value: Option<String>) -> String {
    let text = checks.required(field, value, 255);
    if !text.is_empty() && T::parse(&text).is_err() {
        checks.fail(field, "not_found");
    }
    text
}

/// Whether a text can be a permission.
pub(crate) fn is_permission(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"*:;._-".contains(&b))
}

/// Checks permissions that a caller sent.
pub(crate) fn permissions(checks: &mut Checks, asked: &[String]) {
    if asked.len() > MOST {
        checks.add(Violation::new("permissions", "permission_too_many").with("max", MOST));
    }
    if !asked.iter().all(|permission| is_permission(permission)) {
        checks.fail("permissions", "permission_format");
    }
    let reserved = |p: &String| p.to_ascii_lowercase().starts_with("ar:") && !RESERVED.contains(&p.as_str());
    if asked.iter().any(reserved) {
        checks.fail("permissions", "reserved_permission");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(permissions: &[&str]) -> Vec<String> {
        let input = Input {
            org_id: Some(OrgId::from_bits(1).into_string()),
            user_id: Some(UserId::from_bits(1).into_string()),
            permissions: permissions.iter().map(ToString::to_string).collect(),
            ..Input::default()
        };
        new(input, &MembershipId::from_bits(1), &RealmId::from_bits(1), 1)
            .err()
            .map(|p| p.violations.into_iter().map(|v| v.key).collect())
            .unwrap_or_default()
    }

    #[test]
    fn permissions_are_few_short_and_plain() {
        assert!(keys(&[]).is_empty());
        assert!(keys(&["a:b", "App.*;x_y-1", "ar:owner"]).is_empty());
        assert_eq!(keys(&["a b"]), ["permission_format"]);
        assert_eq!(keys(&[&"x".repeat(63)]), ["permission_format"]);
        assert_eq!(keys(&["x"; 21]), ["permission_too_many"]);
        assert_eq!(keys(&["AR:god"]), ["reserved_permission"]);
    }

    #[test]
    fn t_36_nobody_gives_what_they_lack() {
        let may = |held: &[&str], asked: &str| {
            let held: Vec<String> = held.iter().map(ToString::to_string).collect();
            may_give(&held, asked)
        };
        for (held, asked, allowed) in [
            (vec!["ar:owner"], "ar:owner", true),
            (vec!["ar:owner"], "app:any", true),
            (vec!["ar:admin"], "ar:admin", true),
            (vec!["ar:admin"], "app:any", true),
            (vec!["ar:admin"], "ar:owner", false),
            (vec!["app:x"], "app:x", true),
            (vec!["app:x"], "app:y", false),
            (vec!["app:*"], "app:y", false),
            (vec![], "app:x", false),
            (vec!["app:x"], "ar:admin", false),
        ] {
            assert_eq!(may(&held, asked), allowed, "{held:?} {asked}");
        }
    }

    #[test]
    fn t_41_ids_are_checked_by_type() {
        let input = Input {
            org_id: Some("org_' OR 1=1".to_owned()),
            user_id: Some("../../x".to_owned()),
            ..Input::default()
        };
        let problem = new(input, &MembershipId::from_bits(1), &RealmId::from_bits(1), 1).unwrap_err();
        let fields: Vec<_> = problem
            .violations
            .iter()
            .map(|v| (v.field.as_str(), v.key.as_str()))
            .collect();
        assert_eq!(fields, [("org_id", "not_found"), ("user_id", "not_found")]);
    }
}
