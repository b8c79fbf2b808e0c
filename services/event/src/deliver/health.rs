//! How a place fares: what fails again and again is left alone for a while, and what fails for days is switched off.

use gantry_kernel::EventId;

use super::lane::{Place, Way};
use super::{Outcome, State};
use crate::error::Error;
use crate::rules::event::Event;
use crate::rules::retry;
use crate::store::LaneRow;

/// How a lane fares: failures in a row, and until when it rests.
pub(super) struct Health {
    lane: String,
    pub(super) failures: i64,
    pub(super) paused_until: i64,
    /// Whether its hook has failed since something last arrived.
    failing: Option<bool>,
}

impl Health {
    pub(super) fn of(lane: &LaneRow) -> Self {
        Self {
            lane: lane.id.clone(),
            failures: lane.failures,
            paused_until: lane.paused_until,
            failing: None,
        }
    }

    /// Whether it has failed so often in a row that it is asked for one thing at a time.
    pub(super) fn is_broken(&self) -> bool {
        self.failures >= retry::BREAK
    }
}

/// Judges a place by what came of a few attempts at a time; tells whether to go on with it now.
pub(super) async fn judge(
    state: &State,
    way: &Way,
    health: &mut Health,
    (outcomes, at): (&[Outcome], i64),
) -> Result<bool, Error> {
    for outcome in outcomes {
        match outcome {
            Outcome::Done => health.failures = 0,
            Outcome::Again => health.failures = health.failures.saturating_add(1),
            Outcome::Failed | Outcome::Never => {}
        }
    }
    if let Way::Webhook(place) = way
        && is_over(state, place, health, (outcomes, at)).await?
    {
        return Ok(false);
    }
    let Some(rest) = retry::rest(health.failures, state.rng.u128()) else {
        return Ok(true);
    };
    health.paused_until = at.saturating_add(rest);
    let (lane, failures) = (&health.lane, health.failures);
    tracing::warn!(lane, failures, "a lane is left alone for a while");
    Ok(false)
}

/// Keeps a webhook's books, and switches off one to which nothing has come for days; tells whether it did.
async fn is_over(
    state: &State,
    place: &Place,
    health: &mut Health,
    (outcomes, now): (&[Outcome], i64),
) -> Result<bool, Error> {
    let failing = health.failing.unwrap_or(place.row.failing_since.is_some());
    let id = place.row.id.clone();
    if outcomes.contains(&Outcome::Done) {
        if failing {
            state.store.note_well(id).await?;
        }
        health.failing = Some(false);
        return Ok(false);
    }
    let failed = outcomes.iter().filter(|outcome| **outcome == Outcome::Again).count();
    if failed == 0 {
        return Ok(false);
    }
    health.failing = Some(true);
    let count = i64::try_from(failed).unwrap_or(i64::MAX);
    let Some(since) = state.store.note_failing(id.clone(), count, now).await? else {
        return Ok(true);
    };
    if !retry::is_hopeless(since, now) {
        return Ok(false);
    }
    let event = Event {
        id: state.ids.id::<EventId>().into_string(),
        realm_id: place.row.realm_id.clone(),
        event_type: "hook.disabled".to_owned(),
        event_at: now,
        hook_id: Some(id.clone()),
        ..Event::default()
    };
    state
        .store
        .switch_off(id.clone(), event, now, state.ids.clone())
        .await?;
    state.hub.nudge();
    state.deliveries.notify_one();
    state.metrics.switched_off.inc();
    tracing::warn!(hook = id, "a hook was switched off: nothing has arrived for days");
    Ok(true)
}
