//! Auth providers: what each type may be told (contract 3.8).

use gantry_db::JsonText;
use gantry_kernel::{Problem, ProviderId, RealmId, Secret, Violation};
use serde_json::{Map, Value, json};

use super::check::{Checks, LONG, SHORT};
use super::domain::is_host;
use super::password::{COMPLEXITIES, KINDS, MIN_LENGTH};
use super::realm::Sent;
use crate::store::ProviderRow;

/// Types that somebody else's server stands behind.
const EXTERNAL: [&str; 7] = ["facebook", "github", "google", "linkedin", "oauth2", "slack", "yahoo"];
/// The type that holds what passkeys need; a realm has none until somebody adds it.
pub(crate) const PASSKEY: &str = "passkey";
/// What a passkey provider keeps where others keep their addresses.
const RP_ID: &str = "rp_id";
/// The type that stands in for an external one on a developer's machine.
pub(crate) const DUMMY: &str = "dummy";
/// The most characters that a password may be asked to have.
const MIN_LENGTH_MAX: i64 = 128;
/// Everything else about an external provider that is kept together, in the order of [`Input::external`].
pub(crate) const SETTINGS: [&str; 12] = [
    "scopes",
    "loginrocket_domain",
    "issuer",
    "authorization_url",
    "profile_url",
    "token_url",
    "email_field",
    "email_verified_field",
    "first_name_field",
    "id_field",
    "last_name_field",
    "name_field",
];

/// Whether a setting is an address that Gantry calls.
fn is_url(name: &str) -> bool {
    name.ends_with("_url")
}

/// A provider as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) provider_type: Option<String>,
    pub(crate) name: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) min_length: Sent<i64>,
    pub(crate) min_complexity: Sent<String>,
    pub(crate) required_chars: Option<Vec<String>>,
    pub(crate) client_id: Sent<String>,
    pub(crate) client_secret: Option<Option<Secret>>,
    /// In the order of [`SETTINGS`].
    pub(crate) external: [Sent<String>; SETTINGS.len()],
    /// Passkeys only.
    pub(crate) rp_id: Sent<String>,
}

/// What may be done on this installation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Allowed {
    /// Whether the type `dummy` exists.
    pub(crate) dummy: bool,
    /// Whether upstream servers may be called without TLS.
    pub(crate) http: bool,
}

/// A provider to keep, and the client's secret where a new one was sent: it is sealed before it is kept.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) row: ProviderRow,
    pub(crate) secret: Option<Option<Secret>>,
}

/// Whether somebody else's server stands behind a type.
pub(crate) fn is_external(provider_type: &str) -> bool {
    provider_type == DUMMY || EXTERNAL.contains(&provider_type)
}

/// A provider as nobody has changed it yet.
pub(crate) fn blank(id: &ProviderId, realm: &RealmId, provider_type: &str, now: i64) -> ProviderRow {
    ProviderRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        provider_type: provider_type.to_owned(),
        state: "active".to_owned(),
        min_length: (provider_type == "password").then_some(MIN_LENGTH),
        created_at: now,
        name: None,
        min_complexity: (provider_type == "password").then(|| "low".to_owned()),
        required_chars: JsonText(Value::Array(Vec::new())),
        client_id: None,
        client_secret: None,
        external: JsonText(Value::Object(Map::new())),
        updated_at: now,
    }
}

/// The two auth providers of a fresh realm (contract 3.8).
pub(crate) fn of_fresh_realm(realm: &RealmId, ids: [ProviderId; 2], now: i64) -> Vec<ProviderRow> {
    let [password, totp] = ids;
    let totp = ProviderRow {
        state: "inactive".to_owned(),
        ..blank(&totp, realm, "totp", now)
    };
    vec![blank(&password, realm, "password", now), totp]
}

