//! Proto to domain and back, nothing else.

use gantry_kernel::{Id, RealmId, UserId};
use gantry_proto::auth::v2::User;
use gantry_proto::options::v1::RequestInfo;
use gantry_proto::session::v2::{Jwk, LoginProfile, Oauth2Session, OrgClaim, SessionRecord};

use crate::error::{Failure, Result};
use crate::rules::{Algo, OrgEntry, Profile, PublicParts};
use crate::store::{OauthRow, SessionRow};

/// Reads what Auth tells about a user.
pub(crate) fn profile(told: LoginProfile) -> Result<(Profile, Option<User>)> {
    let bad = |what: &str| Failure::internal(format!("auth told an unreadable {what}"));
    let profile = Profile {
        realm_id: RealmId::parse(&told.realm_id).map_err(|_invalid| bad("realm id"))?,
        user_id: UserId::parse(&told.user_id).map_err(|_invalid| bad("user id"))?,
        algo: Algo::from_name(&told.jwt_algo).ok_or_else(|| bad("algorithm"))?,
        active: told.active,
        name: told.name,
        email: told.email,
        email_verified: told.email_verified,
        first_name: told.first_name,
        last_name: told.last_name,
        username: told.username,
        locale: told.locale,
        reference: told.reference,
        custom: told.custom,
        orgs: told.orgs.into_iter().map(org).collect(),
        account: told.account,
        conditions: told.conditions,
        jwt_minutes: told.jwt_minutes,
        session_minutes: told.session_minutes,
        scopes: told.scopes,
    };
    Ok((profile, told.user))
}

fn org(told: OrgClaim) -> OrgEntry {
    OrgEntry {
        membership_id: told.membership_id,
        org_id: told.org_id,
        name: told.name,
        permissions: told.permissions,
        selected: told.selected,
        reference: told.reference,
        custom: told.custom,
    }
}

/// Shows a session under the id that the caller may see.
pub(crate) fn record(row: SessionRow, shown_id: String) -> SessionRecord {
    SessionRecord {
        object: "session".to_owned(),
        id: shown_id,
        user_id: row.user_id,
        realm_id: row.realm_id,
        client_app_id: row.client_app_id,
        // Milliseconds fit a double exactly for the next 285,000 years.
        created_at: row.created_at as f64 / 1000.0,
        expires_at: row.expires_at.div_euclid(1000),
        token: None,
        request: Some(RequestInfo {
            ip: row.ip,
            client: row.client,
        }),
        user: None,
    }
}

/// Shows an OAuth2 session, without code and tokens.
pub(crate) fn oauth(row: OauthRow, now: i64) -> Oauth2Session {
    Oauth2Session {
        object: "oauth2_session".to_owned(),
        id: row.id,
        realm_id: row.realm_id,
        user_id: row.user_id,
        client_app_id: row.client_app_id,
        redirect_uri: row.redirect_uri,
        scopes: row.scopes.split(' ').map(str::to_owned).collect(),
        token_type: "Bearer".to_owned(),
        expires_in: row.expires_at.saturating_sub(now).max(0).div_euclid(1000),
        expires_at: row.expires_at.div_euclid(1000),
        created_at: row.created_at as f64 / 1000.0,
        code: None,
        access_token: None,
        id_token: None,
        profile: None,
    }
}

/// Shows a public key.
pub(crate) fn jwk(kid: String, parts: PublicParts) -> Jwk {
    Jwk {
        kty: "RSA".to_owned(),
        r#use: "sig".to_owned(),
        alg: Algo::Rs256.header().to_owned(),
        kid,
        n: parts.n,
        e: parts.e,
        x5c: vec![parts.spki],
    }
}
