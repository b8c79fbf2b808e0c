//! Watching one connection: what it is doing, since when, and whether it has had its time.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How long a connection may take over things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From the first byte of a request's headers to the last; also from the connection to its first request.
    pub header: Duration,
    /// Without any request.
    pub idle: Duration,
    /// For the caller to take in what was written.
    pub write: Duration,
    /// For a connection that was told to go.
    pub linger: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            // Longer than the minute that load balancers keep a connection for, so that they close first.
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
            linger: Duration::from_secs(5),
        }
    }
}

impl Patience {
    /// The shortest time that may matter next.
    pub(super) fn shortest(&self) -> Duration {
        self.header.min(self.idle).min(self.write).min(self.linger)
    }
}

/// What to do with a connection that has had its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// End it politely.
    Close,
    /// End it now.
    Cut(&'static str),
}

/// What a connection is doing. Shared by its socket, its requests and its watchman.
#[derive(Debug)]
pub(super) struct Activity {
    // parking_lot: held for a few instructions, never across an await.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    in_flight: usize,
    /// When the last request ended, or the connection began.
    since: Instant,
    served: bool,
    http2: bool,
    /// When the first bytes of a request's headers came.
    head: Option<Instant>,
    /// Since when the caller has not taken in what was written.
    blocked: Option<Instant>,
    leaving: Option<Instant>,
    /// All that was asked is answered and sent.
    quiet: bool,
    /// A request was answered before all of it was read.
    unread: bool,
}

/// A request in flight; ends when it is dropped.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Activity>);

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.since = Instant::now();
    }
}

impl Activity {
    pub(super) fn new(now: Instant) -> Arc<Self> {
        let state = State {
            in_flight: 0,
            since: now,
            served: false,
            http2: false,
            head: None,
            blocked: None,
            leaving: None,
            quiet: true,
            unread: false,
        };
        Arc::new(Self {
            state: Mutex::new(state),
        })
    }

    /// A request has come, its headers read.
    pub(super) fn begin(self: &Arc<Self>, http2: bool) -> InFlight {
        let mut state = self.state.lock();
        state.in_flight += 1;
        state.served = true;
        state.http2 = http2;
        state.head = None;
        state.quiet = false;
        drop(state);
        InFlight(Arc::clone(self))
    }

    /// Bytes have come. Between requests they are a request's headers; HTTP/2 also chats about other things then.
    pub(super) fn read(&self, now: Instant) {
        let mut state = self.state.lock();
        if state.in_flight == 0 && state.served && !state.http2 && state.head.is_none() {
            state.head = Some(now);
        }
    }

    /// The socket takes no more for now, or does again.
    pub(super) fn write_blocked(&self, blocked: bool, now: Instant) {
        let mut state = self.state.lock();
        state.blocked = match blocked {
            true => state.blocked.or(Some(now)),
            false => None,
        };
    }

    /// All that was written has been sent.
    pub(super) fn flushed(&self) {
        let mut state = self.state.lock();
        if state.in_flight == 0 {
            state.quiet = true;
        }
    }

    /// Tells whether nothing that was asked is unanswered: what is written now is hyper's own word.
    pub(super) fn is_quiet(&self) -> bool {
        self.state.lock().quiet
    }

    /// A request's body was dropped before its end.
    pub(super) fn left_unread(&self) {
        self.state.lock().unread = true;
    }

    /// Tells whether the caller may still be sending what nobody reads.
    pub(super) fn is_unread(&self) -> bool {
        self.state.lock().unread
    }

    /// The connection was told to go.
    pub(super) fn leave(&self, now: Instant) {
        let mut state = self.state.lock();
        state.leaving = state.leaving.or(Some(now));
    }

