//! What must hold for any sequence of calls, against a model that is too simple to be wrong.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use super::stage::{MINUTE, Stage, limit, outcome};

/// One thing that happens to a key.
#[derive(Debug, Clone)]
enum Step {
    Pass(i64),
    Take {
        max: u32,
    },
    /// Gives back one of the accepted entries, by its position.
    Refund(usize),
}

/// Every accepted time that was not given back.
#[derive(Default)]
struct Model {
    accepted: Vec<(i64, i64)>,
}

impl Model {
    fn expect(&self, max: u32, now: i64) -> (bool, u32, u64) {
        let window = i64::try_from(MINUTE).unwrap();
        let inside: Vec<i64> = self
            .accepted
            .iter()
            .map(|(at, _)| *at)
            .filter(|at| *at > now - window)
            .collect();
        let max = usize::try_from(max).unwrap();
        let until = |at: i64| u64::try_from(at + window - now).unwrap();
        match inside.len().checked_sub(max) {
            // A slot is free again when so many have left that fewer than max are inside.
            Some(too_many) => (false, 0, until(inside[too_many])),
            None => (
                true,
                u32::try_from(max - inside.len() - 1).unwrap(),
                until(inside.first().copied().unwrap_or(now)),
            ),
        }
    }
}

fn steps(max: impl Strategy<Value = u32>) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => prop_oneof![Just(0_i64), 1_i64..50, 1_000_i64..40_000, Just(59_999), Just(60_000)].prop_map(Step::Pass),
        6 => max.prop_map(|max| Step::Take { max }),
        1 => any::<usize>().prop_map(Step::Refund),
    ];
    vec(step, 1..60)
}

async fn follows_the_model(stage: &Stage, key: &str, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    let mut now = 0;
    for step in steps {
        match step {
            Step::Pass(ms) => {
                stage.pass(ms);
                now += ms;
            }
            Step::Take { max } => {
                let decision = stage.limiter.take(&limit(max, MINUTE), key).await;
                prop_assert_eq!(outcome(&decision), model.expect(max, now));
                if decision.allowed {
                    model.accepted.push((now, decision.stamp));
                }
            }
            Step::Refund(at) => {
                // Only what is still inside: what has left may or may not be in the ring.
                let inside = model.accepted.partition_point(|(at, _)| *at <= now - 60_000);
                let count = model.accepted.len() - inside;
                if count > 0 {
                    let (_, stamp) = model.accepted.remove(inside + at % count);
                    stage.limiter.refund(&limit(1, MINUTE), key, stamp).await;
                }
            }
        }
    }
    Ok(())
}

async fn never_more_than_max(stage: &Stage, key: &str, max: u32, pauses: Vec<i64>) -> Result<(), TestCaseError> {
    let (mut now, mut accepted) = (0, Vec::new());
    for pause in pauses {
        stage.pass(pause);
        now += pause;
        if stage.limiter.take(&limit(max, MINUTE), key).await.allowed {
            accepted.push(now);
        }
    }
    for window in accepted.windows(usize::try_from(max).unwrap() + 1) {
        prop_assert!(
            window[window.len() - 1] - window[0] >= 60_000,
            "{:?} within a window",
            window
        );
    }
    Ok(())
}

/// Runs a property on fresh keys of one stage.
fn holds<S: Strategy>(
    stage: impl Future<Output = Stage>,
    cases: u32,
    strategy: S,
    property: impl AsyncFn(&Stage, &str, S::Value) -> Result<(), TestCaseError>,
) {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(stage);
    let key = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let run = |value| {
        key.set(key.get() + 1);
        runtime.block_on(property(&stage, &format!("case:{}", key.get()), value))
    };
    runner.run(&strategy, run).unwrap();
}

fn model_holds(stage: impl Future<Output = Stage>, cases: u32) {
    holds(stage, cases, steps(1_u32..9), async |stage, key, steps| {
        follows_the_model(stage, key, steps).await
    });
}

fn max_holds(stage: impl Future<Output = Stage>, cases: u32) {
    let pauses = vec(
        prop_oneof![3 => Just(0_i64), 3 => 0_i64..2_000, 1 => 0_i64..70_000],
        1..150,
    );
    holds(stage, cases, (1_u32..12, pauses), async |stage, key, (max, pauses)| {
        never_more_than_max(stage, key, max, pauses).await
    });
}

mod memory {
    use super::*;

    #[test]
    fn follows_the_model() {
        model_holds(Stage::memory(), 512);
    }

    #[test]
    fn never_accepts_more_than_max_in_any_window() {
        max_holds(Stage::memory(), 512);
    }
}

mod needs_redis {
    use super::*;

    #[test]
    fn follows_the_model() {
        model_holds(Stage::redis(), 64);
    }

    #[test]
    fn with_remembered_refusals_follows_the_model() {
        model_holds(Stage::remembering(), 64);
    }

    #[test]
    fn never_accepts_more_than_max_in_any_window() {
        max_holds(Stage::redis(), 32);
    }
}
