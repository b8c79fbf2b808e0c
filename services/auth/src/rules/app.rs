//! Client apps (contract 3.9).

use gantry_db::JsonText;
use gantry_kernel::{ClientAppId, Problem, RealmId, Violation};

use super::check::{Checks, LONG, SHORT};
use crate::store::ClientAppRow;

/// Redirect URIs an app may have.
const MOST: usize = 100;

/// A client app as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) client_type: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
}

/// Reads a client app as a caller sent it.
pub(crate) fn new(input: Input, id: &ClientAppId, realm: &RealmId, now: i64) -> Result<ClientAppRow, Problem> {
    let mut checks = Checks::default();
    let client_type = checks.word(
        "client_type",
        input.client_type.as_deref().unwrap_or("standard"),
        &["standard", "oauth2"],
    );
    let name = checks
        .text("name", input.name, SHORT)
        .unwrap_or_else(|| "Default".to_owned());
    let state = checks.word(
        "state",
        input.state.as_deref().unwrap_or("active"),
        &["active", "inactive"],
    );
    if input.redirect_uris.len() > MOST {
        checks.add(Violation::new("redirect_uris", "too_many_items").with("max", MOST));
    }
    if !input.redirect_uris.iter().all(|uri| is_redirect(uri)) {
        checks.fail("redirect_uris", "redirect_uri_format");
    }
    checks.done()?;
    Ok(ClientAppRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        client_type,
        name,
        state,
        redirect_uris: JsonText::strings(&input.redirect_uris),
        created_at: now,
        updated_at: now,
    })
}

/// An absolute address without user, fragment or control characters; its scheme is not one that runs code (T-24).
fn is_redirect(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else {
        return false;
    };
    let scheme_good = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && !["javascript", "data", "vbscript", "file"].contains(&scheme.to_ascii_lowercase().as_str());
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    scheme_good
        && uri.len() <= LONG
        && !authority.is_empty()
        && !authority.contains('@')
        && !uri.contains(['#', '\\'])
        && !uri.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::is_redirect;

    #[test]
    fn t_24_only_plain_absolute_addresses_are_registered() {
        for uri in [
            "https://my.app/",
            "http://localhost:4000/cb",
            "myapp://callback/x",
            "https://a.b/c?d=e",
        ] {
            assert!(is_redirect(uri), "{uri}");
        }
        for uri in [
            "",
            "/x",
            "javascript://x/%0aalert(1)",
            "https://a@b/",
            "https://a/#x",
            "https://a\\b",
            "https:///x",
            "https://a/ b",
            "data://x",
        ] {
            assert!(!is_redirect(uri), "{uri}");
        }
    }
}
