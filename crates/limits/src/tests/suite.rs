//! One suite for every backend.

use tokio::task::JoinSet;

use super::stage::{MINUTE, Stage, limit, outcome};
use crate::Limit;

macro_rules! on_all_backends {
    ($($name:ident),* $(,)?) => {
        on_all_backends!(@one memory, ($($name),*));
        mod needs_redis {
            on_all_backends!(@one redis, ($($name),*));
            on_all_backends!(@one remembering, ($($name),*));
        }
    };
    (@one $backend:ident, ($($name:ident),*)) => {
        mod $backend {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $name() {
                    crate::tests::suite::$name(crate::tests::stage::Stage::$backend().await).await;
                }
            )*
        }
    };
}

on_all_backends! {
    accepts_up_to_max_and_counts_down,
    slides_entry_by_entry,
    does_not_count_refusals,
    keeps_keys_apart,
    remaining_ignores_what_has_left_the_window,
    refund_gives_back_one_entry,
    refund_of_nothing_does_nothing,
    shrinking_max_holds_at_once_and_loses_nothing,
    growing_max_holds_at_once,
    changing_the_window_holds_at_once,
    max_zero_refuses_all,
    max_one_works,
    long_and_strange_keys_are_keys,
    bounds_hold_for_absurd_settings,
    t_11_parallel_takes_accept_exactly_max,
    t_11_parallel_takes_and_refunds_never_exceed_max,
}

async fn accepts_up_to_max_and_counts_down(stage: Stage) {
    let limit = limit(3, MINUTE);
    for (at, expected) in [
        (0, (true, 2, 60_000)),
        (10, (true, 1, 59_990)),
        (20, (true, 0, 59_970)),
        (30, (false, 0, 59_940)),
    ] {
        stage.pass(at);
        let decision = stage.limiter.take(&limit, "a").await;
        assert_eq!(outcome(&decision), expected);
        assert_eq!((decision.limit, decision.window_ms), (3, MINUTE));
    }
}

async fn slides_entry_by_entry(stage: Stage) {
    let limit = limit(3, MINUTE);
    for _ in 0..3 {
        assert!(stage.limiter.take(&limit, "a").await.allowed);
        stage.pass(10_000);
    }
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (false, 0, 30_000));
    stage.pass(29_999);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (false, 0, 1));
    stage.pass(1);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (true, 0, 10_000));
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (false, 0, 10_000));
    stage.pass(20_000);
    assert_eq!(stage.takes(&limit, "a", 5).await, 2);
}

async fn does_not_count_refusals(stage: Stage) {
    let limit = limit(2, MINUTE);
    assert_eq!(stage.takes(&limit, "a", 2).await, 2);
    for _ in 0..60 {
        stage.pass(900);
        assert!(!stage.limiter.take(&limit, "a").await.allowed);
    }
    stage.pass(6_000);
    assert_eq!(stage.takes(&limit, "a", 5).await, 2);
}

async fn keeps_keys_apart(stage: Stage) {
    let limit = limit(1, MINUTE);
    for key in ["a", "b", "A", "a ", "", "a:b"] {
        assert_eq!(stage.takes(&limit, key, 3).await, 1, "{key:?}");
    }
}

async fn remaining_ignores_what_has_left_the_window(stage: Stage) {
    // Takes at 0, 1, .. 9 seconds, and looks again when some of them have left.
    let limit = limit(20, MINUTE);
    for _ in 0..10 {
        stage.limiter.take(&limit, "a").await;
        stage.pass(1_000);
    }
    stage.pass(53_500);
    // 63.5 s: those of 0 to 3 s have left, six are there.
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (true, 13, 500));
    stage.pass(600);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (true, 13, 900));
    stage.pass(30_000);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (true, 17, 29_400));
    stage.pass(60_000);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (true, 19, 60_000));
}

async fn refund_gives_back_one_entry(stage: Stage) {
    let limit = limit(3, MINUTE);
    let mut stamps = Vec::new();
    // Two of the three share a millisecond.
    for pause in [0, 0, 5] {
        stage.pass(pause);
        stamps.push(stage.limiter.take(&limit, "a").await.stamp);
    }
    assert!(!stage.limiter.take(&limit, "a").await.allowed);
    stage.limiter.refund(&limit, "a", stamps[1]).await;
    assert_eq!(stage.takes(&limit, "a", 3).await, 1);
    stage.limiter.refund(&limit, "a", stamps[0]).await;
    stage.limiter.refund(&limit, "a", stamps[2]).await;
    assert_eq!(stage.takes(&limit, "a", 3).await, 2);
}

async fn refund_of_nothing_does_nothing(stage: Stage) {
    let limit = limit(2, MINUTE);
    let first = stage.limiter.take(&limit, "a").await;
    stage.pass(5);
    stage.limiter.take(&limit, "a").await;
    let refused = stage.limiter.take(&limit, "a").await;
    stage.limiter.refund(&limit, "a", refused.stamp).await;
    for stamp in [refused.stamp, first.stamp + 1, 1, -1, i64::MIN, i64::MAX] {
        stage.limiter.refund(&limit, "a", stamp).await;
    }
    stage.limiter.refund(&limit, "b", first.stamp).await;
    assert!(!stage.limiter.take(&limit, "a").await.allowed);
    // The same refund twice gives back one.
    stage.limiter.refund(&limit, "a", first.stamp).await;
    stage.limiter.refund(&limit, "a", first.stamp).await;
    assert_eq!(stage.takes(&limit, "a", 3).await, 1);
}