/// Reads a provider as a caller sent it.
pub(crate) fn new(
    input: Input,
    id: &ProviderId,
    realm: &RealmId,
    allowed: Allowed,
    now: i64,
) -> Result<Change, Problem> {
    let mut types = vec!["password", "totp", PASSKEY];
    types.extend(EXTERNAL);
    types.extend(allowed.dummy.then_some(DUMMY));
    let mut checks = Checks::default();
    let kind = checks.required("provider_type", input.provider_type.clone(), SHORT);
    if !kind.is_empty() {
        checks.word("provider_type", &kind, &types);
    }
    // With a type that does not exist nothing else can be judged.
    checks.done()?;
    put(input, blank(id, realm, &kind, now), allowed)
}

/// Reads what a caller changes in a provider; what it did not send stays, null is the default again.
pub(crate) fn change(input: Input, mut row: ProviderRow, allowed: Allowed, now: i64) -> Result<Change, Problem> {
    let other = input.provider_type.as_ref();
    if other.is_some_and(|other| *other != row.provider_type) {
        return Err(Problem::field("provider_type", "read_only"));
    }
    row.updated_at = now;
    put(input, row, allowed)
}

fn put(input: Input, mut row: ProviderRow, allowed: Allowed) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let kind = row.provider_type.clone();
    foreign(&mut checks, &input, &kind);
    if let Some(sent) = input.name {
        row.name = checks.text("name", sent, SHORT);
    }
    if let Some(sent) = input.state {
        row.state = checks.word("state", sent.as_deref().unwrap_or("active"), &["active", "inactive"]);
    }
    if kind == "password" {
        if let Some(sent) = input.min_length {
            row.min_length = Some(checks.number("min_length", sent.unwrap_or(MIN_LENGTH), 1, MIN_LENGTH_MAX));
        }
        if let Some(sent) = input.min_complexity {
            row.min_complexity = Some(checks.word("min_complexity", sent.as_deref().unwrap_or("low"), &COMPLEXITIES));
        }
        if let Some(sent) = input.required_chars {
            row.required_chars = kinds(&mut checks, &sent);
        }
    }
    if kind == PASSKEY {
        relying_party(&mut checks, &mut row, input.rp_id);
    }
    if is_external(&kind) {
        if let Some(sent) = input.client_id {
            row.client_id = checks.text("client_id", sent, SHORT);
        }
        row.external = settings(&mut checks, &row.external, input.external, allowed);
        complete(&mut checks, &row);
    }
    let secret = input.client_secret.map(|sent| sent.filter(|secret| !secret.is_empty()));
    if secret.iter().flatten().any(|secret| secret.expose().len() > LONG) {
        checks.add(Violation::new("client_secret", "too_long").with("max", LONG));
    }
    checks.done()?;
    Ok(Change { row, secret })
}

/// What a type has no use for is refused: it would be lost in silence.
fn foreign(checks: &mut Checks, input: &Input, kind: &str) {
    let mut refuse = |field: &str, sent: bool| {
        if sent {
            checks.fail(field, "not_for_this_type");
        }
    };
    if kind != "password" {
        refuse("min_length", matches!(input.min_length, Some(Some(_))));
        refuse("min_complexity", matches!(input.min_complexity, Some(Some(_))));
        refuse(
            "required_chars",
            input.required_chars.as_ref().is_some_and(|kinds| !kinds.is_empty()),
        );
    }
    if kind != PASSKEY {
        refuse(RP_ID, matches!(input.rp_id, Some(Some(_))));
    }
    if !is_external(kind) {
        refuse("client_id", matches!(input.client_id, Some(Some(_))));
        refuse("client_secret", matches!(input.client_secret, Some(Some(_))));
        for (name, sent) in SETTINGS.iter().zip(&input.external) {
            refuse(name, matches!(sent, Some(Some(_))));
        }
    }
}

/// The domain that a realm's passkeys are for.
pub(crate) fn rp_id(row: &ProviderRow) -> Option<&str> {
    row.external.0.get(RP_ID).and_then(Value::as_str)
}

