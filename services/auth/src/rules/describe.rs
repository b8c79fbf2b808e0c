//! Describes a user for a token, and finds the account that it is for (contract 2.3).

use gantry_db::{JsonText, StoreError};
use gantry_kernel::{MembershipId, OrgId, RealmId, Reason};

use super::account::{Choice, Selection, select};
use super::cause::Cause;
use super::profile::Profile;
use super::{name, org};
use crate::error::Error;
use crate::service::Auth;
use crate::store::{MembershipRow, OrgRow, RealmRow, UserRow};

/// Orgs that a token of the Core API lists at the most.
const MOST_ORGS: i64 = 100;

/// A membership with its org.
type Account = (MembershipRow, OrgRow);

/// Which orgs a token names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Orgs<'a> {
    /// All of the user's, as the Core API wants it.
    All,
    /// The one that is signed in to, as LoginRocket wants it: the one asked for, or the one that the rules select.
    Account(Option<&'a str>),
}

/// Describes a user for a token.
pub(crate) async fn describe(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    user: &UserRow,
    orgs: Orgs<'_>,
) -> Result<Profile, Error> {
    let found = auth.store.find_realm(realm.as_str().to_owned()).await?;
    let row = found.ok_or(Reason::NotFound)?;
    let mut profile = Profile::new(&row, user);
    match orgs {
        Orgs::All if profile.has("ar.orgs") => {
            let all = accounts(auth, realm, &user.id, MOST_ORGS).await?;
            all.iter().for_each(|pair| profile.add(pair));
        }
        Orgs::Account(asked) if profile.active => {
            match choose(auth, cause, realm, &row, user, asked).await? {
                Chosen::Account(pair) => profile.select(&pair),
                Chosen::Condition(condition) => profile.conditions.push(condition),
            }
            if row.email_verification == "required" && !profile.email_verified {
                profile.conditions.push("must_verify_email");
            }
        }
        Orgs::All | Orgs::Account(_) => {}
    }
    Ok(profile)
}

enum Chosen {
    Account(Box<Account>),
    Condition(&'static str),
}

async fn choose(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    settings: &RealmRow,
    user: &UserRow,
    asked: Option<&str>,
) -> Result<Chosen, Error> {
    let asked = asked.filter(|id| !id.is_empty());
    let found = match asked {
        Some(org) => {
            let (realm, user) = (realm.as_str().to_owned(), user.id.clone());
            let own = auth
                .store
                .find_account(realm, user, org.to_owned(), auth.clock.now_ms());
            own.await?.into_iter().collect()
        }
        None => accounts(auth, realm, &user.id, 2).await?,
    };
    let orgs: Vec<String> = found.iter().map(|(_, org)| org.id.clone()).collect();
    let choice = Choice {
        asked,
        multi_user: settings.org_mode == "multi_user",
        org_name_required: settings.org_name_field == "required",
        orgs: &orgs,
    };
    Ok(match select(choice)? {
        Selection::Condition(condition) => Chosen::Condition(condition),
        Selection::MakeFirst => Chosen::Account(Box::new(make_first(auth, cause, realm, user).await?)),
        Selection::Org(id) => {
            let pair = found.into_iter().find(|(_, org)| org.id == id);
            Chosen::Account(Box::new(pair.ok_or(Reason::NotFound)?))
        }
    })
}

/// Makes the user's first org, named like the user, and joins it as its owner (contract 2.3 rule 3).
async fn make_first(auth: &Auth, cause: &Cause, realm: &RealmId, user: &UserRow) -> Result<Account, Error> {
    let now = auth.clock.now_ms();
    let called = name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email);
    let org = org::named(&called, &auth.ids.id::<OrgId>(), realm, now);
    let membership = MembershipRow {
        id: auth.ids.id::<MembershipId>().into_string(),
        realm_id: realm.as_str().to_owned(),
        org_id: org.id.clone(),
        user_id: user.id.clone(),
        permissions: JsonText::strings(&["ar:owner"]),
        expires_at: None,
        created_at: now,
        updated_at: now,
    };
    let mut created = auth.event(realm, "org.created", cause);
    created.org_id = Some(org.id.clone());
    let mut joined = auth.event(realm, "membership.created", cause);
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

async fn accounts(auth: &Auth, realm: &RealmId, user: &str, limit: i64) -> Result<Vec<Account>, StoreError> {
    let now = auth.clock.now_ms();
    auth.store
        .list_accounts(realm.as_str().to_owned(), user.to_owned(), now, limit)
        .await
}
