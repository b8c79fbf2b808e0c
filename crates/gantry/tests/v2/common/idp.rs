//! Somebody else's login server on loopback, written from RFC 6749, RFC 7636 and OpenID Connect Core; and its evil twin, which lies
//! where it is told to.
//!
//! It runs in the test, so that it lives by the test's clock, and so that a test can say which lie it tells.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gantry_kernel::{Clock, ManualClock};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) const CLIENT_ID: &str = "gantry-at-idp";
pub(crate) const CLIENT_SECRET: &str = "canary client secret";

type Params = BTreeMap<String, String>;

/// How an id token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Signature {
    /// With the key that is published.
    #[default]
    Own,
    /// With another key, under the published one's name.
    Stranger,
    /// With the published key's text as a shared secret.
    PublicKeyAsSecret,
    /// Not at all.
    None,
}

/// Changes what is about to be said.
type Lie = Box<dyn Fn(&mut Value) + Send>;

/// What a code stands for.
struct Grant {
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
}

#[derive(Default)]
struct Inner {
    /// Who sits at the browser, as the profile tells.
    person: Value,
    grants: BTreeMap<String, Grant>,
    made: u32,
    signature: Signature,
    lies: BTreeMap<&'static str, Lie>,
    /// A raw answer in the place of the token endpoint's own.
    token_answer: Option<(StatusCode, HeaderMap, String)>,
    calls: Vec<String>,
}

#[derive(Clone)]
struct Shared {
    clock: Arc<ManualClock>,
    address: SocketAddr,
    key: Arc<Vec<u8>>,
    stranger: Arc<Vec<u8>>,
    inner: Arc<Mutex<Inner>>,
}

/// A login server.
pub(crate) struct Idp(Shared);

impl Idp {
    pub(crate) async fn start(clock: &Arc<ManualClock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let key = || {
            let made = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
            Arc::new(made.serialize_der())
        };
        let shared = Shared {
            clock: clock.clone(),
            address: listener.local_addr().unwrap(),
            key: key(),
            stranger: key(),
            inner: Arc::default(),
        };
        let idp = Self(shared.clone());
        idp.person(json!({"sub": "their-1", "email": "ana@example.com", "email_verified": true, "name": "Ana Ñ"}));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/jwks", get(jwks))
            .route("/userinfo", get(profile))
            .route("/me", get(profile))
            .route("/me/emails", get(emails))
            .with_state(shared);
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, routes).await.unwrap();
        }));
        idp
    }

    pub(crate) fn issuer(&self) -> String {
        self.0.issuer()
    }

    /// Who sits at the browser from now on.
    pub(crate) fn person(&self, person: Value) {
        self.0.inner.lock().person = person;
    }

    /// Changes what is said about `claims`, `metadata`, `jwks`, `token` or `profile` before it is said.
    pub(crate) fn lie(&self, about: &'static str, lie: impl Fn(&mut Value) + Send + 'static) {
        self.0.inner.lock().lies.insert(about, Box::new(lie));
    }

    pub(crate) fn sign(&self, signature: Signature) {
        self.0.inner.lock().signature = signature;
    }

    /// Answers this to the next exchange of a code, whatever it is.
    pub(crate) fn answer(&self, status: u16, location: Option<&str>, body: &str) {
        let mut headers = HeaderMap::new();
        if let Some(location) = location {
            headers.insert(header::LOCATION, location.parse().unwrap());
        }
        let answer = (StatusCode::from_u16(status).unwrap(), headers, body.to_owned());
        self.0.inner.lock().token_answer = Some(answer);
    }

    /// No lies any more.
    pub(crate) fn honest(&self) {
        let mut inner = self.0.inner.lock();
        inner.lies.clear();
        inner.signature = Signature::Own;
        inner.token_answer = None;
    }

    /// The paths that were called so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.0.inner.lock().calls.clone()
    }
}

impl Shared {
    fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    fn say(&self, about: &'static str, mut value: Value) -> Value {
        let mut inner = self.inner.lock();
        inner.calls.push(about.to_owned());
        if let Some(lie) = inner.lies.get(about) {
            lie(&mut value);
        }
        value
    }