/// Reads the domain, which must be there: nobody could tell later why the passkeys of a domain that was guessed do not work.
fn relying_party(checks: &mut Checks, row: &mut ProviderRow, sent: Sent<String>) {
    if let Some(sent) = sent {
        let name = checks.text(RP_ID, sent, 253).map(|name| name.to_ascii_lowercase());
        if name
            .as_deref()
            .is_some_and(|name| name != "localhost" && !is_host(name))
        {
            checks.fail(RP_ID, "domain_format");
        }
        row.external = JsonText(name.map_or(json!({}), |name| json!({ RP_ID: name })));
    }
    if rp_id(row).is_none() {
        checks.fail(RP_ID, "required");
    }
}

fn kinds(checks: &mut Checks, asked: &[String]) -> JsonText {
    if asked.iter().any(|kind| !KINDS.contains(&kind.as_str())) {
        checks.add(Violation::new("required_chars", "unknown_value").with("allowed", KINDS.join(", ")));
    }
    // In one order and once each, however they were sent.
    let kept: Vec<_> = KINDS
        .into_iter()
        .filter(|kind| asked.iter().any(|a| a == kind))
        .collect();
    JsonText::strings(&kept)
}

fn settings(checks: &mut Checks, now: &JsonText, parts: [Sent<String>; SETTINGS.len()], allowed: Allowed) -> JsonText {
    let mut kept = now.0.as_object().cloned().unwrap_or_default();
    for (name, part) in SETTINGS.into_iter().zip(parts) {
        let Some(sent) = part else { continue };
        // A field of a profile, by another name.
        let max = if name.ends_with("_field") { SHORT } else { LONG };
        let Some(text) = checks.text(name, sent, max) else {
            kept.remove(name);
            continue;
        };
        if (is_url(name) || name == "issuer") && !is_endpoint(&text, allowed.http) {
            checks.fail(name, "url_format");
        }
        kept.insert(name.to_owned(), Value::from(text));
    }
    JsonText(Value::Object(kept))
}

/// An active external provider can be asked.
fn complete(checks: &mut Checks, row: &ProviderRow) {
    if row.provider_type == DUMMY {
        return;
    }
    if row.client_id.is_none() {
        checks.fail("client_id", "required");
    }
    let has = |name: &str| row.external.0.get(name).is_some();
    // An issuer tells where everything is.
    if row.provider_type == "oauth2" && !has("issuer") {
        for url in SETTINGS.into_iter().filter(|name| is_url(name) && !has(name)) {
            checks.fail(url, "required");
        }
    }
}

