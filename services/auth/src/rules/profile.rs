//! What a token says about a user: profile, orgs, the selected account (contract 2.3 and 4).

use gantry_kernel::{MembershipId, OrgId, RealmId, Reason};
use gantry_proto::session::v2::{LoginProfile, OrgClaim};
use gantry_rpc::{Call, Origin};

use super::account::{Choice, Selection, select};
use super::{name, org};
use crate::error::Error;
use crate::service::Auth;
use crate::store::{MembershipRow, OrgRow, RealmRow, UserRow};

/// Orgs that a token of the Core API lists at the most.
const MOST_ORGS: i64 = 100;

/// Describes a user for a token: for LoginRocket with the one account it is for, for the Core API with all orgs.
pub(crate) async fn describe(
    auth: &Auth,
    call: &Call,
    realm_id: &RealmId,
    user: &UserRow,
    account: Option<&str>,
    select_account: bool,
) -> Result<LoginProfile, Error> {
    let realm = auth
        .store
        .find_realm(realm_id.as_str().to_owned())
        .await?
        .ok_or(Reason::NotFound)?;
    let mut profile = of(&realm, user);
    let scopes = profile.scopes.clone();
    let with_custom = scopes.iter().any(|scope| scope == "ar.custom");
    let with_reference = scopes.iter().any(|scope| scope == "ar.reference");
    let claim = |(membership, org): &(MembershipRow, OrgRow), selected: bool| OrgClaim {
        membership_id: membership.id.clone(),
        org_id: org.id.clone(),
        name: org.name.clone(),
        permissions: membership.permissions.to_strings(),
        selected,
        reference: org.reference.clone().filter(|_| with_reference),
        custom: with_custom.then(|| org.custom.0.to_string()),
    };
    if !select_account {
        if scopes.iter().any(|scope| scope == "ar.orgs") {
            let orgs = accounts(auth, realm_id, &user.id, MOST_ORGS).await?;
            profile.orgs = orgs.iter().map(|pair| claim(pair, false)).collect();
        }
        return Ok(profile);
    }
    if !profile.active {
        return Ok(profile);
    }
    match choose(auth, call, &realm, user, account).await? {
        Chosen::Account(pair) => {
            profile.account = Some(pair.1.id.clone());
            profile.orgs = vec![claim(&pair, true)];
        }
        Chosen::Condition(condition) => profile.conditions.push(condition.to_owned()),
    }
    if realm.email_verification == "required" && user.email_verification != "verified" {
        profile.conditions.push("must_verify_email".to_owned());
    }
    Ok(profile)
}

enum Chosen {
    Account(Box<(MembershipRow, OrgRow)>),
    Condition(&'static str),
}

async fn choose(
    auth: &Auth,
    call: &Call,
    realm: &RealmRow,
    user: &UserRow,
    account: Option<&str>,
) -> Result<Chosen, Error> {
    let realm_id = realm_id(realm)?;
    let account = account.filter(|id| !id.is_empty());
    let found = match account {
        Some(org) => {
            let now = auth.clock.now_ms();
            let own = auth
                .store
                .find_account(realm.id.clone(), user.id.clone(), org.to_owned(), now)
                .await?;
            own.into_iter().collect()
        }
        None => accounts(auth, &realm_id, &user.id, 2).await?,
    };
    let orgs: Vec<String> = found.iter().map(|(_, org)| org.id.clone()).collect();
    let choice = Choice {
        asked: account,
        multi_user: realm.org_mode == "multi_user",
        org_name_required: realm.org_name_field == "required",
        orgs: &orgs,
    };
    Ok(match select(choice)? {
        Selection::Condition(condition) => Chosen::Condition(condition),
        Selection::MakeFirst => Chosen::Account(Box::new(make_first(auth, call, &realm_id, user).await?)),
        Selection::Org(id) => {
            let pair = found.into_iter().find(|(_, org)| org.id == id);
            Chosen::Account(Box::new(pair.ok_or(Reason::NotFound)?))
        }
    })
}

/// Makes the user's first org, named like the user, and joins it as its owner (contract 2.3 rule 3).
async fn make_first(
    auth: &Auth,
    call: &Call,
    realm: &RealmId,
    user: &UserRow,
) -> Result<(MembershipRow, OrgRow), Error> {
    let now = auth.clock.now_ms();
    let called = name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email);
    let org_id: OrgId = auth.ids.id();
    let membership_id: MembershipId = auth.ids.id();
    let org = org::named(&called, &org_id, realm, now);
    let membership = MembershipRow {
        id: membership_id.into_string(),
        realm_id: realm.as_str().to_owned(),
        org_id: org.id.clone(),
        user_id: user.id.clone(),
        permissions: gantry_db::JsonText::strings(&["ar:owner"]),
        expires_at: None,
        created_at: now,
        updated_at: now,
    };
    let origin = Origin {
        ip: Some(call.caller.ip.clone()),
        client: Some(call.caller.client.clone()),
    };
    let mut created = auth.event(realm, "org.created", call, &origin);
    created.org_id = Some(org.id.clone());
    let mut joined = auth.event(realm, "membership.created", call, &origin);
    joined.org_id = Some(org.id.clone());
    joined.user_id = Some(user.id.clone());
    joined.membership_id = Some(membership.id.clone());
    let (new_org, new_membership) = (org.clone(), membership.clone());
    let made = auth
        .store
        .add_first_org(new_org, new_membership, auth.store.holder(), vec![created, joined])
        .await?;
    if made {
        auth.relay.wake();
        return Ok((membership, org));
    }
    // Another login of the same user came first.
    let first = accounts(auth, realm, &user.id, 1).await?.into_iter().next();
    Ok(first.ok_or(Reason::Conflict)?)
}

async fn accounts(auth: &Auth, realm: &RealmId, user: &str, limit: i64) -> Result<Vec<(MembershipRow, OrgRow)>, Error> {
    let now = auth.clock.now_ms();
    Ok(auth
        .store
        .list_accounts(realm.as_str().to_owned(), user.to_owned(), now, limit)
        .await?)
}

fn realm_id(realm: &RealmRow) -> Result<RealmId, Error> {
    let bad = |_| gantry_db::StoreError::Inconsistent {
        table: "auth_realms",
        column: "id",
        row: realm.id.clone(),
    };
    Ok(realm.id.parse().map_err(bad)?)
}

/// The profile without orgs.
fn of(realm: &RealmRow, user: &UserRow) -> LoginProfile {
    let scopes: Vec<String> = realm
        .jwt_scopes
        .split([' ', ','])
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect();
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    LoginProfile {
        realm_id: realm.id.clone(),
        user_id: user.id.clone(),
        active: realm.state == "active" && user.state == "active",
        name: name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email),
        email: user.email.clone(),
        email_verified: user.email_verification == "verified",
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        username: user.username.clone(),
        locale: user.locale.clone(),
        reference: user.reference.clone().filter(|_| has("ar.reference")),
        custom: has("ar.custom").then(|| user.custom.0.to_string()),
        jwt_algo: realm.jwt_algo.clone(),
        jwt_minutes: realm.jwt_minutes.unwrap_or(0),
        session_minutes: realm.session_minutes,
        scopes,
        ..LoginProfile::default()
    }
}
