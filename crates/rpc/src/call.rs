//! Who calls, and what a handler may rely on: filled in by the guard, found in the request's extensions.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use gantry_kernel::{Id, Problem, RealmId, Reason, Secret};
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Permission, Rpc};
use http::HeaderMap;
use prost::Message;
use tonic::Status;
use tonic::metadata::{Ascii, Binary, MetadataKey, MetadataValue};

use crate::Resolver;
use crate::guard::allowed;
use crate::{from_status, to_status};

/// The metadata key of the encoded [`Caller`]; believed only from this installation's own services.
pub const CALLER: &str = "gantry-caller-bin";
/// The metadata key of the cluster secret, by which services know each other.
pub const CLUSTER: &str = "gantry-cluster";

/// A call, as the guard let it through.
#[derive(Clone, Default)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// The X-Request-ID.
    pub request_id: Option<String>,
    /// What the resolver found out about the caller's session, where the call is bound to one.
    pub session: Option<Arc<dyn Any + Send + Sync>>,
    /// The API key that opened the call, where the guard itself read one.
    pub(crate) opened_by: Option<OpenedBy>,
    /// The language that whoever reads the answer chose, once a handler knows who that is.
    pub(crate) reader_locale: Arc<OnceLock<String>>,
}

/// An API key, and who knows what it is worth: for calls that outlive the moment in which they were let through.
#[derive(Clone)]
pub(crate) struct OpenedBy {
    pub(crate) key: Arc<Secret>,
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) rpc: &'static Rpc,
}

impl Call {
    /// The call that a request belongs to.
    ///
    /// # Errors
    /// [`Reason::PeerUnknown`] when no guard stands before the handler: then nobody may pass.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Problem> {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .ok_or(Problem::new(Reason::PeerUnknown))
    }

    /// Notes down which language the person chose whom the call answers: only once they have proven who they are, since an answer in a
    /// user's language tells that there is such a user (T-07).
    pub fn read_by(&self, locale: Option<&str>) {
        if let Some(locale) = locale {
            let _known_already = self.reader_locale.set(locale.to_owned());
        }
    }

    /// A failure of the call, with the language of its reader where it is known.
    pub fn to_reader(&self, failure: Status) -> Status {
        match self.reader_locale.get() {
            Some(locale) => to_status(&from_status(&failure).locale(locale)),
            None => failure,
        }
    }

    /// The realm that the call is about: the one it asks for, or the caller's default.
    ///
    /// The tenant comes from the credential: a key or host that is locked to a realm finds nothing in another.
    ///
    /// # Errors
    /// [`Reason::RealmMissing`] when nobody names one; [`Reason::NotFound`] when it is not the caller's.
    pub fn realm(&self, asked: Option<&str>) -> Result<RealmId, Problem> {
        let asked = asked.filter(|id| !id.is_empty());
        let lock = &self.caller.key_realm_id;
        let named = asked.or(Some(self.caller.realm_id.as_str()).filter(|id| !id.is_empty()));
        let id = named
            .or(Some(lock.as_str()).filter(|id| !id.is_empty()))
            .ok_or(Reason::RealmMissing)?;
        if !lock.is_empty() && lock != id {
            return Err(Reason::NotFound.into());
        }
        RealmId::parse(id).map_err(|_not_an_id| Reason::NotFound.into())
    }

    /// The realm that the caller is locked to, if any.
    pub fn lock(&self) -> Option<&str> {
        Some(self.caller.key_realm_id.as_str()).filter(|id| !id.is_empty())
    }

    /// Asks again whether the key that opened the call may still do so; a stream must, from time to time. A caller that
    /// came without a key, as a service does, stays.
    ///
    /// # Errors
    /// [`Reason::KeyWrong`] or [`Reason::PermissionMissing`] when the key was revoked, lost the permission or was locked to
    /// another realm; [`Reason::Unavailable`] when nobody can say.
    pub async fn still_allowed(&self) -> Result<(), Problem> {
        let Some(OpenedBy { key, resolver, rpc }) = &self.opened_by else {
            return Ok(());
        };
        let mut now = resolver.key(key.expose()).await?;
        now.access = Access::Key as i32;
        allowed(rpc, &now)?;
        if now.key_realm_id.is_empty() || now.key_realm_id == self.caller.key_realm_id {
            Ok(())
        } else {
            Err(Reason::PermissionMissing.into())
        }
    }

    /// Whether the caller's key may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.caller.access() == Access::Service || self.caller.permission >= permission as i32
    }
}

/// A request from one service to another on behalf of a call: as a service, with the end user's address and language.
pub fn internal<T>(message: T, call: &Call) -> tonic::Request<T> {
    let caller = Caller {
        access: Access::Service as i32,
        realm_id: call.caller.realm_id.clone(),
        ip: call.caller.ip.clone(),
        client: call.caller.client.clone(),
        locale: call.caller.locale.clone(),
        request_id: call.request_id.clone().unwrap_or_default(),
        ..Caller::default()
    };
    let mut request = tonic::Request::new(message);
    insert_caller(request.metadata_mut(), &caller);
    request
}