    /// When the connection has had its time, should nothing happen until then; `None` while a request is worked on.
    pub(super) fn deadline(&self, patience: &Patience) -> Option<(Instant, Verdict)> {
        let state = self.state.lock();
        let blocked = state
            .blocked
            .map(|since| (since + patience.write, Verdict::Cut("caller takes nothing in")));
        let waiting = (state.in_flight == 0).then(|| match (state.leaving, state.head) {
            (Some(leaving), _) => (
                state.since.max(leaving) + patience.linger,
                Verdict::Cut("caller lingers"),
            ),
            (None, Some(head)) => (head + patience.header, Verdict::Cut("headers take too long")),
            (None, None) if !state.served => (state.since + patience.header, Verdict::Cut("no request comes")),
            (None, None) => (state.since + patience.idle, Verdict::Close),
        });
        blocked.into_iter().chain(waiting).min_by_key(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 10 s for headers, 75 s idle, 30 s to take in, 5 s to linger.

    fn due(activity: &Activity, from: Instant) -> Option<(u64, Verdict)> {
        activity
            .deadline(&Patience::default())
            .map(|(at, verdict)| (at.duration_since(from).as_secs(), verdict))
    }

    #[test]
    fn a_connection_without_a_request_is_cut() {
        let start = Instant::now();
        let activity = Activity::new(start);
        activity.read(start + Duration::from_secs(9));
        assert_eq!(
            due(&activity, start),
            Some((10, Verdict::Cut("no request comes"))),
            "bytes buy no time"
        );
    }

    #[test]
    fn a_request_in_flight_has_all_the_time() {
        let start = Instant::now();
        let activity = Activity::new(start);
        let (one, two) = (activity.begin(false), activity.begin(false));
        drop(one);
        assert_eq!(due(&activity, start), None);
        drop(two);
        assert!(matches!(due(&activity, start), Some((75.., Verdict::Close))));
    }

    #[test]
    fn slow_headers_of_a_later_request_are_cut_and_count_from_their_first_byte() {
        let start = Instant::now();
        let activity = Activity::new(start);
        drop(activity.begin(false));
        activity.read(start + Duration::from_secs(60));
        activity.read(start + Duration::from_secs(65));
        assert_eq!(due(&activity, start), Some((70, Verdict::Cut("headers take too long"))));
        let next = activity.begin(false);
        assert_eq!(due(&activity, start), None);
        drop(next);
        assert!(matches!(due(&activity, start), Some((_, Verdict::Close))));
    }

    #[test]
    fn http2_may_chat_between_requests() {
        let start = Instant::now();
        let activity = Activity::new(start);
        drop(activity.begin(true));
        activity.read(start + Duration::from_secs(1));
        assert!(matches!(due(&activity, start), Some((75.., Verdict::Close))));
    }

    #[test]
    fn a_caller_that_takes_nothing_in_is_cut_even_in_flight() {
        let start = Instant::now();
        let activity = Activity::new(start);
        let _request = activity.begin(false);
        activity.write_blocked(true, start + Duration::from_secs(1));
        activity.write_blocked(true, start + Duration::from_secs(20));
        assert_eq!(
            due(&activity, start),
            Some((31, Verdict::Cut("caller takes nothing in")))
        );
        activity.write_blocked(false, start + Duration::from_secs(21));
        assert_eq!(due(&activity, start), None);
    }

    #[test]
    fn a_caller_that_lingers_is_cut() {
        let start = Instant::now();
        let activity = Activity::new(start);
        let request = activity.begin(true);
        activity.leave(start + Duration::from_secs(20));
        activity.leave(start + Duration::from_secs(30));
        assert_eq!(due(&activity, start), None, "a request in flight is finished");
        drop(request);
        assert_eq!(due(&activity, start), Some((25, Verdict::Cut("caller lingers"))));
    }

    #[test]
    fn quiet_is_only_what_is_answered_and_sent() {
        let activity = Activity::new(Instant::now());
        assert!(activity.is_quiet());
        let request = activity.begin(false);
        activity.flushed();
        assert!(!activity.is_quiet(), "a flush in the middle");
        drop(request);
        assert!(!activity.is_quiet(), "its last bytes are not sent yet");
        activity.flushed();
        assert!(activity.is_quiet());
    }
}
