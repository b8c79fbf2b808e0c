//! The language of an answer (contract 1.8).

use gantry_locales::{Locale, negotiate};
use gantry_proto::auth::v2::ResolvedHost;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

/// For the Core API: what the caller asks for, else English.
pub(crate) fn of_core(headers: &HeaderMap) -> Locale {
    negotiate(asked(headers), Locale::ALL, Locale::En)
}

/// For LoginRocket: what the browser asks for among the realm's languages, else the realm's default.
pub(crate) fn of_login(headers: &HeaderMap, host: &ResolvedHost) -> Locale {
    let default = Locale::parse(&host.default_locale).unwrap_or(Locale::En);
    negotiate(asked(headers), &offered(host), default)
}

/// For LoginRocket, once somebody is known to read the answer: what they chose, where the realm speaks it; it goes before all that
/// [`of_login`] goes by.
pub(crate) fn of_reader(chosen: Option<&str>, host: &ResolvedHost) -> Option<Locale> {
    let chosen = Locale::parse(chosen?)?;
    offered(host).contains(&chosen).then_some(chosen)
}

/// The languages that a realm speaks: all, where it names none.
fn offered(host: &ResolvedHost) -> Vec<Locale> {
    let named: Vec<_> = host
        .available_locales
        .iter()
        .filter_map(|tag| Locale::parse(tag))
        .collect();
    if named.is_empty() { Locale::ALL.to_vec() } else { named }
}

fn asked(headers: &HeaderMap) -> Option<&str> {
    headers.get(ACCEPT_LANGUAGE)?.to_str().ok()
}
