//! Reads events by what they concern.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Direction, EventId, Id};

use super::{Backend, Conn};
use crate::rules::list::EventQuery;
use crate::rules::types::TypeFilter;
use crate::store::EventRow;
use crate::store::schema::event_events as events;

pub(crate) async fn find_event(conn: &mut Conn, realm: String, id: String) -> Result<Option<EventRow>, StoreError> {
    let query = events::table
        .filter(events::id.eq(id).and(events::realm_id.eq(realm)))
        .filter(not_wiped!());
    Ok(query.select(EventRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_events(conn: &mut Conn, query: EventQuery) -> Result<Vec<EventRow>, StoreError> {
    let found = match &query.types {
        TypeFilter::All => matching(&query),
        TypeFilter::Only(types) => match types.as_slice() {
            [] => return Ok(Vec::new()),
            [one] => matching(&query).filter(events::event_type.eq(*one)),
            // What a user, an org or a request is concerned with is few enough to look through.
            many if is_narrow(&query) => matching(&query).filter(events::event_type.eq_any(many.to_vec())),
            many => {
                let ids = first_of_each(conn, &query, many).await?;
                in_order(
                    events::table.filter(events::id.eq_any(ids)).into_boxed(),
                    query.page.direction,
                )
            }
        },
    };
    Ok(found
        .limit(query.page.fetch())
        .select(EventRow::as_select())
        .load(conn)
        .await?)
}

fn is_narrow(query: &EventQuery) -> bool {
    query.user_id.is_some() || query.org_id.is_some() || query.membership_id.is_some() || query.request_id.is_some()
}

/// All conditions but the types, in the page's order, behind the last item seen.
pub(crate) fn matching(query: &EventQuery) -> events::BoxedQuery<'static, Backend> {
    let mut found = events::table
        .filter(events::realm_id.eq(query.realm_id.as_str().to_owned()))
        .filter(not_wiped!())
        .into_boxed();
    if let Some(id) = &query.user_id {
        found = found.filter(events::user_id.eq(id.as_str().to_owned()));
    }
    if let Some(id) = &query.org_id {
        found = found.filter(events::org_id.eq(id.as_str().to_owned()));
    }
    if let Some(id) = &query.membership_id {
        found = found.filter(events::membership_id.eq(id.as_str().to_owned()));
    }
    if let Some(id) = &query.request_id {
        found = found.filter(events::request_id.eq(id.as_str().to_owned()));
    }
    // Of two bounds below, SQLite finds by one and walks to the other: the nearer is enough.
    let nearer = match query.page.direction {
        Direction::Asc => query.page.after.as_deref(),
        Direction::Desc => None,
    };
    if let Some(since) = &query.since
        && nearer.is_none_or(|after| after < since.as_str())
    {
        found = found.filter(events::id.ge(since.as_str().to_owned()));
    }
    let is_behind = |after: &String| {
        query.page.direction == Direction::Desc
            || query
                .since
                .as_ref()
                .is_none_or(|since| since.as_str() <= after.as_str())
    };
    if let Some(after) = query.page.after.clone().filter(is_behind) {
        found = behind(found, after, query.page.direction);
    }
    in_order(found, query.page.direction)
}

fn behind(
    found: events::BoxedQuery<'static, Backend>,
    id: String,
    direction: Direction,
) -> events::BoxedQuery<'static, Backend> {
    match direction {
        Direction::Asc => found.filter(events::id.gt(id)),
        Direction::Desc => found.filter(events::id.lt(id)),
    }
}

fn in_order(found: events::BoxedQuery<'static, Backend>, direction: Direction) -> events::BoxedQuery<'static, Backend> {
    match direction {
        Direction::Asc => found.order(events::id.asc()),
        Direction::Desc => found.order(events::id.desc()),
    }
}

/// The page's ids among several types, each read from its own stretch of the index: a filter on the realm's whole index would
/// walk past all other events, which may be millions.
async fn first_of_each(conn: &mut Conn, query: &EventQuery, types: &[&'static str]) -> Result<Vec<String>, StoreError> {
    let fetch = usize::try_from(query.page.fetch()).unwrap_or(usize::MAX);
    let mut ids: Vec<String> = Vec::new();
    for event_type in types {
        let mut nearer = query.clone();
        // A full page bounds what the remaining types may add; an event of another type is not the worst itself.
        if let Some(worst) = ids.get(fetch - 1)
            && query.page.direction == Direction::Desc
        {
            nearer.since = EventId::parse(worst).ok().or(nearer.since);
        }
        let mut found = matching(&nearer).filter(events::event_type.eq(*event_type));
        if let Some(worst) = ids.get(fetch - 1)
            && query.page.direction == Direction::Asc
        {
            found = found.filter(events::id.lt(worst.clone()));
        }
        let more = found.limit(query.page.fetch()).select(events::id);
        ids.extend(more.load::<String>(conn).await?);
        match query.page.direction {
            Direction::Asc => ids.sort_unstable(),
            Direction::Desc => ids.sort_unstable_by(|a, b| b.cmp(a)),
        }
        ids.truncate(fetch);
    }
    Ok(ids)
}
