//! Auth's rows: where rules meet SQL. The queries are written once, in `queries/`, and compiled for each database.
//!
//! To add a query: write it in `queries/<noun>.rs`, then name it in the list below.

mod certificates;
mod changes;
mod creds;
mod email_login;
mod external;
mod invitations;
mod people;
/// The last id of a kind that went when the realm was wiped.
macro_rules! wiped {
    ($prefix:literal, $realm:expr) => {
        crate::store::schema::auth_realms::table
            .filter(crate::store::schema::auth_realms::id.eq($realm))
            .select(
                diesel::IntoSql::into_sql::<diesel::sql_types::Text>($prefix)
                    .concat(crate::store::schema::auth_realms::wiped_to),
            )
            .single_value()
    };
}
/// Behind the last id of a kind that went when the realm was wiped: without it a reset would be seen only once all is removed.
macro_rules! alive {
    ($id:expr, $prefix:literal, $realm:expr) => {
        $id.nullable().gt(wiped!($prefix, $realm))
    };
}
/// The same for lists in another order than that of ids: said so that no index is read by it. SQLite would read one by this and sort
/// all that it finds.
macro_rules! alive_in_any_order {
    ($id:expr, $prefix:literal, $realm:expr) => {
        $id.concat(diesel::IntoSql::into_sql::<diesel::sql_types::Text>(""))
            .nullable()
            .gt(wiped!($prefix, $realm))
    };
}
/// Orders a boxed query by an id column, and starts it behind the page's `after` and behind the last id that went: one bound, since
/// SQLite looks for the start of a page by one alone, and would walk from there to the other.
macro_rules! alive_by_id {
    ($query:expr, $id:expr, $prefix:literal, $realm:expr, $page:expr) => {
        match ($page.direction, $page.after) {
            (gantry_kernel::Direction::Asc, Some(after)) => {
                let after =
                    diesel::IntoSql::into_sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>(Some(after));
                let gone = wiped!($prefix, $realm.clone());
                let later = diesel::dsl::case_when(gone.gt(after.clone()), wiped!($prefix, $realm)).otherwise(after);
                $query.filter($id.nullable().gt(later)).order($id.asc())
            }
            (gantry_kernel::Direction::Asc, None) => $query.filter(alive!($id, $prefix, $realm)).order($id.asc()),
            (gantry_kernel::Direction::Desc, Some(after)) => $query
                .filter(alive!($id, $prefix, $realm))
                .filter($id.lt(after))
                .order($id.desc()),
            (gantry_kernel::Direction::Desc, None) => $query.filter(alive!($id, $prefix, $realm)).order($id.desc()),
        }
    };
}

mod pg;
mod rows;
mod schema;
mod sqlite;
mod together;

use gantry_db::{Db, StoreError};
use gantry_kernel::{IdSource, Page};
use gantry_outbox::{NewEvent, Outbox};

pub(crate) use certificates::{CertificatePatch, StoredCertificate};
pub(crate) use changes::{
    Accepting, InvitationFilter, InvitationPatch, Joining, MembershipPatch, OrgPatch, SignUp, UserChange, UserPatch,
};
pub(crate) use email_login::{CodeGuess, EmailLoginRow, EmailSignIn, EmailUser};
pub(crate) use external::{ExternalLogin, ExternalUser};
pub(crate) use rows::{
    ApiKeyRow, ClientAppPatch, ClientAppRow, CredentialRow, DomainPatch, DomainRow, Factor, HostRow, InvitationRow,
    LoginRow, MembershipRow, NamedPermissionPatch, NamedPermissionRow, OrgFilter, OrgRow, ProviderRow, RealmPatch,
    RealmRow, RecoveryCodeRow, ResourceLinkPatch, ResourceLinkRow, TaskRow, TokenRow, UserFilter, UserRow,
};

/// Auth's tables in whichever database is in use.
#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
    holder: String,
    questions: together::Questions,
}

impl Store {
    /// A store on an open database; `holder` marks this process's events in the outbox.
    pub(crate) fn new(db: Db, holder: String) -> Self {
        let questions = together::Questions::default();
        Self { db, holder, questions }
    }

    /// The word that marks this process's events.
    pub(crate) fn holder(&self) -> String {
        self.holder.clone()
    }
}