/// An address of somebody else's server that Gantry itself will call: without user, fragment or anything that programs read
/// differently (T-27).
pub(crate) fn is_endpoint(url: &str, http: bool) -> bool {
    let rest = match url.split_once("://") {
        Some(("https", rest)) => rest,
        Some(("http", rest)) if http => rest,
        _ => return false,
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    !authority.is_empty()
        && !authority.contains('@')
        && !url.contains(['#', '\\'])
        && url.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::Id;

    fn make(kind: &str, change: impl FnOnce(&mut Input)) -> Result<Change, Vec<String>> {
        let mut input = Input {
            provider_type: Some(kind.to_owned()),
            ..Input::default()
        };
        change(&mut input);
        let (id, realm) = (ProviderId::from_bits(1), RealmId::from_bits(1));
        new(input, &id, &realm, Allowed::default(), 1).map_err(fields)
    }

    fn fields(problem: Problem) -> Vec<String> {
        problem
            .violations
            .into_iter()
            .map(|v| format!("{}:{}", v.field, v.key))
            .collect()
    }

    fn sent(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    fn at(name: &str) -> usize {
        SETTINGS.iter().position(|known| *known == name).unwrap()
    }

    #[test]
    fn a_fresh_realm_has_passwords_on_and_totp_off() {
        let ids = [ProviderId::from_bits(1), ProviderId::from_bits(2)];
        let rows = of_fresh_realm(&RealmId::from_bits(1), ids, 1);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.provider_type.as_str(), row.state.as_str(), row.min_length))
            .collect();
        assert_eq!(shown, [("password", "active", Some(8)), ("totp", "inactive", None)]);
    }

    #[test]
    fn what_a_type_has_no_use_for_is_refused() {
        let wrong = make("google", |input| {
            input.client_id = sent("x");
            input.min_length = Some(Some(9));
            input.required_chars = Some(vec!["digit".to_owned()]);
        });
        assert_eq!(
            wrong.unwrap_err(),
            ["min_length:not_for_this_type", "required_chars:not_for_this_type"]
        );
        let wrong = make("totp", |input| {
            input.client_secret = Some(Some(Secret::new("x")));
            input.external[at("token_url")] = sent("https://a.example");
            // Null says nothing.
            input.client_id = Some(None);
            input.min_length = Some(None);
        });
        assert_eq!(
            wrong.unwrap_err(),
            ["client_secret:not_for_this_type", "token_url:not_for_this_type"]
        );
    }

    #[test]
    fn a_custom_provider_says_where_it_is() {
        let bare = make("oauth2", |input| input.client_id = sent("x"));
        assert_eq!(
            bare.unwrap_err(),
            [
                "authorization_url:required",
                "profile_url:required",
                "token_url:required"
            ]
        );
        let found = make("oauth2", |input| {
            input.client_id = sent("x");
            input.external[at("issuer")] = sent("https://login.example");
        });
        assert!(found.is_ok());
        assert_eq!(make("google", |_| ()).unwrap_err(), ["client_id:required"]);
        assert!(make("dummy", |_| ()).is_err(), "only where it is switched on");
        assert_eq!(
            make("carrier_pigeon", |_| ()).unwrap_err(),
            ["provider_type:unknown_value"]
        );
    }

    #[test]
    fn t_27_endpoints_are_plain_https_addresses() {
        for (url, good) in [
            ("https://a.example/x?y=z", true),
            ("http://a.example/", false),
            ("https://u@a.example/", false),
            ("https://a.example/#x", false),
            ("https://a.example\\@b.example/", false),
            ("https:///x", false),
            ("javascript://x", false),
            ("file:///etc/passwd", false),
            ("https://a.example/ x", false),
        ] {
            assert_eq!(is_endpoint(url, false), good, "{url}");
        }
        assert!(is_endpoint("http://127.0.0.1:9/x", true));
    }

    #[test]
    fn a_change_leaves_alone_what_was_not_sent_and_null_is_the_default_again() {
        let made = make("password", |input| {
            input.min_length = Some(Some(12));
            input.required_chars = Some(vec!["symbol".to_owned(), "digit".to_owned(), "digit".to_owned()]);
        });
        let row = made.unwrap().row;
        assert_eq!(row.required_chars.to_strings(), ["digit", "symbol"]);
        let again = |input: Input| change(input, row.clone(), Allowed::default(), 2).map_err(fields);
        let same = again(Input::default()).unwrap();
        assert_eq!(
            (same.row.min_length, same.row.updated_at, same.secret.is_none()),
            (Some(12), 2, true)
        );
        let reset = again(Input {
            min_length: Some(None),
            required_chars: Some(Vec::new()),
            ..Input::default()
        });
        let reset = reset.unwrap().row;
        assert_eq!(
            (reset.min_length, reset.required_chars.to_strings().len()),
            (Some(8), 0)
        );
        let other = again(Input {
            provider_type: Some("totp".to_owned()),
            ..Input::default()
        });
        assert_eq!(other.unwrap_err(), ["provider_type:read_only"]);
        for min in [0, -1, 129] {
            let wrong = again(Input {
                min_length: Some(Some(min)),
                ..Input::default()
            });
            assert_eq!(wrong.unwrap_err(), ["min_length:out_of_range"]);
        }
    }
}
