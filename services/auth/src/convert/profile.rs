//! Users as Session hears of them, for a token.

use gantry_proto::session::v2::{LoginProfile, OrgClaim};

use crate::rules::profile::{OrgEntry, Profile};

pub(crate) fn profile(profile: Profile) -> LoginProfile {
    LoginProfile {
        realm_id: profile.realm_id,
        user_id: profile.user_id,
        active: profile.active,
        name: profile.name,
        email: profile.email,
        email_verified: profile.email_verified,
        first_name: profile.first_name,
        last_name: profile.last_name,
        username: profile.username,
        locale: profile.locale,
        reference: profile.reference,
        custom: profile.custom,
        orgs: profile.orgs.into_iter().map(org).collect(),
        account: profile.account,
        conditions: profile.conditions.into_iter().map(str::to_owned).collect(),
        jwt_algo: profile.jwt_algo,
        jwt_minutes: profile.jwt_minutes,
        session_minutes: profile.session_minutes,
        scopes: profile.scopes,
        user: None,
    }
}

fn org(entry: OrgEntry) -> OrgClaim {
    OrgClaim {
        membership_id: entry.membership_id,
        org_id: entry.org_id,
        name: entry.name,
        permissions: entry.permissions,
        selected: entry.selected,
        reference: entry.reference,
        custom: entry.custom,
    }
}
