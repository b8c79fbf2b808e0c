//! Users and their credentials. Every query takes the realm first: no user is found outside it; where many are asked for at once,
//! whoever asks holds each to its realm.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::Page;
use gantry_outbox::NewEvent;

use super::outbox::add_events;
use super::wipes::make_room;
use super::{Backend, Conn};
use crate::store::rows::{CredentialRow, LoginRow, UserFilter, UserRow};
use crate::store::schema::{
    auth_credentials as credentials, auth_providers as providers, auth_realms as realms, auth_users as users,
};

pub(crate) async fn find_user(
    conn: &mut Conn,
    realm: String,
    id: String,
    identity: String,
) -> Result<Option<UserRow>, StoreError> {
    // Three lookups by three unique indexes beat one OR, which some planners turn into a scan.
    let in_realm = || {
        users::table
            .filter(users::realm_id.eq(realm.clone()))
            .filter(alive!(users::id, "usr_", realm.clone()))
            .select(UserRow::as_select())
    };
    let mut found: Option<UserRow> = None;
    if id.starts_with("usr_") {
        found = in_realm().filter(users::id.eq(id)).first(conn).await.optional()?;
    }
    if found.is_none() && identity.contains('@') {
        found = in_realm()
            .filter(users::email.eq(identity.clone()))
            .first(conn)
            .await
            .optional()?;
    }
    if found.is_none() {
        found = in_realm()
            .filter(users::username_key.eq(identity))
            .first(conn)
            .await
            .optional()?;
    }
    Ok(found)
}

pub(crate) async fn find_users(conn: &mut Conn, ids: Vec<String>) -> Result<Vec<UserRow>, StoreError> {
    let query = users::table
        .inner_join(realms::table)
        .filter(users::id.eq_any(ids))
        .filter(users::id.gt("usr_".into_sql::<Text>().concat(realms::wiped_to)));
    Ok(query.select(UserRow::as_select()).load(conn).await?)
}

pub(crate) async fn find_login(
    conn: &mut Conn,
    realm: String,
    id: String,
    identity: String,
) -> Result<Option<LoginRow>, StoreError> {
    let Some(user) = find_user(conn, realm, id, identity).await? else {
        return Ok(None);
    };
    let query = credentials::table
        .inner_join(providers::table)
        .filter(credentials::user_id.eq(&user.id))
        .filter(credentials::credential_type.eq_any(["password", "totp"]))
        .filter(credentials::state.eq("active"))
        // Whatever a provider stands behind ends with it at once.
        .filter(providers::state.eq("active"))
        .select((credentials::credential_type, credentials::secret));
    let held: Vec<(String, String)> = query.load(conn).await?;
    let (passwords, factors): (Vec<_>, Vec<_>) = held.into_iter().partition(|(kind, _)| kind == "password");
    Ok(Some(LoginRow {
        user,
        hash: passwords.into_iter().next().map(|(_, hash)| hash),
        second_factor: !factors.is_empty(),
    }))
}

pub(crate) async fn list_users(
    conn: &mut Conn,
    realm: String,
    filter: UserFilter,
    page: Page,
) -> Result<Vec<UserRow>, StoreError> {
    let mut query = users::table
        .filter(users::realm_id.eq(realm.clone()))
        .select(UserRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(state) = filter.state {
        query = query.filter(users::state.eq(state));
    }
    if let Some(email) = filter.email {
        query = query.filter(users::email.eq(email));
    }
    if let Some(username) = filter.username_key {
        query = query.filter(users::username_key.eq(username));
    }
    if let Some(reference) = filter.reference {
        query = query.filter(users::reference.eq(reference));
    }
    query = alive_by_id!(query, users::id, "usr_", realm, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_user(
    conn: &mut Conn,
    user: UserRow,
    credential: Option<CredentialRow>,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    make_room(conn, &user.realm_id, Some(&user.email), user.username_key.as_deref()).await?;
    diesel::insert_into(users::table).values(&user).execute(conn).await?;
    if let Some(credential) = &credential {
        diesel::insert_into(credentials::table)
            .values(credential)
            .execute(conn)
            .await?;
    }
    add_events(conn, &holder, &events).await
}

pub(crate) async fn set_last_login(
    conn: &mut Conn,
    user: String,
    at: i64,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(user))
        .set(users::last_login_at.eq(at))
        .execute(conn)
        .await?;
    add_events(conn, &holder, &events).await
}

pub(crate) async fn add_event(conn: &mut Conn, holder: String, events: Vec<NewEvent>) -> Result<(), StoreError> {
    add_events(conn, &holder, &events).await
}
