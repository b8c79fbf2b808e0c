//! Reads events by what they concern.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Direction, EventId, Id};

use super::wipes::wiped;
use super::{Backend, Conn};
use crate::rules::list::EventQuery;
use crate::rules::types::TypeFilter;
use crate::store::EventRow;
use crate::store::schema::{event_events as events, event_notifications as notifications};

/// What a hook was told that is looked through at a time.
const TOLD: i64 = 500;

/// Narrows a boxed query to the ids that a page may hold.
macro_rules! within {
    ($query:expr, $id:expr, $bounds:expr) => {{
        let (mut query, bounds) = ($query, $bounds);
        if let Some(least) = bounds.least {
            query = query.filter($id.ge(least));
        }
        if let Some(above) = bounds.above {
            query = query.filter($id.gt(above));
        }
        if let Some(below) = bounds.below {
            query = query.filter($id.lt(below));
        }
        query
    }};
}

pub(crate) async fn find_event(conn: &mut Conn, realm: String, id: String) -> Result<Option<EventRow>, StoreError> {
    let query = events::table
        .filter(events::id.eq(id).and(events::realm_id.eq(realm)))
        .filter(not_wiped!());
    Ok(query.select(EventRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_events(conn: &mut Conn, query: EventQuery) -> Result<Vec<EventRow>, StoreError> {
    let is_narrow = query.filter.is_narrow();
    let realm = query.realm_id.as_str().to_owned();
    let gone = wiped(conn, vec![realm.clone()]).await?.remove(&realm);
    let found = match (&query.filter.types, &query.hook_id) {
        (TypeFilter::Only(types), _) if types.is_empty() => return Ok(Vec::new()),
        (_, Some(hook)) if !is_narrow => {
            let ids = told_to(conn, hook, &query, gone).await?;
            of_ids(&query, ids)
        }
        (TypeFilter::All, _) => matching(&query, gone.as_ref()),
        (TypeFilter::Only(types), _) => match types.as_slice() {
            [one] => matching(&query, gone.as_ref()).filter(events::event_type.eq(*one)),
            // What a user, an org or a request is concerned with is few enough to look through.
            many if is_narrow => matching(&query, gone.as_ref()).filter(events::event_type.eq_any(many.to_vec())),
            many => {
                let ids = first_of_each(conn, &query, gone.as_ref(), many).await?;
                of_ids(&query, ids)
            }
        },
    };
    Ok(found
        .limit(query.page.fetch())
        .select(EventRow::as_select())
        .load(conn)
        .await?)
}

/// All conditions but the types, in the page's order, behind the last item seen and the last that is gone.
pub(crate) fn matching(query: &EventQuery, gone: Option<&String>) -> events::BoxedQuery<'static, Backend> {
    let mut found = events::table
        .filter(events::realm_id.eq(query.realm_id.as_str().to_owned()))
        .into_boxed();
    macro_rules! concerning {
        ($($column:ident)*) => { $(
            if let Some(id) = &query.filter.$column {
                found = found.filter(events::$column.eq(id.clone()));
            }
        )* };
    }
    concerning!(user_id org_id membership_id auth_provider_id invitation_id request_id);
    if let Some(hook) = &query.hook_id {
        let told = notifications::table
            .filter(notifications::hook_id.eq(hook.clone()))
            .filter(notifications::event_id.eq(events::id));
        found = found.filter(diesel::dsl::exists(told));
    }
    in_order(within!(found, events::id, bounds(query, gone)), query.page.direction)
}

/// The ids that a page may hold, from its times, from the last item seen and from the last that is gone.
struct Bounds {
    /// The smallest.
    least: Option<String>,
    /// What all are behind.
    above: Option<String>,
    /// What all are before.
    below: Option<String>,
}

/// Of two bounds on one side databases find by one and walk to the other, so only the nearer is named.
fn bounds(query: &EventQuery, gone: Option<&String>) -> Bounds {
    let text = |id: &Option<EventId>| id.as_ref().map(|id| id.as_str().to_owned());
    let (mut least, mut above, mut below) = (text(&query.since), None, text(&query.before));
    if let Some(after) = query.page.after.clone() {
        match query.page.direction {
            Direction::Asc if least.as_ref().is_none_or(|least| *least <= after) => {
                (least, above) = (None, Some(after))
            }
            Direction::Desc if below.as_ref().is_none_or(|below| after < *below) => below = Some(after),
            Direction::Asc | Direction::Desc => {}
        }
    }
    // Of what was wiped nothing is left, and it is not walked past while it is removed.
    if let Some(gone) = gone {
        let nearer = least.as_ref().or(above.as_ref());
        if nearer.is_none_or(|nearer| nearer <= gone) {
            (least, above) = (None, Some(gone.clone()));
        }
    }
    Bounds { least, above, below }
}

fn in_order(found: events::BoxedQuery<'static, Backend>, direction: Direction) -> events::BoxedQuery<'static, Backend> {
    match direction {
        Direction::Asc => found.order(events::id.asc()),
        Direction::Desc => found.order(events::id.desc()),
    }
}

/// Events of the realm by their ids, in the page's order.
fn of_ids(query: &EventQuery, ids: Vec<String>) -> events::BoxedQuery<'static, Backend> {
    let found = events::table
        .filter(among!(ids))
        .filter(events::realm_id.eq(query.realm_id.as_str().to_owned()));
    in_order(found.into_boxed(), query.page.direction)
}

/// The page's ids among those that a hook was told of: read from what it was told, not from all that happened.
async fn told_to(
    conn: &mut Conn,
    hook: &str,
    query: &EventQuery,
    gone: Option<String>,
) -> Result<Vec<String>, StoreError> {
    let fetch = usize::try_from(query.page.fetch()).unwrap_or(usize::MAX);
    let (mut ids, mut part) = (Vec::new(), query.clone());
    while ids.len() < fetch {
        let told = next_told(conn, hook, &part, gone.as_ref()).await?;
        let Some(last) = told.last().cloned() else { break };
        part.page.after = Some(last);
        // Not joined to what it was told: of a table in parts all of a realm's events would be read, to be met with a few.
        let mut of_realm = of_ids(query, told);
        if let TypeFilter::Only(types) = &query.filter.types {
            of_realm = of_realm.filter(events::event_type.eq_any(types.clone()));
        }
        ids.extend(of_realm.select(events::id).load::<String>(conn).await?);
    }
    ids.truncate(fetch);
    Ok(ids)
}

/// The next events that a hook was told of, of any type.
async fn next_told(
    conn: &mut Conn,
    hook: &str,
    part: &EventQuery,
    gone: Option<&String>,
) -> Result<Vec<String>, StoreError> {
    let found = notifications::table
        .filter(notifications::hook_id.eq(hook.to_owned()))
        .select(notifications::event_id)
        .distinct()
        .limit(TOLD)
        .into_boxed::<Backend>();
    let found = within!(found, notifications::event_id, bounds(part, gone));
    let found = match part.page.direction {
        Direction::Asc => found.order(notifications::event_id.asc()),
        Direction::Desc => found.order(notifications::event_id.desc()),
    };
    Ok(found.load(conn).await?)
}

/// The page's ids among several types, each read from its own stretch of the index: a filter on the realm's whole index would
/// walk past all other events, which may be millions.
async fn first_of_each(
    conn: &mut Conn,
    query: &EventQuery,
    gone: Option<&String>,
    types: &[&'static str],
) -> Result<Vec<String>, StoreError> {
    let fetch = usize::try_from(query.page.fetch()).unwrap_or(usize::MAX);
    let mut ids: Vec<String> = Vec::new();
    for event_type in types {
        let mut nearer = query.clone();
        // A full page bounds what the remaining types may add; an event of another type is not the worst itself.
        if let Some(worst) = ids.get(fetch - 1).and_then(|worst| EventId::parse(worst).ok()) {
            match query.page.direction {
                Direction::Asc => nearer.before = Some(worst),
                Direction::Desc => nearer.since = Some(worst),
            }
        }
        let found = matching(&nearer, gone).filter(events::event_type.eq(*event_type));
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
