//! Rate limits at the edge: by address, by realm, by API key; decided before a body is read.

use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};

use axum::response::Response;
use gantry_kernel::{Problem, Reason};
use gantry_limits::{Decision, Limit, address_key};
use gantry_proto::{By, LimitRule};
use http::{HeaderMap, HeaderValue};

use crate::Gateway;

/// Whom a request is counted for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) ip: IpAddr,
    pub(crate) realm: &'a str,
    pub(crate) key: &'a str,
}

/// The decision that leaves the caller the least, to be told in headers.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    limit: Limit,
    decision: Decision,
}

/// Takes a place in each limit of an rpc.
///
/// # Errors
/// [`Reason::RateLimited`] with the headers to send, at the first limit that has none left.
pub(crate) async fn take(
    gateway: &Gateway,
    rules: &[LimitRule],
    counted: Counted<'_>,
) -> Result<Option<Told>, (Problem, Told)> {
    let Some(limiter) = &gateway.limiter else {
        return Ok(None);
    };
    let mut tightest: Option<Told> = None;
    for rule in rules {
        let Some(key) = key_of(rule, counted) else { continue };
        let limit = gateway.config.limit(rule);
        let decision = limiter.take(&limit, &key).await;
        let told = Told { limit, decision };
        if !told.decision.allowed {
            let wait = i64::try_from(told.decision.reset_ms).unwrap_or(i64::MAX);
            return Err((Problem::new(Reason::RateLimited).retry_after_ms(wait), told));
        }
        if tightest
            .as_ref()
            .is_none_or(|least| told.decision.remaining < least.decision.remaining)
        {
            tightest = Some(told);
        }
    }
    Ok(tightest)
}

/// What a limit counts by; `None` where that is not known at the edge (accounts are counted by the service that knows them).
fn key_of(rule: &LimitRule, counted: Counted<'_>) -> Option<String> {
    let name = rule.name;
    match rule.by {
        By::Address => Some(format!("{name}:ip:{}:{}", counted.realm, address_key(counted.ip))),
        By::Realm => Some(format!("{name}:realm:{}", counted.realm)).filter(|_| !counted.realm.is_empty()),
        By::Key => Some(format!("{name}:key:{}", counted.key)).filter(|_| !counted.key.is_empty()),
        By::Account => None,
    }
}

impl Told {
    /// Writes the headers of draft-ietf-httpapi-ratelimit-headers, and on a refusal the contract's own too (contract 1.4).
    pub(crate) fn write(&self, response: &mut Response, now_ms: i64) {
        let Decision {
            limit,
            remaining,
            reset_ms,
            window_ms,
            allowed,
            ..
        } = self.decision;
        let reset = reset_ms.div_ceil(1000);
        let name = &self.limit.name;
        let headers = response.headers_mut();
        put(
            headers,
            "ratelimit-policy",
            format!("\"{name}\";q={limit};w={}", window_ms / 1000),
        );
        put(headers, "ratelimit", format!("\"{name}\";r={remaining};t={reset}"));
        if !allowed {
            let at = u64::try_from(now_ms).unwrap_or(0).saturating_add(reset * 1000);
            put(headers, "ratelimit-limit", limit.to_string());
            put(headers, "ratelimit-remaining", remaining.to_string());
            put(
                headers,
                "ratelimit-reset",
                httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(at)),
            );
        }
    }
}

fn put(headers: &mut HeaderMap, name: &'static str, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
