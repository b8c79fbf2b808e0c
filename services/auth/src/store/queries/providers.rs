//! Auth providers. Every query takes the realm first.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{StoreError, by_id};
use gantry_kernel::{Page, Problem, Violation};

use super::{Backend, Conn};
use crate::store::rows::ProviderRow;
use crate::store::schema::{auth_providers as providers, auth_realms as realms};

/// Providers that a realm may have: each is in the answer to one call.
const MOST: i64 = 100;

pub(crate) async fn list_providers(
    conn: &mut Conn,
    realm: String,
    state: Option<String>,
    page: Page,
) -> Result<Vec<ProviderRow>, StoreError> {
    let mut query = providers::table
        .filter(providers::realm_id.eq_any(there(realm)))
        .select(ProviderRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(state) = state {
        query = query.filter(providers::state.eq(state));
    }
    query = by_id!(query, providers::id, page);
    Ok(query.load(conn).await?)
}

/// The realm, unless it was deleted: its providers are removed last, since credentials hang on them.
#[diesel::dsl::auto_type]
fn there(realm: String) -> _ {
    realms::table
        .filter(realms::id.eq(realm))
        .filter(realms::deleted_at.is_null())
        .select(realms::id)
}

pub(crate) async fn find_provider(
    conn: &mut Conn,
    realm: String,
    named: String,
) -> Result<Option<ProviderRow>, StoreError> {
    let in_realm = providers::table
        .filter(providers::realm_id.eq_any(there(realm)))
        .select(ProviderRow::as_select())
        .order(providers::id)
        .into_boxed::<Backend>();
    // No type looks like an id.
    let query = match named.starts_with("ap_") {
        true => in_realm.filter(providers::id.eq(named)),
        false => in_realm.filter(providers::provider_type.eq(named)),
    };
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn add_provider(conn: &mut Conn, provider: ProviderRow) -> Result<(), StoreError> {
    let there: i64 = providers::table
        .filter(providers::realm_id.eq(&provider.realm_id))
        .count()
        .get_result(conn)
        .await?;
    if there >= MOST {
        let full = Violation::new("provider_type", "too_many_items").with("max", MOST);
        return Err(Problem::invalid(vec![full]).into());
    }
    diesel::insert_into(providers::table)
        .values(&provider)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn set_provider(conn: &mut Conn, provider: ProviderRow) -> Result<bool, StoreError> {
    let row = providers::table
        .find(&provider.id)
        .filter(providers::realm_id.eq(&provider.realm_id));
    let set = (
        providers::name.eq(&provider.name),
        providers::state.eq(&provider.state),
        providers::min_length.eq(provider.min_length),
        providers::min_complexity.eq(&provider.min_complexity),
        providers::required_chars.eq(&provider.required_chars),
        providers::client_id.eq(&provider.client_id),
        providers::client_secret.eq(&provider.client_secret),
        providers::external.eq(&provider.external),
        providers::updated_at.eq(provider.updated_at),
    );
    Ok(diesel::update(row).set(set).execute(conn).await? == 1)
}

pub(crate) async fn remove_provider(conn: &mut Conn, realm: String, id: String) -> Result<bool, StoreError> {
    let row = providers::table.find(id).filter(providers::realm_id.eq(realm));
    // Its credentials go with it, by their foreign key.
    Ok(diesel::delete(row).execute(conn).await? == 1)
}
