//! What is allowed: how many times in how long, and what holds while Redis is away.

use crate::LimitsError;

/// What a limit does while Redis is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnOutage {
    /// Lets everything through.
    Allow,
    /// Refuses everything.
    Refuse,
    /// Counts in this process alone.
    Memory,
}

/// How many times something may happen within a sliding window.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What is limited, such as `login`; for headers and logs, keys are spelled out by the caller.
    pub name: String,
    /// Times within the window; 0 refuses all.
    pub max: u32,
    /// Length of the window in milliseconds.
    pub window_ms: u64,
    /// What holds while Redis is away.
    pub on_outage: OnOutage,
}

impl Limit {
    /// The largest `max`: each accepted time is kept, so a limit costs memory in proportion.
    pub const LARGEST_MAX: u32 = 100_000;

    /// The longest window: 366 days.
    pub const LONGEST_WINDOW_MS: u64 = 366 * 24 * 60 * 60 * 1000;

    /// Tells whether the limiter can hold this limit to the letter; one that fails is held at the nearest bound.
    ///
    /// # Errors
    /// [`LimitsError::OutOfBounds`] when `max` or `window_ms` is too large, or the window is empty.
    pub fn check(&self) -> Result<(), LimitsError> {
        if self.max == self.effective_max() && self.window_ms == self.effective_window_ms() {
            Ok(())
        } else {
            Err(LimitsError::OutOfBounds {
                name: self.name.clone(),
            })
        }
    }

    pub(crate) fn effective_max(&self) -> u32 {
        self.max.min(Self::LARGEST_MAX)
    }

    pub(crate) fn effective_window_ms(&self) -> u64 {
        self.window_ms.clamp(1, Self::LONGEST_WINDOW_MS)
    }

    /// The settings in the units of the algorithm.
    pub(crate) fn rule(&self) -> Rule {
        Rule {
            max: self.effective_max(),
            window: i64::try_from(self.effective_window_ms()).unwrap_or(i64::MAX),
        }
    }
}

/// The two numbers of a limit, within their bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) max: u32,
    pub(crate) window: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_names_limits_that_cannot_be_held() {
        let limit = |max, window_ms| Limit {
            name: "login".to_owned(),
            max,
            window_ms,
            on_outage: OnOutage::Refuse,
        };
        for (good, tried) in [
            (true, limit(30, 60_000)),
            (true, limit(0, 1)),
            (true, limit(Limit::LARGEST_MAX, Limit::LONGEST_WINDOW_MS)),
            (false, limit(Limit::LARGEST_MAX + 1, 60_000)),
            (false, limit(30, Limit::LONGEST_WINDOW_MS + 1)),
            (false, limit(30, u64::MAX)),
            (false, limit(30, 0)),
        ] {
            assert_eq!(tried.check().is_ok(), good, "{tried:?}");
        }
    }
}
