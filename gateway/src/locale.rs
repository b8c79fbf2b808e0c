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
    let offered: Vec<_> = host
        .available_locales
        .iter()
        .filter_map(|tag| Locale::parse(tag))
        .collect();
    let offered = if offered.is_empty() {
        Locale::ALL.to_vec()
    } else {
        offered
    };
    negotiate(asked(headers), &offered, default)
}

fn asked(headers: &HeaderMap) -> Option<&str> {
    headers.get(ACCEPT_LANGUAGE)?.to_str().ok()
}
