//! Users as Session hears of them, for a token.

use gantry_proto::session::v2::{Account, Accounts, LoginProfile, OrgClaim};

use crate::rules::account::UNSELECTED;
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

/// The orgs of which one is to be selected; `None` where nothing is open.
pub(crate) fn selectable(profile: &Profile) -> Option<Accounts> {
    let shown = |org: &OrgEntry| Account {
        id: org.org_id.clone(),
        name: org.name.clone(),
    };
    let open = profile.conditions.contains(&UNSELECTED);
    open.then(|| Accounts {
        items: profile.orgs.iter().map(shown).collect(),
    })
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
