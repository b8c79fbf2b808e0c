//! Which routes a run has called with success, so that a route that nobody tries is found out.

use std::collections::BTreeSet;
use std::sync::Arc;

use gantry_proto::{ROUTES, Route};
use parking_lot::Mutex;

/// Verb and path of each route that has answered as it should.
#[derive(Debug, Clone, Default)]
pub(super) struct Coverage(Arc<Mutex<BTreeSet<(&'static str, &'static str)>>>);

impl Coverage {
    pub(super) fn note(&self, verb: &str, path: &str, status: u16) {
        if let Some(route) = route(verb, path)
            && route.rpc.success == status
        {
            self.0.lock().insert((route.verb, route.path));
        }
    }

    /// The routes that have not.
    pub(super) fn missing(&self) -> Vec<(&'static str, &'static str)> {
        let called = self.0.lock();
        // The published clients know no streams.
        let all = ROUTES.iter().filter(|route| !route.rpc.streams);
        let all = all.map(|route| (route.verb, route.path));
        all.filter(|route| !called.contains(route)).collect()
    }
}

/// The route of a path: of several that fit, the one with the most words of its own.
fn route(verb: &str, path: &str) -> Option<&'static Route> {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let fits = |route: &&Route| {
        let words: Vec<_> = route.path.split('/').filter(|word| !word.is_empty()).collect();
        let same = |(word, part): (&&str, &&str)| word.starts_with('{') || word == part;
        route.verb == verb && words.len() == parts.len() && words.iter().zip(&parts).all(same)
    };
    let all = ROUTES.iter().filter(fits);
    all.min_by_key(|route| route.path.matches('{').count())
}

#[test]
fn a_route_is_known_by_its_own_words_and_counts_when_it_succeeds() {
    let seen = |verb: &str, path: &str| route(verb, path).map(|route| route.path);
    assert_eq!(seen("GET", "/v2//users/a@b.c?expand[]=x"), Some("/v2/users/{id}"));
    assert_eq!(
        seen("GET", "/v2/auth_providers/authorize"),
        Some("/v2/auth_providers/authorize")
    );
    assert_eq!(seen("GET", "/v2/auth_providers/totp"), Some("/v2/auth_providers/{id}"));
    assert_eq!(seen("PUT", "/v2/users"), None);
    let coverage = Coverage::default();
    coverage.note("POST", "/v2/users", 422);
    let all = ROUTES.iter().filter(|route| !route.rpc.streams).count();
    assert_eq!(coverage.missing().len(), all);
    coverage.note("POST", "/v2/users", 201);
    assert_eq!(coverage.missing().len(), all - 1);
}
