//! Describes a user for a token, and finds the account that it is for (contract 2.3).

use gantry_db::StoreError;
use gantry_kernel::{Id, RealmId, Reason};

use super::account::{Choice, INCOMPLETE, Selection, UNSELECTED, select};
use super::cause::Cause;
use super::profile::Profile;
use super::{demands, first_org};
use crate::error::Error;
use crate::service::Auth;
use crate::store::{MembershipRow, OrgRow, RealmRow, UserRow};

/// Orgs that a token of the Core API lists at the most, and that may be selected.
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
    describe_in(auth, cause, &found.ok_or(Reason::NotFound)?, user, orgs).await
}

/// The same, in a realm that was read already.
pub(crate) async fn describe_in(
    auth: &Auth,
    cause: &Cause,
    row: &RealmRow,
    user: &UserRow,
    orgs: Orgs<'_>,
) -> Result<Profile, Error> {
    let realm = &RealmId::parse(&row.id).map_err(|_inconsistent| Reason::Internal)?;
    let mut profile = Profile::new(row, user);
    match orgs {
        Orgs::All if profile.has("ar.orgs") => {
            let all = accounts(auth, realm, &user.id, MOST_ORGS).await?;
            all.iter().for_each(|pair| profile.add(pair));
        }
        Orgs::Account(asked) if profile.active => {
            match choose(auth, cause, realm, row, user, asked).await? {
                Chosen::Account(pair) => profile.select(&pair),
                Chosen::Condition(condition) => {
                    profile.add_condition(condition);
                    if condition == UNSELECTED {
                        let open = accounts(auth, realm, &user.id, MOST_ORGS).await?;
                        open.iter().for_each(|pair| profile.add(pair));
                    }
                }
            }
            if demands::is_incomplete(row, user) {
                profile.add_condition(INCOMPLETE);
            }
            if row.email_verification == "required" && !profile.email_verified {
                profile.add_condition("must_verify_email");
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
    let first = first_org::of(auth, cause, realm, user, None);
    let account = (first.membership.clone(), first.org.clone());
    if first_org::add(auth, first).await? {
        return Ok(account);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::{NOW, Stage};
    use crate::store::RealmPatch;

    async fn described(stage: &Stage, user: &UserRow, orgs: Orgs<'_>) -> Result<Profile, Error> {
        let cause = Cause {
            request_id: Some("rq_1".to_owned()),
            ..Cause::default()
        };
        describe(&stage.auth, &cause, &stage.realm, user, orgs).await
    }

    async fn with(patch: RealmPatch) -> (Stage, UserRow) {
        let stage = Stage::new().await;
        stage.set_realm(patch).await;
        let user = stage.user("ana@b.example", None).await;
        (stage, user)
    }

    async fn multi_user() -> (Stage, UserRow) {
        with(RealmPatch {
            org_mode: Some("multi_user".to_owned()),
            jwt_scopes: Some("openid ar.orgs".to_owned()),
            ..RealmPatch::default()
        })
        .await
    }

    #[tokio::test]
    async fn the_core_api_hears_of_all_orgs_that_live() {
        let (stage, user) = multi_user().await;
        let first = stage.org_of(&user, "active", None).await;
        let second = stage.org_of(&user, "active", Some(NOW + 1)).await;
        stage.org_of(&user, "inactive", None).await;
        let names = async || {
            let profile = described(&stage, &user, Orgs::All).await.unwrap();
            assert_eq!((profile.account, profile.conditions), (None, Vec::new()));
            profile.orgs.into_iter().map(|org| org.org_id).collect::<Vec<_>>()
        };
        assert_eq!(names().await, [first.id.clone(), second.id]);
        // At the very millisecond a membership is over.
        stage.clock.jump_to_ms(NOW + 1);
        assert_eq!(names().await, [first.id]);
        let without = RealmPatch {
            jwt_scopes: Some("openid".to_owned()),
            ..RealmPatch::default()
        };
        stage.set_realm(without).await;
        assert_eq!(names().await, Vec::<String>::new());
    }

    #[tokio::test]
    async fn one_of_several_must_be_selected() {
        let (stage, user) = multi_user().await;
        let first = stage.org_of(&user, "active", None).await;
        let only = described(&stage, &user, Orgs::Account(None)).await.unwrap();
        assert_eq!(only.account, Some(first.id.clone()));
        let second = stage.org_of(&user, "active", None).await;
        let open = described(&stage, &user, Orgs::Account(Some(""))).await.unwrap();
        assert_eq!((open.account, open.conditions), (None, vec!["no_account_selected"]));
        let offered: Vec<_> = open.orgs.into_iter().map(|org| (org.org_id, org.selected)).collect();
        assert_eq!(offered, [(first.id.clone(), false), (second.id.clone(), false)]);
        let chosen = described(&stage, &user, Orgs::Account(Some(&second.id))).await.unwrap();
        assert_eq!(chosen.account, Some(second.id));
        assert_eq!(chosen.orgs.len(), 1);
        assert_eq!(chosen.conditions, Vec::<&str>::new());
    }

    #[tokio::test]
    async fn t_21_an_org_that_sleeps_or_was_left_is_no_account() {
        let (stage, user) = multi_user().await;
        let asleep = stage.org_of(&user, "inactive", None).await;
        let left = stage.org_of(&user, "active", Some(NOW)).await;
        let stranger = stage.user("other@b.example", None).await;
        let foreign = stage.org_of(&stranger, "active", None).await;
        for org in [&asleep.id, &left.id, &foreign.id, "org_none"] {
            let error = described(&stage, &user, Orgs::Account(Some(org))).await.unwrap_err();
            let Error::Problem(problem) = error else {
                panic!("{error}")
            };
            assert_eq!(problem.violations[0].key, "account_not_member", "{org}");
        }
    }

    #[tokio::test]
    async fn the_first_org_is_made_once_and_told_of() {
        let (stage, user) = with(RealmPatch::default()).await;
        let first = described(&stage, &user, Orgs::Account(None)).await.unwrap();
        let again = described(&stage, &user, Orgs::Account(None)).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(first.orgs[0].name, "ana@b.example");
        assert_eq!(first.orgs[0].permissions, ["ar:owner"]);
        let events = stage.events().await;
        let types: Vec<_> = events.iter().map(|event| event.event_type.as_str()).collect();
        assert_eq!(types, ["org.created", "membership.created"]);
        assert!(events.iter().all(|event| event.org_id == first.account));
        assert!(events.iter().all(|event| event.request_id.as_deref() == Some("rq_1")));
    }

    #[tokio::test]
    async fn logins_at_once_make_one_org() {
        let (stage, user) = with(RealmPatch::default()).await;
        let logins = (0..8).map(|_| described(&stage, &user, Orgs::Account(None)));
        let accounts: Vec<_> = futures::future::join_all(logins)
            .await
            .into_iter()
            .map(|profile| profile.unwrap().account)
            .collect();
        assert!(accounts[0].is_some());
        assert!(accounts.iter().all(|account| *account == accounts[0]), "{accounts:?}");
        assert_eq!(stage.events().await.len(), 2);
    }

    #[tokio::test]
    async fn what_the_realm_demands_is_a_condition() {
        let (stage, user) = with(RealmPatch {
            org_name_field: Some("required".to_owned()),
            email_verification: Some("required".to_owned()),
            ..RealmPatch::default()
        })
        .await;
        let profile = described(&stage, &user, Orgs::Account(None)).await.unwrap();
        assert_eq!(profile.account, None);
        assert_eq!(profile.conditions, ["must_complete_profile", "must_verify_email"]);
    }

    #[tokio::test]
    async fn one_who_sleeps_gets_no_account_and_no_org() {
        let stage = Stage::new().await;
        let user = stage.user_as("ana@b.example", None, "inactive").await;
        let profile = described(&stage, &user, Orgs::Account(None)).await.unwrap();
        assert!(!profile.active);
        assert_eq!((profile.account, profile.orgs), (None, Vec::new()));
        assert_eq!(stage.events().await, []);
    }
}
