//! Passkeys. Each ceremony is used up before anything comes of it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_outbox::NewEvent;

use super::Conn;
use super::credentials::add_credential;
use super::external::use_state;
use super::outbox::add_events;
use crate::rules::provider::PASSKEY;
use crate::store::rows::{CredentialRow, UserRow};
use crate::store::schema::{auth_credentials as credentials, auth_users as users};

pub(crate) async fn use_ceremony(
    conn: &mut Conn,
    id: String,
    realm: String,
    expires_at: i64,
    now: i64,
) -> Result<bool, StoreError> {
    use_state(conn, &id, &realm, expires_at, now).await
}

pub(crate) async fn find_passkey(
    conn: &mut Conn,
    realm: String,
    provider: String,
    named: String,
) -> Result<Option<(CredentialRow, UserRow)>, StoreError> {
    let query = credentials::table
        .inner_join(users::table)
        .filter(credentials::auth_provider_id.eq(provider))
        .filter(credentials::provider_user_id.eq(named))
        .filter(credentials::realm_id.eq(realm.clone()))
        .filter(alive!(users::id, "usr_", realm));
    let select = (CredentialRow::as_select(), UserRow::as_select());
    Ok(query.select(select).first(conn).await.optional()?)
}

pub(crate) async fn add_passkey(
    conn: &mut Conn,
    credential: CredentialRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    add_credential(conn, credential).await?;
    add_events(conn, &holder, &events).await
}

pub(crate) async fn use_passkey(
    conn: &mut Conn,
    realm: String,
    id: String,
    body: String,
    count: i64,
    now: i64,
) -> Result<bool, StoreError> {
    let row = credentials::table.find(id).filter(credentials::realm_id.eq(realm));
    // A count of none is that of a passkey which never counts.
    let further = credentials::last_step.is_null().or(credentials::last_step.lt(count));
    let set = (
        credentials::secret.eq(body),
        credentials::last_step.eq((count > 0).then_some(count)),
        credentials::updated_at.eq(now),
    );
    let used = diesel::update(row.filter(further)).set(set).execute(conn).await?;
    Ok(used > 0)
}

pub(crate) async fn remove_passkey(
    conn: &mut Conn,
    realm: String,
    user: String,
    id: String,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<bool, StoreError> {
    let row = credentials::table
        .find(id)
        .filter(credentials::realm_id.eq(realm))
        .filter(credentials::user_id.eq(user))
        .filter(credentials::credential_type.eq(PASSKEY));
    let gone = diesel::delete(row).execute(conn).await? > 0;
    if gone {
        add_events(conn, &holder, &events).await?;
    }
    Ok(gone)
}
