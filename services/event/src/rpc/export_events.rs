//! ExportEvents: all events that meet a filter, oldest first, however many.

use std::pin::Pin;
use std::sync::Arc;
use std::vec::IntoIter;

use futures::{Stream, stream};
use gantry_kernel::{Direction, EventId, HookId, Problem, RealmId, Reason, Sort};
use gantry_proto::event::v2::{EventRecord, ExportEventsRequest};
use gantry_rpc::{Call, ListFields, page, to_status};
use tokio::time::Instant;
use tonic::{Request, Response, Status};

use crate::error::Error;
use crate::rules::filter::{id, read_filter};
use crate::rules::list::{EventQuery, first_at, times};
use crate::store::EventRow;
use crate::{State, convert};

/// Rows that are read at a time, and so the most that an export holds in memory.
const PAGE: i64 = 500;

/// The events, as somebody takes them in.
pub(crate) type Exported = Pin<Box<dyn Stream<Item = Result<EventRecord, Status>> + Send>>;

/// Begins an export. It ends with what was made up to now; `after` with the last id that was read goes on from there.
pub(crate) async fn start(
    state: &Arc<State>,
    request: Request<ExportEventsRequest>,
) -> Result<Response<Exported>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let query = read(realm, &asked, state.clock.now_ms())?;
    let mut pages = Pages {
        state: Arc::clone(state),
        call,
        query,
        rows: Vec::new().into_iter(),
        more: true,
        asked_at: Instant::now(),
    };
    pages.turn().await?;
    Ok(Response::new(Box::pin(stream::unfold(Some(pages), next))))
}

/// Reads what is asked for, and tells all that is wrong with it at once.
fn read(realm_id: RealmId, asked: &ExportEventsRequest, now_ms: i64) -> Result<EventQuery, Problem> {
    let mut wrong = Vec::new();
    let fields = ListFields {
        after: asked.after.as_deref(),
        max_results: Some(PAGE),
        ..ListFields::default()
    };
    let page = page::<EventId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc));
    let page = page.map_err(|problem| wrong.extend(problem.violations)).ok();
    let filter = read_filter!(asked, wrong);
    let hook_id = id::<HookId>(&asked.hook_id, "hook_id", &mut wrong);
    let times = times(asked.created_at_after, asked.created_at_before, now_ms);
    let times = times.map_err(|violation| wrong.push(violation)).ok();
    match (page, times) {
        (Some(page), Some((since, before))) if wrong.is_empty() => {
            // What is made while others are read belongs to the next export: this one has an end.
            let now = first_at(now_ms.saturating_add(1));
            let before = match (before, now) {
                (Some(before), Some(now)) => Some(before.min(now)),
                (before, now) => before.or(now),
            };
            Ok(EventQuery {
                realm_id,
                filter,
                hook_id,
                since,
                before,
                page,
            })
        }
        _ => Err(Problem::invalid(wrong)),
    }
}

/// Where an export is.
struct Pages {
    state: Arc<State>,
    call: Call,
    query: EventQuery,
    rows: IntoIter<EventRow>,
    more: bool,
    /// When the key was asked after.
    asked_at: Instant,
}

impl Pages {
    /// Reads the next page.
    async fn turn(&mut self) -> Result<(), Problem> {
        if self.state.stop.is_cancelled() {
            return Err(Reason::Unavailable.into());
        }
        if self.asked_at.elapsed() > self.state.pace.trust / 3 {
            self.call.still_allowed().await?;
            self.asked_at = Instant::now();
        }
        let rows = self.state.store.list_events(self.query.clone()).await;
        let rows = rows.map_err(|error| {
            tracing::warn!(%error, "an export cannot read on");
            error.problem()
        })?;
        let (rows, more) = self.query.page.cut(rows);
        self.query.page.after = rows.last().map(|row| row.id.clone());
        self.more = more;
        self.rows = rows.into_iter();
        Ok(())
    }
}

async fn next(pages: Option<Pages>) -> Option<(Result<EventRecord, Status>, Option<Pages>)> {
    let mut pages = pages?;
    loop {
        if let Some(row) = pages.rows.next() {
            // A stream shows no tokens: it outlives the moment in which its key was looked at.
            return Some((Ok(convert::record(row, None)), Some(pages)));
        }
        if !pages.more {
            return None;
        }
        if let Err(problem) = pages.turn().await {
            return Some((Err(to_status(&problem)), None));
        }
    }
}