gantry_db::store!(Store {
    /// Finds a realm; with a lock, only the lock's own.
    read realms::find_realm(id: String) -> Option<RealmRow>;
    /// Lists how often realms and users that are there were changed, and whether they may change by themselves.
    keyed versions::list_versions(realms: Vec<String>, users: Vec<String>) -> Vec<(String, Option<i64>, Option<bool>)>;
    /// Finds realms by their ids.
    keyed realms::find_realms(ids: Vec<String>) -> Vec<RealmRow>;
    /// Lists realms; with a lock, only the lock's own.
    read realms::list_realms(lock: Option<String>, state: Option<String>, page: Page) -> Vec<RealmRow>;
    /// Adds a realm with its auth providers.
    write realms::add_realm(realm: RealmRow, providers: Vec<ProviderRow>) -> ();
    /// Changes a realm's settings.
    write realms::set_realm(id: String, patch: RealmPatch) -> Option<RealmRow>;
    /// Hides a realm's users, orgs and invitations up to an id, and notes down that they are to be removed.
    write wipes::mark_wiped(realm: String, up_to: String, task: TaskRow) -> Option<RealmRow>;
    /// Hides a realm with all that it has, and notes down that it is to be removed; its hosts, apps and keys are gone at once.
    write wipes::mark_deleted(realm: String, up_to: String, now: i64, task: TaskRow) -> Option<RealmRow>;
    /// Removes a batch of what is hidden; tells whether there may be more.
    write wipes::wipe(realm: String, up_to: String, limit: i64) -> bool;
    /// Removes a realm that is marked deleted, with what is left of it.
    write wipes::remove_realm(realm: String) -> ();

    /// Finds a user of a realm by id, e-mail address or username.
    read users::find_user(realm: String, id: String, identity: String) -> Option<UserRow>;
    /// Finds users by their ids, of whichever realm.
    keyed users::find_users(ids: Vec<String>) -> Vec<UserRow>;
    /// Finds a user with what a login needs.
    read users::find_login(realm: String, id: String, identity: String) -> Option<LoginRow>;
    /// Lists a realm's users.
    read users::list_users(realm: String, filter: UserFilter, page: Page) -> Vec<UserRow>;
    /// Adds a user, with a password where there is one.
    write users::add_user(user: UserRow, credential: Option<CredentialRow>, holder: String, events: Vec<NewEvent>) -> ();
    /// Notes a login down: when, and its events.
    write users::set_last_login(user: String, at: i64, holder: String, events: Vec<NewEvent>) -> ();
    /// Notes events down that go with no change.
    write users::add_event(holder: String, events: Vec<NewEvent>) -> ();

    /// Finds an org of a realm.
    read orgs::find_org(realm: String, id: String) -> Option<OrgRow>;
    /// Lists a realm's orgs.
    read orgs::list_orgs(realm: String, filter: OrgFilter, page: Page) -> Vec<OrgRow>;
    /// Adds an org.
    write orgs::add_org(org: OrgRow, holder: String, events: Vec<NewEvent>) -> ();
    /// Adds an org and its first membership, unless the user has an org by now.
    write orgs::add_first_org(org: OrgRow, membership: MembershipRow, holder: String, events: Vec<NewEvent>) -> bool;

    /// Finds a membership of a realm, with its user and its org.
    read memberships::find_membership(realm: String, id: String) -> Option<(MembershipRow, UserRow, OrgRow)>;
    /// Lists memberships by org, by user, or by both, with user and org.
    read memberships::list_memberships(realm: String, org: Option<String>, user: Option<String>, now: i64, page: Page) -> Vec<(MembershipRow, UserRow, OrgRow)>;
    /// Lists a user's memberships in active orgs, earliest first.
    read memberships::list_accounts_of(realm: String, user: String, now: i64, limit: i64) -> Vec<(MembershipRow, OrgRow)>;
    /// Lists several users' memberships in active orgs, of whichever realm, user by user.
    keyed memberships::list_accounts_together(users: Vec<String>, now: i64, limit: i64) -> Vec<(MembershipRow, OrgRow)>;
    /// Finds a user's membership in an active org.
    read memberships::find_account(realm: String, user: String, org: String, now: i64) -> Option<(MembershipRow, OrgRow)>;
    /// Adds a membership; user and org must be of the realm, and the org not closed.
    write memberships::add_membership(membership: MembershipRow, ids: IdSource, holder: String, events: Vec<NewEvent>) -> (UserRow, OrgRow);

    /// Finds a client app of a realm.
    read apps::find_client_app(realm: String, id: String) -> Option<ClientAppRow>;
    /// Lists a realm's client apps.
    read apps::list_client_apps(realm: String, page: Page) -> Vec<ClientAppRow>;
    /// Adds a client app.
    write apps::add_client_app(app: ClientAppRow) -> ();
    /// Changes a client app.
    write apps::set_client_app(realm: String, id: String, patch: ClientAppPatch) -> Option<ClientAppRow>;
    /// Removes a client app.
    write apps::remove_client_app(realm: String, id: String) -> Option<ClientAppRow>;
    /// Finds a domain of a realm.
    read apps::find_domain(realm: String, id: String) -> Option<DomainRow>;
    /// Lists a realm's domains.
    read apps::list_domains(realm: String, page: Page) -> Vec<DomainRow>;
    /// Adds a domain, with a sealed certificate where one was uploaded.
    write apps::add_domain(domain: DomainRow, sealed: Option<String>) -> ();
    /// Changes a domain; where it gets another certificate or loses the one it has, `sealed` is the new one.
    write apps::set_domain(realm: String, id: String, patch: DomainPatch, sealed: Option<String>) -> Option<DomainRow>;
    /// Says what a look at a domain's records found, and when it needs a certificate, unless it has another name by now.
    write apps::judge_domain(row: DomainRow, dns_state: String, cert_due_at: Option<i64>, now: i64) -> Option<DomainRow>;
    /// Removes a domain.
    write apps::remove_domain(realm: String, id: String) -> Option<DomainRow>;
    /// Finds the host name that a realm was given first, of those that serve.
    read apps::find_first_host(realm: String) -> Option<String>;
    /// Finds the active realms that host names serve, of those that have an active client app.
    keyed apps::find_hosts(fqdns: Vec<String>) -> Vec<HostRow>;

    /// Finds a named permission of a realm.
    read named::find_named_permission(realm: String, id: String) -> Option<NamedPermissionRow>;
    /// Lists a realm's named permissions.
    read named::list_named_permissions(realm: String) -> Vec<NamedPermissionRow>;
    /// Adds a named permission; a conflict when the realm has as many as it may.
    write named::add_named_permission(row: NamedPermissionRow) -> ();
    /// Changes a named permission.
    write named::set_named_permission(realm: String, id: String, patch: NamedPermissionPatch) -> Option<NamedPermissionRow>;
    /// Removes a named permission.
    write named::remove_named_permission(realm: String, id: String) -> Option<NamedPermissionRow>;
    /// Finds a resource link of a realm.
    read named::find_resource_link(realm: String, id: String) -> Option<ResourceLinkRow>;
    /// Lists a realm's resource links.
    read named::list_resource_links(realm: String) -> Vec<ResourceLinkRow>;
    /// Adds a resource link; a conflict when the realm has as many as it may.
    write named::add_resource_link(row: ResourceLinkRow) -> ();
    /// Changes a resource link.
    write named::set_resource_link(realm: String, id: String, patch: ResourceLinkPatch) -> Option<ResourceLinkRow>;
    /// Removes a resource link.
    write named::remove_resource_link(realm: String, id: String) -> Option<ResourceLinkRow>;

    /// Finds keys that were not revoked, by their hashes.
    keyed keys::find_keys(hashes: Vec<String>) -> Vec<ApiKeyRow>;
    /// Lists the keys, oldest first.
    read keys::list_keys(limit: i64) -> Vec<ApiKeyRow>;
    /// Adds a key unless its hash is there already; tells whether it was added.
    write keys::add_key(key: ApiKeyRow) -> bool;
    /// Revokes a key; tells whether there was one.
    write keys::end_key(id: String, now: i64) -> bool;

    /// Lists events to hand over.
    read outbox::list_pending(holder: String, before: i64, limit: i64) -> Vec<NewEvent>;
    /// Lists when events were made that wait.
    read outbox::list_waiting(limit: i64) -> Vec<i64>;
    /// Forgets events that were handed over.
    write outbox::remove_events(ids: Vec<String>) -> ();
});

impl Outbox for Store {
    async fn list_pending(&self, holder: String, before: i64, limit: i64) -> Result<Vec<NewEvent>, StoreError> {
        Self::list_pending(self, holder, before, limit).await
    }

    async fn remove_events(&self, ids: Vec<String>) -> Result<(), StoreError> {
        Self::remove_events(self, ids).await
    }
}
