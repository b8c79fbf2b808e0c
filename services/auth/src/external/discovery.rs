//! What issuers publish about themselves: where they answer (OpenID Connect Discovery) and with which keys they sign. It is kept for a
//! while, since it seldom changes and is needed at every sign-in.

use std::collections::HashMap;
use std::sync::Arc;

use gantry_egress::{Egress, EgressError};
use gantry_kernel::Clock;
use http::{Request, StatusCode, header};
use jsonwebtoken::jwk::Jwk;
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::Value;

use crate::rules::provider::is_endpoint;

/// How long a document is good.
const KEEP_MS: i64 = 10 * 60 * 1000;
/// How soon a document is asked for again because a key was not in it: somebody who makes keys up must not make us ask each time.
const AGAIN_MS: i64 = 30 * 1000;
/// Documents that are kept at once.
const MOST: usize = 256;

/// Why an external provider was of no help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It said no, or something that must not be believed; this is why, for our log.
    Refused(&'static str),
    /// It could not be asked.
    Away(&'static str),
}

impl From<EgressError> for Failed {
    fn from(error: EgressError) -> Self {
        match error {
            EgressError::Forbidden => Self::Away("its address must not be called"),
            EgressError::Unreachable(_) => Self::Away("it does not answer"),
            EgressError::TooLarge => Self::Refused("its answer is too large"),
        }
    }
}

/// What an issuer publishes about itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Clone)]
struct Kept {
    at: i64,
    document: Arc<Value>,
}

/// Asks issuers, and keeps what they said.
#[derive(Clone)]
pub(crate) struct Discovery {
    pub(crate) egress: Egress,
    clock: Arc<dyn Clock>,
    // parking_lot: held for a lookup, never across an await.
    kept: Arc<Mutex<HashMap<String, Kept>>>,
}

impl Discovery {
    pub(crate) fn new(egress: Egress, clock: Arc<dyn Clock>) -> Self {
        Self {
            egress,
            clock,
            kept: Arc::default(),
        }
    }

    /// What an issuer publishes about itself; it must be the one that was asked (T-06).
    pub(crate) async fn metadata(&self, issuer: &str) -> Result<Metadata, Failed> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = self.document(&url, KEEP_MS).await?;
        let told =
            Metadata::deserialize(&*document).map_err(|_invalid| Failed::Refused("its metadata is incomplete"))?;
        if told.issuer != issuer {
            return Err(Failed::Refused("its metadata is of another issuer"));
        }
        // The first is where browsers are sent; the others are checked again where they are called.
        let http = self.egress.policy().allow_http;
        let urls = [&told.authorization_endpoint, &told.token_endpoint, &told.jwks_uri];
        let all_good = urls.into_iter().all(|url| is_endpoint(url, http));
        match all_good {
            true => Ok(told),
            false => Err(Failed::Refused("its metadata names an address that must not be used")),
        }
    }

    /// The key of a set that signs under a name; without a name the only one.
    pub(crate) async fn key(&self, jwks: &str, kid: Option<&str>) -> Result<Jwk, Failed> {
        let document = self.document(jwks, KEEP_MS).await?;
        if let Some(key) = pick(&document, kid) {
            return Ok(key);
        }
        // It may have a new one.
        let document = self.document(jwks, AGAIN_MS).await?;
        pick(&document, kid).ok_or(Failed::Refused("it publishes no such key"))
    }

    async fn document(&self, url: &str, keep_ms: i64) -> Result<Arc<Value>, Failed> {
        let now = self.clock.monotonic_ms();
        let kept = self.kept.lock().get(url).cloned();
        if let Some(kept) = kept.filter(|kept| now - kept.at < keep_ms) {
            return Ok(kept.document);
        }
        let document = Arc::new(get(&self.egress, url, None).await?);
        let mut all = self.kept.lock();
        if all.len() >= MOST {
            all.clear();
        }
        let kept = Kept {
            at: now,
            document: Arc::clone(&document),
        };
        all.insert(url.to_owned(), kept);
        Ok(document)
    }
}

/// Reads a JSON document, as the holder of an access token where there is one.
pub(crate) async fn get(egress: &Egress, url: &str, token: Option<&str>) -> Result<Value, Failed> {
    let mut request = Request::get(url).header(header::ACCEPT, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let unfit = |_invalid: http::Error| Failed::Refused("it cannot be asked with this token or address");
    json(egress.send(request.body(Vec::new()).map_err(unfit)?).await?)
}

/// The JSON of an answer that says yes.
pub(crate) fn json(answer: http::Response<Vec<u8>>) -> Result<Value, Failed> {
    match answer.status() {
        StatusCode::OK => {}
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            return Err(Failed::Away("it has troubles of its own"));
        }
        _ => return Err(Failed::Refused("it said no")),
    }
    serde_json::from_slice(answer.body()).map_err(|_invalid| Failed::Refused("its answer is no JSON"))
}

fn pick(set: &Value, kid: Option<&str>) -> Option<Jwk> {
    // One by one: a key of a kind that we do not know must not hide the others.
    let keys = set.get("keys")?.as_array()?;
    let mut known = keys.iter().filter_map(|key| Jwk::deserialize(key).ok());
    match kid {
        Some(kid) => known.find(|key| key.common.key_id.as_deref() == Some(kid)),
        None => {
            let only = known.next()?;
            known.next().is_none().then_some(only)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_picked_by_its_name_or_for_being_the_only_one() {
        let key = |kid: &str| json!({"kty": "RSA", "kid": kid, "n": "AQAB", "e": "AQAB"});
        let two = json!({"keys": [{"kty": "new-kind"}, key("a"), key("b")]});
        let picked = |set: &Value, kid| pick(set, kid).and_then(|key| key.common.key_id);
        assert_eq!(picked(&two, Some("b")).as_deref(), Some("b"));
        assert_eq!(picked(&two, Some("c")), None);
        assert_eq!(picked(&two, None), None);
        assert_eq!(picked(&json!({"keys": [key("a")]}), None).as_deref(), Some("a"));
        for nonsense in [json!({}), json!({"keys": "a"}), json!([])] {
            assert_eq!(picked(&nonsense, None), None);
        }
    }

    #[test]
    fn an_answer_says_yes_no_or_not_now() {
        let answer = |status: u16, body: &str| {
            let mut answer = http::Response::new(body.as_bytes().to_vec());
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            json(answer)
        };
        assert_eq!(answer(200, "{}"), Ok(json!({})));
        assert!(matches!(answer(200, "<html>"), Err(Failed::Refused(_))));
        for status in [201, 302, 400, 401, 403, 404] {
            assert!(matches!(answer(status, "{}"), Err(Failed::Refused(_))), "{status}");
        }
        for status in [429, 500, 503] {
            assert!(matches!(answer(status, "{}"), Err(Failed::Away(_))), "{status}");
        }
    }
}
