//! The stream that a watcher reads: what its task sends, then why the task ended.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{FutureExt, Stream};
use gantry_kernel::{Problem, Reason};
use gantry_proto::event::v2::WatchResponse;
use gantry_rpc::to_status;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tonic::Status;

/// A stream of responses.
pub(crate) struct Responses {
    queue: mpsc::Receiver<WatchResponse>,
    /// The task's end is told behind everything that was sent: through a full queue it could not be told at all.
    task: Option<JoinHandle<Option<Problem>>>,
}

impl Responses {
    pub(super) fn new(queue: mpsc::Receiver<WatchResponse>, task: JoinHandle<Option<Problem>>) -> Self {
        Self {
            queue,
            task: Some(task),
        }
    }
}

impl Stream for Responses {
    type Item = Result<WatchResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(response) = ready!(self.queue.poll_recv(cx)) {
            return Poll::Ready(Some(Ok(response)));
        }
        let Some(task) = &mut self.task else {
            return Poll::Ready(None);
        };
        let end = ready!(task.poll_unpin(cx)).unwrap_or_else(|error| {
            tracing::error!(%error, "a watcher failed");
            Some(Reason::Internal.into())
        });
        self.task = None;
        Poll::Ready(end.map(|problem| Err(to_status(&problem))))
    }
}
