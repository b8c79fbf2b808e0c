//! The outage guard: after an error nobody waits for Redis, until one probe finds it back.

use std::fmt::Display;
use std::sync::Arc;

use gantry_kernel::Clock;
use parking_lot::Mutex;

/// Knows whether Redis is worth a call.
#[derive(Debug)]
pub(crate) struct Guard {
    clock: Arc<dyn Clock>,
    cool_down: i64,
    // parking_lot: held for a few instructions, never across an await.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Rises with each change between here and away, so that the late end of an old call changes nothing.
    era: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Here,
    /// Nobody calls until then.
    Away {
        until: i64,
    },
    /// One call is under way to see whether it is back.
    Probing,
}

/// What the guard says to one that wants to call.
#[derive(Debug)]
pub(crate) enum Pass<'a> {
    Call(Ticket<'a>),
    Away { next_probe_ms: i64 },
}

/// The right to one call; says how it ended. A probe that is dropped half-way (the client hung up) has failed.
#[derive(Debug)]
pub(crate) struct Ticket<'a> {
    guard: &'a Guard,
    era: u64,
    probe: bool,
}

impl Guard {
    /// Starts with Redis taken for here.
    pub(crate) fn new(clock: Arc<dyn Clock>, cool_down: i64) -> Self {
        let state = State {
            phase: Phase::Here,
            era: 0,
        };
        Self {
            clock,
            cool_down,
            state: Mutex::new(state),
        }
    }

    /// Asks for the right to call: everybody while Redis is here, one after each cool-down while it is away.
    pub(crate) fn pass(&self) -> Pass<'_> {
        let mut state = self.state.lock();
        let probe = match state.phase {
            Phase::Here => false,
            Phase::Away { until } => {
                let wait = until - self.clock.monotonic_ms();
                if wait > 0 {
                    return Pass::Away { next_probe_ms: wait };
                }
                state.phase = Phase::Probing;
                true
            }
            Phase::Probing => {
                return Pass::Away {
                    next_probe_ms: self.cool_down,
                };
            }
        };
        Pass::Call(Ticket {
            guard: self,
            era: state.era,
            probe,
        })
    }

    /// Tells whether Redis answered last time.
    pub(crate) fn is_here(&self) -> bool {
        self.state.lock().phase == Phase::Here
    }

    /// How long Redis is left alone after an error.
    pub(crate) fn cool_down(&self) -> i64 {
        self.cool_down
    }

    fn away(&self) -> Phase {
        Phase::Away {
            until: self.clock.monotonic_ms() + self.cool_down,
        }
    }
}

impl Ticket<'_> {
    /// Tells whether this call is the one that looks whether Redis is back.
    pub(crate) fn is_probe(&self) -> bool {
        self.probe
    }

    /// Redis answered.
    pub(crate) fn succeeded(mut self) {
        if self.probe {
            self.probe = false;
            let mut state = self.guard.state.lock();
            state.phase = Phase::Here;
            state.era += 1;
            tracing::info!("redis is back: limits are shared again");
        }
    }

    /// Redis did not answer, or not usefully; tells whether this was the first call to notice.
    pub(crate) fn failed(self, error: &dyn Display) -> bool {
        if self.probe {
            // `drop` starts the next cool-down.
            return false;
        }
        let mut state = self.guard.state.lock();
        let first = state.phase == Phase::Here && state.era == self.era;
        if first {
            state.phase = self.guard.away();
            state.era += 1;
            tracing::warn!(%error, "redis is away: limits do what each says for an outage");
        }
        first
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.probe {
            let away = self.guard.away();
            self.guard.state.lock().phase = away;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::ManualClock;

    fn guard() -> (Arc<ManualClock>, Guard) {
        let clock = Arc::new(ManualClock::new(0));
        (clock.clone(), Guard::new(clock, 1_000))
    }

    fn call(guard: &Guard) -> Ticket<'_> {
        match guard.pass() {
            Pass::Call(ticket) => ticket,
            Pass::Away { .. } => panic!("redis should be taken for here, or a probe be due"),
        }
    }

    fn wait(guard: &Guard) -> i64 {
        match guard.pass() {
            Pass::Away { next_probe_ms } => next_probe_ms,
            Pass::Call(_) => panic!("nobody should call now"),
        }
    }

    #[test]
    fn after_an_error_nobody_calls_until_one_probe() {
        let (clock, guard) = guard();
        assert!(call(&guard).failed(&"gone"));
        assert!(!guard.is_here());
        assert_eq!(wait(&guard), 1_000);
        clock.advance_ms(999);
        assert_eq!(wait(&guard), 1);
        clock.advance_ms(1);
        let probe = call(&guard);
        assert!(probe.is_probe());
        wait(&guard);
        probe.succeeded();
        assert!(guard.is_here());
        assert!(!call(&guard).is_probe());
    }

    #[test]
    fn a_failed_or_abandoned_probe_starts_the_next_cool_down() {
        let (clock, guard) = guard();
        call(&guard).failed(&"gone");
        for abandon in [false, true] {
            clock.advance_ms(1_000);
            let probe = call(&guard);
            if abandon {
                drop(probe);
            } else {
                assert!(!probe.failed(&"still gone"));
            }
            assert_eq!(wait(&guard), 1_000);
        }
    }

    #[test]
    fn the_late_end_of_an_old_call_changes_nothing() {
        let (clock, guard) = guard();
        let (first, second, third) = (call(&guard), call(&guard), call(&guard));
        assert!(first.failed(&"gone"));
        clock.advance_ms(500);
        assert!(!second.failed(&"gone"), "must not prolong the cool-down");
        assert_eq!(wait(&guard), 500);
        clock.advance_ms(500);
        call(&guard).succeeded();
        assert!(!third.failed(&"gone"), "was sent before redis came back");
        assert!(guard.is_here());
    }

    #[test]
    fn a_dropped_call_that_is_no_probe_says_nothing() {
        let (_, guard) = guard();
        drop(call(&guard));
        assert!(guard.is_here());
    }
}
