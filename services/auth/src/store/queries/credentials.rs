//! Credentials and recovery codes. What may be used once is used up in the transaction of what it permits.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Problem, Violation};
use gantry_outbox::NewEvent;

use super::Conn;
use super::outbox::add_events;
use super::tokens::{end_logins, take_token};
use crate::rules::factor::wrong;
use crate::store::rows::{CredentialRow, Factor, RecoveryCodeRow, TokenRow};
use crate::store::schema::{
    auth_credentials as credentials, auth_providers as providers, auth_recovery_codes as codes,
};

/// Credentials that a user may have: all of them are shown in one answer, and each code is tried on all.
const MOST: i64 = 20;

pub(crate) async fn list_credentials(conn: &mut Conn, user: String) -> Result<Vec<CredentialRow>, StoreError> {
    let query = credentials::table
        .filter(credentials::user_id.eq(user))
        .order(credentials::id);
    Ok(query.select(CredentialRow::as_select()).load(conn).await?)
}

pub(crate) async fn find_credential(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<CredentialRow>, StoreError> {
    let query = credentials::table
        .find(id)
        .filter(credentials::realm_id.eq(realm.clone()))
        .filter(alive!(credentials::user_id, "usr_", realm));
    Ok(query.select(CredentialRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_factors(
    conn: &mut Conn,
    realm: String,
    user: String,
) -> Result<Vec<CredentialRow>, StoreError> {
    let query = credentials::table
        .inner_join(providers::table)
        .filter(credentials::user_id.eq(user))
        .filter(credentials::realm_id.eq(realm))
        .filter(credentials::credential_type.eq("totp"))
        .filter(credentials::state.eq("active"))
        .filter(providers::state.eq("active"))
        .order(credentials::id);
    Ok(query.select(CredentialRow::as_select()).load(conn).await?)
}

pub(crate) async fn add_credential(conn: &mut Conn, credential: CredentialRow) -> Result<(), StoreError> {
    let there: i64 = credentials::table
        .filter(credentials::user_id.eq(&credential.user_id))
        .count()
        .get_result(conn)
        .await?;
    if there >= MOST {
        let full = Violation::new("user_id", "too_many_credentials").with("max", MOST);
        return Err(Problem::invalid(vec![full]).into());
    }
    diesel::insert_into(credentials::table)
        .values(&credential)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn set_credential_name(
    conn: &mut Conn,
    realm: String,
    id: String,
    name: String,
    now: i64,
) -> Result<Option<CredentialRow>, StoreError> {
    let row = credentials::table.find(id).filter(credentials::realm_id.eq(realm));
    let set = (credentials::name.eq(name), credentials::updated_at.eq(now));
    Ok(diesel::update(row)
        .set(set)
        .returning(CredentialRow::as_returning())
        .get_result(conn)
        .await
        .optional()?)
}

pub(crate) async fn activate_credential(
    conn: &mut Conn,
    realm: String,
    id: String,
    step: i64,
    now: i64,
) -> Result<CredentialRow, StoreError> {
    let factor = Factor::Step {
        credential: id.clone(),
        step,
    };
    use_factor(conn, &factor).await?;
    let row = credentials::table.find(id).filter(credentials::realm_id.eq(realm));
    let set = (credentials::state.eq("active"), credentials::updated_at.eq(now));
    let row: Option<CredentialRow> = diesel::update(row)
        .set(set)
        .returning(CredentialRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.ok_or_else(wrong)?)
}

pub(crate) async fn remove_credential(
    conn: &mut Conn,
    realm: String,
    id: String,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<bool, StoreError> {
    let row = credentials::table.find(id).filter(credentials::realm_id.eq(realm));
    let gone: Option<CredentialRow> = diesel::delete(row)
        .returning(CredentialRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let Some(gone) = gone else { return Ok(false) };
    // Whoever got half way in with it goes no further.
    end_logins(conn, &gone.user_id).await?;
    let factors: i64 = credentials::table
        .filter(credentials::user_id.eq(&gone.user_id))
        .filter(credentials::credential_type.eq("totp"))
        .filter(credentials::state.eq("active"))
        .count()
        .get_result(conn)
        .await?;
    // Recovery codes stand in for a second factor; without one there is nothing to stand in for.
    if factors == 0 {
        diesel::delete(codes::table.filter(codes::user_id.eq(&gone.user_id)))
            .execute(conn)
            .await?;
    }
    add_events(conn, &holder, &events).await?;
    Ok(true)
}

pub(crate) async fn put_recovery_codes(
    conn: &mut Conn,
    user: String,
    fresh: Vec<RecoveryCodeRow>,
) -> Result<(), StoreError> {
    diesel::delete(codes::table.filter(codes::user_id.eq(user)))
        .execute(conn)
        .await?;
    for code in &fresh {
        diesel::insert_into(codes::table).values(code).execute(conn).await?;
    }
    Ok(())
}

pub(crate) async fn has_recovery_code(conn: &mut Conn, user: String, hash: String) -> Result<bool, StoreError> {
    let query = codes::table
        .find(hash)
        .filter(codes::user_id.eq(user))
        .select(codes::code_hash);
    Ok(query.first::<String>(conn).await.optional()?.is_some())
}

/// Uses up the token of a login and its second factor, both or neither.
pub(crate) async fn finish_mfa(conn: &mut Conn, token: TokenRow, factor: Factor, now: i64) -> Result<(), StoreError> {
    take_token(conn, &token, now).await?;
    use_factor(conn, &factor).await
}

/// Uses a second factor up; of two at once only one finds it unused (T-13, T-14).
async fn use_factor(conn: &mut Conn, factor: &Factor) -> Result<(), StoreError> {
    let used = match factor {
        Factor::Step { credential, step } => {
            let unused = credentials::table
                .find(credential)
                .filter(credentials::last_step.is_null().or(credentials::last_step.lt(step)));
            diesel::update(unused)
                .set(credentials::last_step.eq(step))
                .execute(conn)
                .await?
        }
        Factor::Recovery { code_hash } => diesel::delete(codes::table.find(code_hash)).execute(conn).await?,
    };
    match used {
        0 => Err(wrong().into()),
        _ => Ok(()),
    }
}
