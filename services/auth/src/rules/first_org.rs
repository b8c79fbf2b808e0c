//! The first org of a user, which they own (contract 2.3 rule 3, 2.4).

use gantry_db::{JsonText, StoreError};
use gantry_kernel::{MembershipId, OrgId, RealmId};
use gantry_outbox::NewEvent;

use super::cause::Cause;
use super::{name, org};
use crate::service::Auth;
use crate::store::{MembershipRow, OrgRow, UserRow};

/// What the owner of an org holds.
const OWNER: &str = "ar:owner";

/// An org to add, with its owner's membership and the events that tell of both.
#[derive(Debug, Clone)]
pub(crate) struct FirstOrg {
    pub(crate) org: OrgRow,
    pub(crate) membership: MembershipRow,
    pub(crate) events: Vec<NewEvent>,
}

/// Makes a user's first org, named as they say, else like the user.
pub(crate) fn of(auth: &Auth, cause: &Cause, realm: &RealmId, user: &UserRow, called: Option<&str>) -> FirstOrg {
    let now = auth.clock.now_ms();
    let like_user = || name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email);
    let called = called.map_or_else(like_user, str::to_owned);
    let org = org::named(&called, &auth.ids.id::<OrgId>(), realm, now);
    let membership = MembershipRow {
        id: auth.ids.id::<MembershipId>().into_string(),
        realm_id: realm.as_str().to_owned(),
        org_id: org.id.clone(),
        user_id: user.id.clone(),
        permissions: JsonText::strings(&[OWNER]),
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
    FirstOrg {
        org,
        membership,
        events: vec![created, joined],
    }
}

/// Adds it, unless the user has an org by now; tells whether it was added.
pub(crate) async fn add(auth: &Auth, first: FirstOrg) -> Result<bool, StoreError> {
    let FirstOrg {
        org,
        membership,
        events,
    } = first;
    let added = auth
        .store
        .add_first_org(org, membership, auth.store.holder(), events)
        .await?;
    if added {
        auth.relay.wake();
    }
    Ok(added)
}
