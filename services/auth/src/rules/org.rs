//! Orgs (contract 3.3).

use gantry_db::JsonText;
use gantry_kernel::{OrgId, Problem, RealmId};

use super::check::{Checks, SHORT, custom};
use super::realm::Sent;
use crate::store::{OrgPatch, OrgRow};

/// An org as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) name: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) custom: Option<String>,
    pub(crate) state: Option<String>,
}

/// Reads an org as a caller sent it.
pub(crate) fn new(input: Input, id: &OrgId, realm: &RealmId, now: i64) -> Result<OrgRow, Problem> {
    let mut checks = Checks::default();
    let name = checks.required("name", input.name, SHORT);
    let state = checks.word(
        "state",
        input.state.as_deref().unwrap_or("active"),
        &["active", "inactive"],
    );
    let reference = checks.text("reference", input.reference, SHORT);
    let custom = custom(&mut checks, "custom", input.custom);
    checks.done()?;
    Ok(OrgRow {
        state,
        reference,
        custom,
        ..named(&name, id, realm, now)
    })
}

/// What a caller changes in an org; `None` for what they did not name.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeInput {
    pub(crate) name: Sent<String>,
    pub(crate) reference: Sent<String>,
    pub(crate) custom: Sent<String>,
    pub(crate) state: Sent<String>,
}

/// What changes in an org, checked.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) patch: OrgPatch,
    /// The events that tell of it: none where nothing was sent.
    pub(crate) types: Vec<&'static str>,
}

/// Reads what a caller changes in an org; what they did not name stays, null is the default again.
pub(crate) fn change(input: ChangeInput, now: i64) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let mut types = Vec::new();
    if input.name.is_some() || input.reference.is_some() || input.custom.is_some() {
        types.push("org.updated");
    }
    let state = input.state.map(|sent| {
        let word = sent.unwrap_or_else(|| "active".to_owned());
        checks.word("state", &word, &["active", "inactive", "closed"])
    });
    match state.as_deref() {
        Some("closed") => types.push("org.closed"),
        Some(_) if types.is_empty() => types.push("org.updated"),
        _ => {}
    }
    let name = input.name.map(|sent| checks.required("name", sent, SHORT));
    let patch = OrgPatch {
        name_key: name.as_ref().map(|name| name.to_lowercase()),
        name,
        state,
        reference: input.reference.map(|sent| checks.text("reference", sent, SHORT)),
        custom: input.custom.map(|sent| custom(&mut checks, "custom", sent)),
        updated_at: now,
    };
    checks.done()?;
    Ok(Change { patch, types })
}

/// An org with nothing but a name.
pub(crate) fn named(name: &str, id: &OrgId, realm: &RealmId, now: i64) -> OrgRow {
    OrgRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        state: "active".to_owned(),
        name: name.to_owned(),
        name_key: name.to_lowercase(),
        reference: None,
        custom: JsonText(serde_json::Value::Object(serde_json::Map::new())),
        created_at: now,
        updated_at: now,
    }
}

#[cfg(test)]
mod tests {
    use gantry_kernel::Id;

    use super::*;

    #[test]
    fn an_org_needs_a_name_and_sorts_by_it_whatever_its_case() {
        let make = |name: &str, state: &str| {
            let input = Input {
                name: Some(name.to_owned()),
                state: Some(state.to_owned()),
                ..Input::default()
            };
            let made = new(input, &OrgId::from_bits(1), &RealmId::from_bits(1), 1);
            made.map_err(|p| p.violations.into_iter().map(|v| v.field).collect::<Vec<_>>())
        };
        let org = make(" ÉCOLE ", "inactive").unwrap();
        assert_eq!((org.name.as_str(), org.name_key.as_str()), ("ÉCOLE", "école"));
        assert_eq!(org.state, "inactive");
        assert_eq!(make(" ", "asleep").unwrap_err(), ["name", "state"]);
    }
}
