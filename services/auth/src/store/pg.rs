//! The queries, compiled for PostgreSQL.

pub(super) type Conn = gantry_db::PgConn;
pub(super) type Backend = diesel::pg::Pg;

#[path = "queries/accepting.rs"]
pub(super) mod accepting;
#[path = "queries/apps.rs"]
pub(super) mod apps;
#[path = "queries/certificates.rs"]
pub(super) mod certificates;
#[path = "queries/credentials.rs"]
pub(super) mod credentials;
#[path = "queries/email_logins.rs"]
pub(super) mod email_logins;
#[path = "queries/external.rs"]
pub(super) mod external;
#[path = "queries/invitations.rs"]
pub(super) mod invitations;
#[path = "queries/keys.rs"]
pub(super) mod keys;
#[path = "queries/membership_changes.rs"]
pub(super) mod membership_changes;
#[path = "queries/memberships.rs"]
pub(super) mod memberships;
#[path = "queries/named.rs"]
pub(super) mod named;
#[path = "queries/org_changes.rs"]
pub(super) mod org_changes;
#[path = "queries/orgs.rs"]
pub(super) mod orgs;
#[path = "queries/outbox.rs"]
pub(super) mod outbox;
#[path = "queries/passkeys.rs"]
pub(super) mod passkeys;
#[path = "queries/providers.rs"]
pub(super) mod providers;
#[path = "queries/realms.rs"]
pub(super) mod realms;
#[path = "queries/signing_up.rs"]
pub(super) mod signing_up;
#[path = "queries/tasks.rs"]
pub(super) mod tasks;
#[path = "queries/tokens.rs"]
pub(super) mod tokens;
#[path = "queries/user_changes.rs"]
pub(super) mod user_changes;
#[path = "queries/users.rs"]
pub(super) mod users;
#[path = "queries/versions.rs"]
pub(super) mod versions;
#[path = "queries/wipes.rs"]
pub(super) mod wipes;
