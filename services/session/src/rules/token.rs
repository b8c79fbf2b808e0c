//! Writes login tokens (contract 4), and tells when the one written before still says the same.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::value::RawValue;

use super::profile::{OrgEntry, Profile};
use super::signing::{SigningKey, Unusable};

/// Who the token is for: the orgs in it differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A browser on the realm's host: exactly the org that is signed in to.
    LoginRocket,
    /// A back end: the user's orgs, where the realm's scopes say so.
    Core,
}

impl Audience {
    fn letter(self) -> char {
        match self {
            Self::LoginRocket => 'l',
            Self::Core => 'c',
        }
    }
}

/// All that a token says, but the moment of its making.
pub(crate) struct Draft<'a> {
    /// The issuer.
    pub(crate) issuer: &'a str,
    /// The key that will sign.
    pub(crate) kid: &'a str,
    /// The session's key.
    pub(crate) session: &'a str,
    /// The user.
    pub(crate) profile: &'a Profile,
    /// Who it is for.
    pub(crate) audience: Audience,
    /// When it ends, in Unix seconds.
    pub(crate) ends: i64,
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    rid: &'a str,
    sid: &'a str,
    iat: i64,
    exp: i64,
    name: &'a str,
    email: &'a str,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cs: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    orgs: Option<Vec<OrgClaim<'a>>>,
}

#[derive(Serialize)]
struct OrgClaim<'a> {
    mid: &'a str,
    oid: &'a str,
    name: &'a str,
    perm: &'a [String],
    selected: bool,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cs: Option<&'a RawValue>,
}

impl Draft<'_> {
    /// What the token says, in few characters: its end, who it is for, and a digest of the rest but the moment of its making.
    pub(crate) fn mark(&self) -> Result<String, Unusable> {
        let said = self.unsigned(0)?;
        let digest = digest::digest(&digest::SHA256, said.as_bytes());
        Ok(format!(
            "{}.{}.{}",
            self.ends,
            self.audience.letter(),
            URL_SAFE_NO_PAD.encode(digest)
        ))
    }

    /// Builds and signs the token, made at `now` (Unix seconds).
    pub(crate) fn sign(&self, key: &SigningKey, now: i64) -> Result<String, Unusable> {
        // The header names the realm's algorithm: a key of another would make a token that nobody may trust.
        if key.algo() != self.profile.algo {
            return Err(Unusable);
        }
        let mut token = self.unsigned(now)?;
        let signature = key.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn unsigned(&self, now: i64) -> Result<String, Unusable> {
        let header = Header {
            typ: "JWT",
            alg: self.profile.algo.header(),
            kid: self.kid,
        };
        let json = |part: serde_json::Result<Vec<u8>>| part.map_err(|_unwritable| Unusable);
        let mut text = URL_SAFE_NO_PAD.encode(json(serde_json::to_vec(&header))?);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(json(serde_json::to_vec(&self.claims(now)?))?, &mut text);
        Ok(text)
    }

    fn claims(&self, now: i64) -> Result<Claims<'_>, Unusable> {
        let profile = self.profile;
        let reference = profile.has_scope("ar.reference");
        let custom = profile.has_scope("ar.custom");
        Ok(Claims {
            iss: self.issuer,
            sub: profile.user_id.as_str(),
            rid: profile.realm_id.as_str(),
            sid: self.session,
            iat: now,
            exp: self.ends,
            name: &profile.name,
            email: &profile.email,
            email_verified: profile.email_verified,
            given_name: profile.first_name.as_deref(),
            family_name: profile.last_name.as_deref(),
            preferred_username: profile.username.as_deref(),
            locale: profile.locale.as_deref(),
            reference: profile.reference.as_deref().filter(|_| reference),
            cs: json_of(profile.custom.as_deref().filter(|_| custom))?,
            orgs: self.orgs(reference, custom)?,
        })
    }

    fn orgs(&self, reference: bool, custom: bool) -> Result<Option<Vec<OrgClaim<'_>>>, Unusable> {
        let profile = self.profile;
        let shown = |org: &&OrgEntry| match self.audience {
            Audience::LoginRocket => profile.account.as_deref() == Some(org.org_id.as_str()),
            Audience::Core => true,
        };
        if self.audience == Audience::Core && !profile.has_scope("ar.orgs") {
            return Ok(None);
        }
        let claim = |org| org_claim(org, self.audience, reference, custom);
        let orgs: Result<Vec<_>, _> = profile.orgs.iter().filter(shown).map(claim).collect();
        orgs.map(Some)
    }
}

fn org_claim(org: &OrgEntry, audience: Audience, reference: bool, custom: bool) -> Result<OrgClaim<'_>, Unusable> {
    Ok(OrgClaim {
        mid: &org.membership_id,
        oid: &org.org_id,
        name: &org.name,
        perm: &org.permissions,
        // The one org of a LoginRocket token is the selected one.
        selected: org.selected || audience == Audience::LoginRocket,
        reference: org.reference.as_deref().filter(|_| reference),
        cs: json_of(org.custom.as_deref().filter(|_| custom))?,
    })
}

fn json_of(text: Option<&str>) -> Result<Option<&RawValue>, Unusable> {
    let parsed = text.map(serde_json::from_str).transpose();
    parsed.map_err(|_not_json| Unusable)
}

/// When the token ends that a mark was made for, and whether it was for this audience.
pub(crate) fn marked_end(mark: &str, audience: Audience) -> Option<(i64, bool)> {
    let (ends, rest) = mark.split_once('.')?;
    Some((ends.parse().ok()?, rest.starts_with(audience.letter())))
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
