//! One lane: what is due in it, a few at a time, until nothing is or it is somebody else's turn.

use futures::future::join_all;

use super::{KEEP, LEASE_MS, Outcome, Tried, mail, out_of_time, webhook};
use crate::State;
use crate::error::Error;
use crate::rules::hook::Hook;
use crate::rules::retry;
use crate::store::{Attempted, EventRow, HookRow, LaneRow, NotificationRow};

/// Attempts at once: what one place is asked for at a time.
const AT_ONCE: i64 = 8;
/// How often that many are taken before other lanes have their turn.
const ROUNDS: usize = 50;

/// How a lane fares: failures in a row, and until when it rests.
struct Health {
    failures: i64,
    paused_until: i64,
}

/// Works on a lane that was taken, and leaves it.
pub(super) async fn work(state: &State, lane: LaneRow, holder: &str) {
    let mut health = Health {
        failures: lane.failures,
        paused_until: lane.paused_until,
    };
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
        // What has failed again and again is asked for one thing, to see whether it is back.
        let width = if health.failures >= retry::BREAK { 1 } else { AT_ONCE };
        let due = state.store.list_due(lane.id.clone(), now, width).await?;
        if due.is_empty() {
            return Ok(());
        }
        let attempts = due.into_iter().map(|(row, event)| attempt(state, &place, row, event));
        for tried in join_all(attempts).await {
            match tried? {
                Outcome::Done => health.failures = 0,
                Outcome::Again => health.failures = health.failures.saturating_add(1),
                Outcome::Failed | Outcome::Never => {}
            }
        }
        if let Some(rest) = retry::rest(health.failures, state.rng.u128()) {
            health.paused_until = state.clock.now_ms().saturating_add(rest);
            tracing::warn!(
                lane = lane.id,
                failures = health.failures,
                "a lane is left alone for a while"
            );
        }
    }
    Ok(())
}

/// A hook, to be delivered to.
pub(crate) struct Place {
    pub(crate) row: HookRow,
    pub(crate) hook: Hook,
}

/// Where a lane leads.
enum Way {
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

/// Tries one, and notes down what came of it.
async fn attempt(state: &State, way: &Way, row: NotificationRow, event: Option<EventRow>) -> Result<Outcome, Error> {
    let (id, before) = (row.id.clone(), row.attempts);
    let tried = match event {
        None => Tried {
            outcome: Outcome::Never,
            destination: None,
            result: "the event was removed".to_owned(),
        },
        Some(event) => match way {
            Way::Webhook(place) => webhook::send(state, place, row, event).await?,
            Way::Email(place) => mail::deliver(state, Some(place), row, event).await?,
            Way::BuiltIn => mail::deliver(state, None, row, event).await?,
        },
    };
    let now = state.clock.now_ms();
    let attempts = before.saturating_add(1);
    let next = match tried.outcome {
        Outcome::Again => retry::pause(attempts, state.rng.u128()).map(|pause| now.saturating_add(pause)),
        Outcome::Done | Outcome::Failed | Outcome::Never => None,
    };
    let told = match (tried.outcome, next) {
        (Outcome::Done, _) => "completed",
        (Outcome::Again, Some(_)) => "in_progress",
        (Outcome::Again, None) | (Outcome::Failed, _) => "failed",
        (Outcome::Never, _) => "canceled",
    };
    if tried.outcome != Outcome::Done {
        tracing::info!(
            notification = id,
            state = told,
            attempts,
            result = tried.result,
            "not delivered"
        );
    }
    let noted = Attempted {
        state: told,
        counts: i64::from(tried.outcome != Outcome::Never),
        due_at: next,
        at: now,
        destination: tried.destination,
        result: tried.result,
    };
    state.store.note_attempt(id, before, noted).await?;
    Ok(tried.outcome)
}