/// A request from one service to another as if the caller themselves had sent it there: with what they may do, and their session.
pub fn forwarded<T>(message: T, call: &Call) -> tonic::Request<T> {
    let caller = Caller {
        request_id: call.request_id.clone().unwrap_or_default(),
        ..call.caller.clone()
    };
    let mut request = tonic::Request::new(message);
    insert_caller(request.metadata_mut(), &caller);
    request
}

/// Puts a caller into metadata.
pub(crate) fn insert_caller(metadata: &mut tonic::metadata::MetadataMap, caller: &Caller) {
    let key: MetadataKey<Binary> = MetadataKey::from_static(CALLER);
    metadata.insert_bin(key, MetadataValue::from_bytes(&caller.encode_to_vec()));
}

/// Puts a caller into HTTP/2 headers.
pub fn caller_header(caller: &Caller) -> http::HeaderValue {
    let text = STANDARD_NO_PAD.encode(caller.encode_to_vec());
    http::HeaderValue::try_from(text).unwrap_or_else(|_never| http::HeaderValue::from_static(""))
}

/// Reads the caller that [`insert_caller`] wrote.
pub(crate) fn read_caller(headers: &HeaderMap) -> Option<Caller> {
    let text = headers.get(CALLER)?.to_str().ok()?;
    let bytes = STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    Caller::decode(bytes.as_slice()).ok()
}

/// An API key as a client sends it (contract 1.2): its text, and the realm appended to a bearer.
///
/// Reads `Authrocket-Api-Key`, else `Authorization: Bearer ks_…[,rl_…]`; and `Authrocket-Realm`, which goes before the suffix.
pub fn key_of(headers: &HeaderMap) -> (Option<&str>, Option<&str>) {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
            .filter(|v| !v.is_empty())
    };
    let bearer = text("authorization").and_then(|value| {
        let (scheme, rest) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(rest.trim())
    });
    let (bearer_key, suffix) = match bearer.map(|b| b.split_once(',').unwrap_or((b, ""))) {
        Some((key, suffix)) => (Some(key.trim()), Some(suffix.trim()).filter(|s| !s.is_empty())),
        None => (None, None),
    };
    let key = text("authrocket-api-key").or(bearer_key).filter(|key| !key.is_empty());
    (key, text("authrocket-realm").or(suffix))
}

/// An ASCII metadata value; `None` for a text that cannot be one.
pub(crate) fn ascii(text: &str) -> Option<MetadataValue<Ascii>> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(realm: &str, lock: &str) -> Call {
        let caller = Caller {
            realm_id: realm.to_owned(),
            key_realm_id: lock.to_owned(),
            ..Caller::default()
        };
        Call {
            caller,
            ..Call::default()
        }
    }

    const A: &str = "rl_0000000000000000000001";
    const B: &str = "rl_0000000000000000000002";

    #[test]
    fn t_03_a_locked_caller_finds_nothing_in_another_realm() {
        assert_eq!(call("", A).realm(Some(B)).unwrap_err().reason, Reason::NotFound);
        assert_eq!(call(B, A).realm(None).unwrap_err().reason, Reason::NotFound);
        assert_eq!(call("", A).realm(None).unwrap().as_str(), A);
        assert_eq!(call("", A).realm(Some(A)).unwrap().as_str(), A);
    }

    #[test]
    fn the_realm_is_the_one_asked_for_else_the_default() {
        assert_eq!(call(A, "").realm(Some(B)).unwrap().as_str(), B);
        assert_eq!(call(A, "").realm(Some("")).unwrap().as_str(), A);
        assert_eq!(call("", "").realm(None).unwrap_err().reason, Reason::RealmMissing);
        assert_eq!(
            call("", "").realm(Some("rl_'; drop")).unwrap_err().reason,
            Reason::NotFound
        );
    }

    #[test]
    fn a_key_is_found_in_either_header() {
        let headers = |pairs: &[(&'static str, &str)]| {
            pairs
                .iter()
                .map(|(k, v)| (http::HeaderName::from_static(k), v.parse().unwrap()))
                .collect::<HeaderMap>()
        };
        let both = headers(&[("authrocket-api-key", "ks_1"), ("authrocket-realm", "rl_1")]);
        assert_eq!(key_of(&both), (Some("ks_1"), Some("rl_1")));
        let bearer = headers(&[("authorization", "bearer ks_1,rl_2")]);
        assert_eq!(key_of(&bearer), (Some("ks_1"), Some("rl_2")));
        assert_eq!(key_of(&headers(&[("authorization", "Basic a3M6")])), (None, None));
    }

    #[test]
    fn a_caller_survives_the_wire() {
        let caller = Caller {
            realm_id: A.to_owned(),
            ip: "::1".to_owned(),
            ..Caller::default()
        };
        let mut headers = HeaderMap::new();
        headers.insert(CALLER, caller_header(&caller));
        assert_eq!(read_caller(&headers), Some(caller.clone()));
        let mut metadata = tonic::metadata::MetadataMap::new();
        insert_caller(&mut metadata, &caller);
        assert_eq!(read_caller(&metadata.into_headers()), Some(caller));
    }
}
