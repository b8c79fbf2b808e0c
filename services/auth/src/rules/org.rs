//! Orgs (contract 3.3).

use gantry_db::JsonText;
use gantry_kernel::{OrgId, Problem, RealmId};

use super::check::{Checks, SHORT};
use crate::store::OrgRow;

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
    let custom = checks.custom("custom", input.custom);
    checks.done()?;
    Ok(OrgRow {
        state,
        reference,
        custom,
        ..named(&name, id, realm, now)
    })
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