    fn public(&self) -> Value {
        let key = EncodingKey::from_ec_der(&self.key);
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some("key-1".to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    fn id_token(&self, nonce: Option<&str>) -> String {
        let now = self.clock.now_ms() / 1000;
        let mut claims = self.inner.lock().person.clone();
        let own = json!({"iss": self.issuer(), "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce});
        claims.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let claims = self.say("claims", claims);
        let signature = self.inner.lock().signature;
        let (alg, key) = match signature {
            Signature::Own => (Algorithm::ES256, EncodingKey::from_ec_der(&self.key)),
            Signature::Stranger => (Algorithm::ES256, EncodingKey::from_ec_der(&self.stranger)),
            Signature::PublicKeyAsSecret => {
                let text = self.public().to_string();
                (Algorithm::HS256, EncodingKey::from_secret(text.as_bytes()))
            }
            Signature::None => {
                let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
                return format!("{}.{}.", part(json!({"alg": "none", "kid": "key-1"})), part(claims));
            }
        };
        let header = Header {
            kid: Some("key-1".to_owned()),
            ..Header::new(alg)
        };
        encode(&header, &claims, &key).unwrap()
    }
}

async fn metadata(State(idp): State<Shared>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", idp.issuer());
    let told = json!({
        "issuer": idp.issuer(), "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/userinfo"),
    });
    Json(idp.say("metadata", told))
}

async fn jwks(State(idp): State<Shared>) -> Json<Value> {
    let set = json!({"keys": [idp.public()]});
    Json(idp.say("jwks", set))
}

/// Whoever sits there says yes at once.
async fn authorize(State(idp): State<Shared>, Query(query): Query<Params>) -> Response {
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    let good = get("response_type") == "code"
        && get("client_id") == CLIENT_ID
        && get("code_challenge_method") == "S256"
        && get("code_challenge").len() == 43
        && !get("state").is_empty();
    if !good {
        return (StatusCode::BAD_REQUEST, format!("{query:?}")).into_response();
    }
    let mut inner = idp.inner.lock();
    inner.made += 1;
    let code = format!("code-{}-{}", idp.address.port(), inner.made);
    let grant = Grant {
        redirect_uri: get("redirect_uri"),
        challenge: get("code_challenge"),
        nonce: query.get("nonce").cloned(),
    };
    inner.grants.insert(code.clone(), grant);
    let mut back = url::Url::parse(&get("redirect_uri")).unwrap();
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &get("state"));
    Redirect::to(back.as_str()).into_response()
}

async fn token(State(idp): State<Shared>, headers: HeaderMap, Form(form): Form<Params>) -> Response {
    if let Some((status, headers, body)) = idp.inner.lock().token_answer.take() {
        return (status, headers, body).into_response();
    }
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    if !knows(&headers, &form) {
        return refuse("invalid_client");
    }
    // A code is good once, whatever comes of it.
    let grant = idp.inner.lock().grants.remove(&get("code"));
    let Some(grant) = grant.filter(|_| get("grant_type") == "authorization_code") else {
        return refuse("invalid_grant");
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier").as_bytes()));
    if grant.redirect_uri != get("redirect_uri") || grant.challenge != challenge {
        return refuse("invalid_grant");
    }
    let answer = json!({
        "access_token": "canary-access-token", "token_type": "Bearer", "expires_in": 3600,
        "id_token": idp.id_token(grant.nonce.as_deref()),
    });
    Json(idp.say("token", answer)).into_response()
}

/// Whether the client has shown who it is, in the header or in the body.
fn knows(headers: &HeaderMap, form: &Params) -> bool {
    let basic = STANDARD.encode(format!("{CLIENT_ID}:{}", CLIENT_SECRET.replace(' ', "+")));
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_body = form.get("client_id").map(String::as_str) == Some(CLIENT_ID)
        && form.get("client_secret").map(String::as_str) == Some(CLIENT_SECRET);
    header == Some(format!("Basic {basic}").as_str()) || in_body
}

async fn profile(State(idp): State<Shared>, headers: HeaderMap) -> Response {
    if !is_bearer(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let person = idp.inner.lock().person.clone();
    Json(idp.say("profile", person)).into_response()
}

/// The list that GitHub has beside the profile.
async fn emails(State(idp): State<Shared>, headers: HeaderMap) -> Response {
    if !is_bearer(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let emails = idp.inner.lock().person["emails"].clone();
    Json(emails).into_response()
}

fn is_bearer(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) == Some("Bearer canary-access-token")
}