async fn shrinking_max_holds_at_once_and_loses_nothing(stage: Stage) {
    let (large, small) = (limit(6, MINUTE), limit(2, MINUTE));
    for _ in 0..6 {
        stage.limiter.take(&large, "a").await;
        stage.pass(1_000);
    }
    // Now 6 s; the second newest is of 4 s.
    assert_eq!(outcome(&stage.limiter.take(&small, "a").await), (false, 0, 58_000));
    // The six are still counted when max grows again.
    assert_eq!(outcome(&stage.limiter.take(&large, "a").await), (false, 0, 54_000));
    stage.pass(58_000);
    // 64 s: only that of 5 s is left.
    assert_eq!(outcome(&stage.limiter.take(&small, "a").await), (true, 0, 1_000));
    assert_eq!(outcome(&stage.limiter.take(&large, "a").await), (true, 3, 1_000));
}

async fn growing_max_holds_at_once(stage: Stage) {
    let (small, large) = (limit(2, MINUTE), limit(5, MINUTE));
    assert_eq!(stage.takes(&small, "a", 4).await, 2);
    assert_eq!(outcome(&stage.limiter.take(&large, "a").await), (true, 2, 60_000));
    assert_eq!(stage.takes(&large, "a", 4).await, 2);
    assert!(!stage.limiter.take(&small, "a").await.allowed);
}

async fn changing_the_window_holds_at_once(stage: Stage) {
    let (short, long) = (limit(2, MINUTE), limit(2, 3 * MINUTE));
    stage.limiter.take(&long, "a").await;
    stage.limiter.take(&long, "a").await;
    stage.pass(90_000);
    assert_eq!(outcome(&stage.limiter.take(&long, "a").await), (false, 0, 90_000));
    // Shorter: both have left.
    assert_eq!(outcome(&stage.limiter.take(&short, "a").await), (true, 1, 60_000));
    stage.pass(59_999);
    assert_eq!(outcome(&stage.limiter.take(&short, "a").await), (true, 0, 1));
    // Longer again: what had left the shorter window is gone, the rest stays for longer.
    assert_eq!(outcome(&stage.limiter.take(&long, "a").await), (false, 0, 120_001));
}

async fn max_zero_refuses_all(stage: Stage) {
    let zero = limit(0, MINUTE);
    assert_eq!(outcome(&stage.limiter.take(&zero, "a").await), (false, 0, MINUTE));
    assert!(stage.limiter.take(&limit(1, MINUTE), "a").await.allowed);
    assert!(!stage.limiter.take(&zero, "a").await.allowed);
}

async fn max_one_works(stage: Stage) {
    let one = limit(1, MINUTE);
    for _ in 0..3 {
        assert_eq!(outcome(&stage.limiter.take(&one, "a").await), (true, 0, 60_000));
        stage.pass(59_999);
        assert_eq!(outcome(&stage.limiter.take(&one, "a").await), (false, 0, 1));
        stage.pass(1);
    }
}

async fn long_and_strange_keys_are_keys(stage: Stage) {
    let one = limit(1, MINUTE);
    let long = "x".repeat(1_000_000);
    let longer = "x".repeat(1_000_001);
    for key in [
        &long,
        &longer,
        "{a}1",
        "{a}2",
        "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
        "日本語",
        "\0",
    ] {
        let first = stage.limiter.take(&one, key).await;
        assert!(first.allowed);
        assert!(!stage.limiter.take(&one, key).await.allowed);
        stage.limiter.refund(&one, key, first.stamp).await;
        assert_eq!(stage.takes(&one, key, 2).await, 1);
    }
}

async fn bounds_hold_for_absurd_settings(stage: Stage) {
    let huge = limit(u32::MAX, u64::MAX);
    let decision = stage.limiter.take(&huge, "huge").await;
    assert!(decision.allowed);
    assert_eq!(
        (decision.limit, decision.window_ms),
        (Limit::LARGEST_MAX, Limit::LONGEST_WINDOW_MS)
    );
    assert_eq!(decision.remaining, Limit::LARGEST_MAX - 1);
    let empty = limit(1, 0);
    assert_eq!(stage.limiter.take(&empty, "empty").await.window_ms, 1);
}

async fn t_11_parallel_takes_accept_exactly_max(stage: Stage) {
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        let limiter = stage.limiter.clone();
        tasks.spawn(async move { limiter.take(&limit(10, MINUTE), "victim").await.allowed });
    }
    let accepted = tasks.join_all().await.into_iter().filter(|allowed| *allowed).count();
    assert_eq!(accepted, 10);
}

async fn t_11_parallel_takes_and_refunds_never_exceed_max(stage: Stage) {
    // Each task holds its slot for a moment and gives it back: at no time may more than five hold one.
    let holding = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        let (limiter, holding) = (stage.limiter.clone(), holding.clone());
        tasks.spawn(async move {
            let limit = limit(5, MINUTE);
            let decision = limiter.take(&limit, "victim").await;
            if decision.allowed {
                let now = 1 + holding.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                assert!(now <= 5, "{now} at once");
                tokio::task::yield_now().await;
                holding.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                limiter.refund(&limit, "victim", decision.stamp).await;
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(
        stage.takes(&limit(5, MINUTE), "victim", 9).await,
        5,
        "all slots came back"
    );
}
