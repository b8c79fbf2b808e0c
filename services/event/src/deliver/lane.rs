//! One lane: what is due in it, a few at a time, until nothing is or it is somebody else's turn.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::{StreamExt, stream};

use super::health::{Health, judge};
use super::{KEEP, LEASE_MS, Outcome, Tried, mail, out_of_time, webhook};
use crate::State;
use crate::error::Error;
use crate::rules::hook::Hook;
use crate::rules::retry;
use crate::store::{Attempted, EventRow, HookRow, LaneRow, NotificationRow};

/// Attempts at once: what one place is asked for at a time.
const AT_ONCE: usize = 8;
/// How many are read at once.
const PAGE: i64 = 64;
/// How often that many are taken before other lanes have their turn.
const ROUNDS: usize = 8;

/// Works on a lane that was taken, and leaves it.
pub(super) async fn work(state: &State, lane: LaneRow, holder: &str) {
    let mut health = Health::of(&lane);
    let delivered = tokio::select! {
        delivered = deliver(state, &lane, &mut health) => delivered,
        () = keep(state, &lane.id, holder) => {
            tracing::warn!(lane = lane.id, "a lane was taken over by another process");
            return;
        }
        () = out_of_time(&state.stop) => Ok(()),
    };
    if let Err(error) = delivered {
        // Left to its lease: whoever takes it over then may fare better.
        tracing::warn!(lane = lane.id, error = ?error, "a lane's deliveries wait");
        return;
    }
    let told = (health.failures, health.paused_until);
    if let Err(error) = state.store.leave_lane(lane.id.clone(), holder.to_owned(), told).await {
        tracing::warn!(lane = lane.id, %error, "a lane could not be left");
    }
}

/// Says again and again that this process is alive; ends when the lane is another's.
async fn keep(state: &State, lane: &str, holder: &str) {
    loop {
        tokio::time::sleep(KEEP).await;
        let until = state.clock.now_ms().saturating_add(LEASE_MS);
        if let Ok(false) = state.store.keep_lane(lane.to_owned(), holder.to_owned(), until).await {
            return;
        }
    }
}

