//! What an OAuth2 app is told of a user: a profile, and the same signed as an id token (OpenID Connect Core, 2 and 5.4).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::profile::{Algo, Profile};
use super::signing::{SigningKey, Unusable};

/// An id token to be.
pub(crate) struct IdToken<'a> {
    /// Who says so. Never the issuer of login tokens: whoever takes those must not take one that another app was given (T-17).
    pub(crate) issuer: &'a str,
    /// The app that it is for.
    pub(crate) audience: &'a str,
    /// What the app sent to know its own request by.
    pub(crate) nonce: Option<&'a str>,
    /// When the user signed in, is told, and when that ends, in Unix seconds.
    pub(crate) auth_time: i64,
    /// When it is made.
    pub(crate) now: i64,
    /// When it ends.
    pub(crate) ends: i64,
}

/// What an app may know of a user by the scopes that it was granted.
pub(crate) fn profile(user: &Profile, scopes: &[String]) -> Map<String, Value> {
    let has = |scope: &str| scopes.iter().any(|held| held == scope);
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), user.user_id.as_str().into());
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.insert(name.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    if has("profile") {
        put("name", Some(user.name.clone().into()));
        put("given_name", text(&user.first_name));
        put("family_name", text(&user.last_name));
        put("preferred_username", text(&user.username));
        put("locale", text(&user.locale));
    }
    if has("email") {
        put("email", Some(user.email.clone().into()));
        put("email_verified", Some(user.email_verified.into()));
    }
    if has("ar.reference") {
        put("ref", text(&user.reference));
    }
    if has("ar.custom") {
        put(
            "cs",
            user.custom.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        );
    }
    if has("ar.orgs") {
        let org = |org: &super::OrgEntry| json!({"mid": org.membership_id, "oid": org.org_id, "name": org.name, "perm": org.permissions});
        put("orgs", Some(user.orgs.iter().map(org).collect()));
    }
    claims
}

impl IdToken<'_> {
    /// Builds and signs it. Always with a public key: apps of others could not verify anything else.
    pub(crate) fn sign(&self, profile: Map<String, Value>, kid: &str, key: &SigningKey) -> Result<String, Unusable> {
        if key.algo() != Algo::Rs256 {
            return Err(Unusable);
        }
        let mut claims = profile;
        claims.insert("iss".to_owned(), self.issuer.into());
        claims.insert("aud".to_owned(), self.audience.into());
        claims.insert("iat".to_owned(), self.now.into());
        claims.insert("exp".to_owned(), self.ends.into());
        claims.insert("auth_time".to_owned(), self.auth_time.into());
        if let Some(nonce) = self.nonce {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        let header = json!({"typ": "JWT", "alg": Algo::Rs256.header(), "kid": kid});
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(Value::Object(claims).to_string(), &mut token);
        let signature = key.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}
