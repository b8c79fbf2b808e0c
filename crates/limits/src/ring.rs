//! The algorithm: the last N accepted times of one key, newest first. `take.lua` is the same in Lua.

use std::collections::VecDeque;

use crate::limit::Rule;

/// What the ring says to one take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed { remaining: u32, reset: i64, stamp: i64 },
    Refused { reset: i64 },
}

/// The accepted times of one key that are, or were a moment ago, within its window.
#[derive(Debug, Default)]
pub(crate) struct Ring(VecDeque<i64>);

impl Ring {
    /// Counts one time, unless the window that ends now is full.
    pub(crate) fn take(&mut self, rule: Rule, now: i64) -> Verdict {
        // A clock that went back must not make entries live longer than a window from now.
        self.0
            .iter_mut()
            .take_while(|time| **time > now)
            .for_each(|time| *time = now);
        let max = usize::try_from(rule.max).unwrap_or(usize::MAX);
        let over = now - rule.window;
        // One with `max` 0 never gets here; its "last of none" would be nobody.
        if let Some(nth) = max
            .checked_sub(1)
            .and_then(|last| self.0.get(last))
            .filter(|nth| **nth > over)
        {
            return Verdict::Refused {
                reset: nth + rule.window - now,
            };
        }
        let counted = self.0.partition_point(|time| *time > over);
        let oldest = counted
            .checked_sub(1)
            .and_then(|last| self.0.get(last))
            .copied()
            .unwrap_or(now);
        // What has left the window leaves the ring.
        self.0.truncate(counted);
        self.0.push_front(now);
        Verdict::Allowed {
            remaining: rule.max.saturating_sub(u32::try_from(counted + 1).unwrap_or(u32::MAX)),
            reset: oldest + rule.window - now,
            stamp: now,
        }
    }

    /// Takes one accepted time back; tells whether there was one.
    pub(crate) fn refund(&mut self, stamp: i64) -> bool {
        let found = self.0.iter().position(|time| *time == stamp);
        found.and_then(|at| self.0.remove(at)).is_some()
    }

    /// The time of the newest entry.
    pub(crate) fn newest(&self) -> Option<i64> {
        self.0.front().copied()
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<i64>()
    }
}
