//! Starting work of its own without losing the request it belongs to.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

/// Spawns a future that stays in the current span. Here alone `tokio::spawn` is called.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the wrapper that everybody else has to use"
)]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(future.in_current_span())
}

/// Spawns a future that belongs to no request, though one may have begun it: what it does for many must not stand in the trace of one.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the wrapper that everybody else has to use"
)]
pub fn spawn_apart<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(future)
}

/// The pause before work that panicked is begun anew.
const PAUSE: Duration = Duration::from_secs(1);

/// Spawns work that goes on in the background until `stop`, and begins it anew when it panics: a defect met by one piece of
/// work must not quietly end all that would come after it. Work that returns is done.
pub fn keep_at<F>(
    name: &'static str,
    stop: CancellationToken,
    begin: impl FnMut() -> F + Send + 'static,
) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    spawn(keeping_at(name, PAUSE, stop, begin))
}

async fn keeping_at<F>(name: &'static str, pause: Duration, stop: CancellationToken, mut begin: impl FnMut() -> F)
where
    F: Future<Output = ()>,
{
    // Whatever it was in the middle of is dropped with it, and it begins with what it is given anew.
    while AssertUnwindSafe(begin()).catch_unwind().await.is_err() {
        // The panic's own text may hold anything: it stays out of the log.
        tracing::error!(task = name, "a background task panicked and is begun anew");
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Does work a part at a time until `stop`: at once again while a part tells that there may be more, else when woken or after a while.
pub async fn part_by_part<F>(every: Duration, wake: &Notify, stop: &CancellationToken, part: impl Fn() -> F)
where
    F: Future<Output = bool>,
{
    while !stop.is_cancelled() {
        if part().await {
            continue;
        }
        tokio::select! {
            () = wake.notified() => {}
            () = tokio::time::sleep(every) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Runs blocking work on tokio's blocking pool, in the current span.
pub fn spawn_blocking<F, R>(work: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc;

    /// Work that panics as often as `bad`, then goes on until it is told to stop; it tells each beginning and its end.
    fn work(bad: usize, pause: Duration) -> (CancellationToken, mpsc::UnboundedReceiver<&'static str>, JoinHandle<()>) {
        let stop = CancellationToken::new();
        let (tell, told) = mpsc::unbounded_channel();
        let (mut begun, token) = (0, stop.clone());
        let task = spawn(keeping_at("test", pause, stop.clone(), move || {
            begun += 1;
            let (tell, token, panics) = (tell.clone(), token.clone(), begun <= bad);
            async move {
                tell.send("begun").unwrap();
                assert!(!panics, "a defect");
                token.cancelled().await;
                tell.send("ended").unwrap();
            }
        }));
        (stop, told, task)
    }

    #[tokio::test]
    async fn work_that_panics_is_begun_anew_and_ends_when_told() {
        let (stop, mut told, task) = work(3, Duration::ZERO);
        for _ in 0..4 {
            assert_eq!(told.recv().await, Some("begun"));
        }
        stop.cancel();
        assert_eq!(told.recv().await, Some("ended"));
        task.await.unwrap();
        assert_eq!(told.recv().await, None);
    }

    #[tokio::test]
    async fn work_that_always_panics_does_not_hold_up_the_end() {
        let (stop, mut told, task) = work(usize::MAX, Duration::from_secs(3600));
        assert_eq!(told.recv().await, Some("begun"));
        stop.cancel();
        task.await.unwrap();
    }

    #[tokio::test]
    async fn parts_follow_one_another_while_there_is_more_and_then_when_woken() {
        let (stop, wake) = (CancellationToken::new(), Notify::new());
        let (tell, mut told) = mpsc::unbounded_channel();
        let left = std::cell::Cell::new(3);
        let part = || async {
            left.set(left.get() - 1);
            tell.send(left.get()).unwrap();
            left.get() > 0
        };
        let watch = async {
            for expected in [2, 1, 0] {
                assert_eq!(told.recv().await, Some(expected));
            }
            wake.notify_one();
            assert_eq!(told.recv().await, Some(-1));
            stop.cancel();
        };
        tokio::join!(part_by_part(Duration::from_secs(3600), &wake, &stop, part), watch);
    }

    #[tokio::test]
    async fn work_that_returns_is_done() {
        keep_at("test", CancellationToken::new(), || async {}).await.unwrap();
    }
}