async fn deliver(state: &State, lane: &LaneRow, health: &mut Health) -> Result<(), Error> {
    let Some(place) = way(state, lane).await? else {
        while state
            .store
            .call_off(lane.id.clone(), "the hook was removed or switched off".to_owned())
            .await?
        {}
        return Ok(());
    };
    for _ in 0..ROUNDS {
        let now = state.clock.now_ms();
        if health.paused_until > now || state.stop.is_cancelled() {
            return Ok(());
        }
        let due = due(state, lane, &place, health, now).await?;
        if due.is_empty() || !try_all(state, &place, health, due).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// What is due. What has failed again and again is asked for one thing, to see whether it is back.
async fn due(
    state: &State,
    lane: &LaneRow,
    way: &Way,
    health: &Health,
    now: i64,
) -> Result<Vec<(NotificationRow, Option<EventRow>)>, Error> {
    let many = if health.is_broken() { 1 } else { PAGE };
    let ordered = matches!(way, Way::Webhook(place) if place.hook.ordered);
    if !ordered {
        return Ok(state.store.list_due(lane.id.clone(), now, many).await?);
    }
    // Of those who wait their turn one page may hold nobody whose turn it is: then they were put off, and the next is looked at.
    for _ in 0..ROUNDS {
        let due = state.store.list_due_in_order(lane.id.clone(), now, PAGE).await?;
        if !due.is_empty() {
            return Ok(due.into_iter().take(usize::try_from(many).unwrap_or(1)).collect());
        }
    }
    Ok(Vec::new())
}

/// Tries what is due, a few at a time, and notes down what came of each as it comes; tells whether to go on.
async fn try_all(
    state: &State,
    way: &Way,
    health: &mut Health,
    due: Vec<(NotificationRow, Option<EventRow>)>,
) -> Result<bool, Error> {
    let enough = AtomicBool::new(false);
    let begun = stream::iter(due).take_while(|_| std::future::ready(!enough.load(Ordering::Relaxed)));
    let tried = begun.map(|(row, event)| attempt(state, way, row, event));
    let mut tried = tried.buffer_unordered(AT_ONCE).ready_chunks(AT_ONCE);
    while let Some(chunk) = tried.next().await {
        let mut outcomes = Vec::with_capacity(chunk.len());
        let mut told = Vec::with_capacity(chunk.len());
        let mut at = 0;
        for one in chunk {
            let (outcome, attempted) = one?;
            outcomes.push(outcome);
            at = at.max(attempted.at);
            told.push(attempted);
        }
        state.store.note_attempts(told).await?;
        let goes_on = judge(state, way, health, (&outcomes, at)).await?;
        if !goes_on || state.stop.is_cancelled() {
            // What is on its way is waited for: nobody knows otherwise whether it arrived.
            enough.store(true, Ordering::Relaxed);
        }
    }
    Ok(!enough.load(Ordering::Relaxed))
}

/// A hook, to be delivered to.
pub(crate) struct Place {
    pub(crate) row: HookRow,
    pub(crate) hook: Hook,
}

/// Where a lane leads.
pub(super) enum Way {
    Webhook(Place),
    Email(Place),
    /// The mails that are built in.
    BuiltIn,
}

/// Finds where a lane leads; `None` when there is no such place any more.
async fn way(state: &State, lane: &LaneRow) -> Result<Option<Way>, Error> {
    if lane.id == lane.realm_id {
        return Ok(Some(Way::BuiltIn));
    }
    let found = state.store.find_hook(lane.realm_id.clone(), lane.id.clone()).await?;
    let Some(row) = found.filter(|row| row.state == "active") else {
        return Ok(None);
    };
    let hook = state.opened(&row)?;
    let place = Place { row, hook };
    Ok(match place.row.hook_type.as_str() {
        "webhook" => Some(Way::Webhook(place)),
        "email" => Some(Way::Email(place)),
        _ => None,
    })
}

/// Tries one, and tells what came of it.
async fn attempt(
    state: &State,
    way: &Way,
    row: NotificationRow,
    event: Option<EventRow>,
) -> Result<(Outcome, Attempted), Error> {
    let (id, before, earlier) = (row.id.clone(), row.attempts, row.attempts_before);
    let hook_type = row.hook_type.clone();
    let began = state.clock.monotonic_ms();
    let tried = match event {
        None => Tried {
            outcome: Outcome::Never,
            status: None,
            destination: None,
            result: "the event was removed".to_owned(),
        },
        Some(event) => match way {
            Way::Webhook(place) => webhook::send(state, place, row, event).await?,
            Way::Email(place) => mail::deliver(state, Some(place), row, event).await?,
            Way::BuiltIn => mail::deliver(state, None, row, event).await?,
        },
    };
    let (now, took) = (state.clock.now_ms(), state.clock.monotonic_ms().saturating_sub(began));
    state.metrics.count(&hook_type, &tried, took);
    let attempts = before.saturating_add(1);
    let next = match tried.outcome {
        Outcome::Again => {
            let pause = retry::pause(attempts.saturating_sub(earlier), state.rng.u128());
            pause.map(|pause| now.saturating_add(pause))
        }
        Outcome::Done | Outcome::Failed | Outcome::Never => None,
    };
    let told = match (tried.outcome, next) {
        (Outcome::Done, _) => "completed",
        (Outcome::Again, Some(_)) => "in_progress",
        (Outcome::Again, None) | (Outcome::Failed, _) => "failed",
        (Outcome::Never, _) => "canceled",
    };
    if tried.outcome != Outcome::Done {
        let result = &tried.result;
        tracing::info!(notification = id, state = told, attempts, result, "not delivered");
    }
    let attempted = Attempted {
        id,
        before,
        state: told,
        due_at: next,
        at: now,
        took_ms: (tried.outcome != Outcome::Never).then_some(took),
        delivered: tried.outcome == Outcome::Done,
        status: tried.status,
        destination: tried.destination,
        result: tried.result,
    };
    Ok((tried.outcome, attempted))
}
