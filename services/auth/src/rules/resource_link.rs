//! Resource links: addresses that a realm offers its users (contract 3.13).

use gantry_kernel::{Problem, RealmId, ResourceLinkId};

use super::check::{Checks, LONG, SHORT};
use super::realm::Sent;
use super::redirect::is_web;
use crate::store::{ResourceLinkPatch, ResourceLinkRow};

/// How many a realm may have: all of them are shown with it.
pub(crate) const MOST: i64 = 100;

/// A resource link as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) title: Sent<String>,
    pub(crate) link_url: Sent<String>,
    pub(crate) resource_type: Sent<String>,
}

/// Reads a new link as a caller sent it.
pub(crate) fn new(input: Input, id: &ResourceLinkId, realm: &RealmId, now: i64) -> Result<ResourceLinkRow, Problem> {
    let input = Input {
        title: Some(input.title.flatten()),
        link_url: Some(input.link_url.flatten()),
        ..input
    };
    let patch = change(input, now)?;
    Ok(ResourceLinkRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        title: patch.title.unwrap_or_default(),
        link_url: patch.link_url.unwrap_or_default(),
        resource_type: patch.resource_type.unwrap_or_default(),
        created_at: now,
        updated_at: now,
    })
}

/// Reads what changes in a link; what was not sent stays.
pub(crate) fn change(input: Input, now: i64) -> Result<ResourceLinkPatch, Problem> {
    let mut checks = Checks::default();
    let patch = ResourceLinkPatch {
        title: input.title.map(|sent| checks.required("title", sent, SHORT)),
        link_url: input.link_url.map(|sent| {
            let text = checks.required("link_url", sent, LONG);
            // Somebody will click on it: never a scheme that runs code.
            if !text.is_empty() && !is_web(&text) {
                checks.fail("link_url", "web_address_format");
            }
            text
        }),
        resource_type: input
            .resource_type
            .map(|sent| checks.text("resource_type", sent, SHORT)),
        updated_at: now,
    };
    checks.done()?;
    Ok(patch)
}
