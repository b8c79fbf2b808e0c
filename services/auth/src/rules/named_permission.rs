//! Named permissions: what memberships may be given, with a name for people (contract 3.13).

use gantry_kernel::{NamedPermissionId, Problem, RealmId};

use super::check::{Checks, SHORT};
use super::membership::is_permission;
use super::realm::Sent;
use crate::store::{NamedPermissionPatch, NamedPermissionRow};

/// How many a realm may have: all of them are shown with it.
pub(crate) const MOST: i64 = 100;

/// A named permission as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) name: Sent<String>,
    pub(crate) permission: Sent<String>,
    pub(crate) auto_grant: Sent<bool>,
}

/// Reads a new named permission as a caller sent it.
pub(crate) fn new(
    input: Input,
    id: &NamedPermissionId,
    realm: &RealmId,
    now: i64,
) -> Result<NamedPermissionRow, Problem> {
    let input = Input {
        name: Some(input.name.flatten()),
        permission: Some(input.permission.flatten()),
        ..input
    };
    let patch = change(input, now)?;
    Ok(NamedPermissionRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        name: patch.name.unwrap_or_default(),
        permission: patch.permission.unwrap_or_default(),
        auto_grant: patch.auto_grant.unwrap_or_default(),
        created_at: now,
        updated_at: now,
    })
}

/// Reads what changes in a named permission; what was not sent stays.
pub(crate) fn change(input: Input, now: i64) -> Result<NamedPermissionPatch, Problem> {
    let mut checks = Checks::default();
    let patch = NamedPermissionPatch {
        name: input.name.map(|sent| checks.required("name", sent, SHORT)),
        permission: input.permission.map(|sent| {
            let text = checks.required("permission", sent, SHORT);
            if !text.is_empty() && !is_permission(&text) {
                checks.fail("permission", "permission_format");
            }
            text
        }),
        auto_grant: input.auto_grant.map(Option::unwrap_or_default),
        updated_at: now,
    };
    checks.done()?;
    Ok(patch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: Option<&str>, permission: Option<&str>) -> Input {
        Input {
            name: Some(name.map(str::to_owned)),
            permission: Some(permission.map(str::to_owned)),
            auto_grant: None,
        }
    }

    #[test]
    fn both_texts_are_needed_and_a_permission_looks_like_one() {
        let keys = |input| {
            let wrong: Result<_, Problem> = change(input, 1);
            wrong
                .err()
                .map(|p| p.violations.into_iter().map(|v| v.key).collect::<Vec<_>>())
                .unwrap_or_default()
        };
        assert_eq!(keys(input(Some("Edit"), Some("docs:edit"))), [""; 0]);
        assert_eq!(keys(input(None, Some(" "))), ["required", "required"]);
        assert_eq!(keys(input(Some("Edit"), Some("docs edit"))), ["permission_format"]);
        assert_eq!(keys(Input::default()), [""; 0]);
    }
}
