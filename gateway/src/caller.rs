//! Who calls, and for which realm: an API key, or the host name of a realm's LoginRocket API. What an outsider says of itself
//! beyond that does not get past here.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use gantry_kernel::{Problem, Reason};
use gantry_proto::Access;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{ResolveHostRequest, ResolvedHost};
use gantry_proto::options::v1::Caller;
use gantry_rpc::{caller_header, from_status, key_of, resolve_key};
use http::header::{HOST, USER_AGENT};
use http::{HeaderMap, Uri};
use parking_lot::Mutex;

use crate::Gateway;

/// The longest User-Agent that is kept, in bytes.
const CLIENT_MAX: usize = 512;
/// Hosts that are remembered at the most.
const HINTS_MAX: usize = 20_000;

/// What each host was the last time: good enough to refuse a flood by without asking anybody, never to let a request in.
#[derive(Debug, Default)]
pub(crate) struct HostHints(Mutex<HashMap<String, Arc<ResolvedHost>>>);

impl HostHints {
    /// What a host was the last time.
    pub(crate) fn get(&self, host: &str) -> Option<Arc<ResolvedHost>> {
        self.0.lock().get(host).cloned()
    }

    fn set(&self, host: &str, resolved: Option<&Arc<ResolvedHost>>) {
        let mut hints = self.0.lock();
        match resolved {
            Some(resolved) if hints.get(host) == Some(resolved) => {}
            Some(resolved) => {
                if hints.len() >= HINTS_MAX {
                    hints.clear();
                }
                hints.insert(host.to_owned(), Arc::clone(resolved));
            }
            None => {
                hints.remove(host);
            }
        }
    }
}

/// The host that a request names, without its port, in lower case (RFC 9110, 7.2). Forwarding headers do not count here: the
/// realm would be chosen by whoever sends them (T-15).
pub(crate) fn host_of(uri: &Uri, headers: &HeaderMap) -> String {
    let named = uri.host().map(str::to_owned).or_else(|| {
        let text = headers.get(HOST)?.to_str().ok()?;
        text.parse::<http::uri::Authority>()
            .ok()
            .map(|authority| authority.host().to_owned())
    });
    named.unwrap_or_default().trim_end_matches('.').to_ascii_lowercase()
}

/// Finds the realm of a host.
///
/// # Errors
/// [`Reason::NotFound`] for a host that serves nobody.
pub(crate) async fn resolve_host(gateway: &Gateway, host: &str) -> Result<Arc<ResolvedHost>, Problem> {
    if host.is_empty() {
        return Err(Reason::NotFound.into());
    }
    let request = ResolveHostRequest { host: host.to_owned() };
    let answer = AuthClient::new(gateway.wires.auth.clone()).resolve_host(request).await;
    match answer {
        Ok(resolved) => {
            let resolved = Arc::new(resolved.into_inner());
            gateway.hosts.set(host, Some(&resolved));
            Ok(resolved)
        }
        Err(status) => {
            let problem = from_status(&status);
            if problem.reason == Reason::NotFound {
                gateway.hosts.set(host, None);
            }
            Err(problem)
        }
    }
}

/// The caller at a realm's host.
pub(crate) fn at_host(host: &ResolvedHost, ip: IpAddr, headers: &HeaderMap) -> Caller {
    Caller {
        access: Access::Anyone as i32,
        realm_id: host.realm_id.clone(),
        // The host is the realm's own: nothing else can be reached through it (T-03).
        key_realm_id: host.realm_id.clone(),
        ip: ip.to_string(),
        client: client(headers),
        ..Caller::default()
    }
}

/// The caller with an API key.
///
/// # Errors
/// [`Reason::KeyMissing`] or [`Reason::KeyWrong`].
pub(crate) async fn with_key(gateway: &Gateway, ip: IpAddr, headers: &HeaderMap) -> Result<Caller, Problem> {
    let (key, realm) = key_of(headers);
    let mut caller = resolve_key(&gateway.wires.auth, key.ok_or(Reason::KeyMissing)?).await?;
    realm.unwrap_or(&caller.key_realm_id).clone_into(&mut caller.realm_id);
    caller.ip = ip.to_string();
    caller.client = client(headers);
    Ok(caller)
}

/// The caller as a header for the services.
pub(crate) fn header(caller: &Caller) -> http::HeaderValue {
    caller_header(caller)
}

fn client(headers: &HeaderMap) -> String {
    let text = headers
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    let mut end = text.len().min(CLIENT_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(uri: &str, header: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(HOST, header.parse().unwrap());
        }
        headers.insert("x-forwarded-host", "evil.example".parse().unwrap());
        host_of(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn t_15_the_host_is_the_request_s_own() {
        assert_eq!(
            host("/v2/login", Some("Brave-Otter.localhost:8080")),
            "brave-otter.localhost"
        );
        assert_eq!(host("/v2/login", Some("a.example.")), "a.example");
        assert_eq!(host("https://b.example/v2/login", Some("a.example")), "b.example");
        assert_eq!(host("/v2/login", None), "");
        assert_eq!(host("/v2/login", Some("a.example@evil/..")), "");
        assert_eq!(host("/v2/login", Some("[::1]:8080")), "[::1]");
    }
}
