//! The socket under a connection: tells the watchman what it sees, and puts an X-Request-ID on hyper's own answers.
//!
//! What cannot be parsed never becomes a request: hyper answers it with a bare 400, 414 or 431 of its own. Contract
//! 1.4 wants an X-Request-ID on every response, so it is put in here.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::watch::Activity;

/// Draws the X-Request-ID of an answer to what was no request.
pub type RequestIds = Arc<dyn Fn() -> String + Send + Sync>;

const OWN_ANSWER: &[u8] = b"HTTP/1.1 4";
const HEAD_END: &[u8] = b"\r\n\r\n";

/// A socket that is watched.
pub(super) struct Socket<S> {
    inner: S,
    activity: Arc<Activity>,
    request_ids: RequestIds,
    /// An answer of hyper's with its id, not sent yet.
    stamped: Vec<u8>,
    /// The other side was told that nothing more comes.
    said_goodbye: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    pub(super) fn new(inner: S, activity: Arc<Activity>, request_ids: RequestIds) -> Self {
        Self {
            inner,
            activity,
            request_ids,
            stamped: Vec::new(),
            said_goodbye: false,
        }
    }

    /// Writes an answer of hyper's own with an X-Request-ID, or tells that these bytes are none.
    fn stamp(&mut self, bytes: &[u8]) -> bool {
        if !bytes.starts_with(OWN_ANSWER) || !bytes.ends_with(HEAD_END) || !self.activity.is_quiet() {
            return false;
        }
        let id = (self.request_ids)();
        let status = bytes.get(9..12).map(String::from_utf8_lossy).unwrap_or_default();
        tracing::info!(request_id = %id, http.response.status_code = %status, "refused what is no request");
        let head = bytes.strip_suffix(HEAD_END).unwrap_or(bytes);
        self.stamped = [head, b"\r\nx-request-id: ", id.as_bytes(), HEAD_END].concat();
        true
    }

    fn send_stamped(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.stamped.is_empty() {
            let outcome = Pin::new(&mut self.inner).poll_write(cx, &self.stamped);
            let sent = ready!(self.seen(outcome))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.stamped.drain(..sent.min(self.stamped.len()));
        }
        Poll::Ready(Ok(()))
    }

    /// Takes in what the caller still sends of a request that was refused. Closing on it would have the kernel send a reset,
    /// at which many a client throws the answer away unread. The watchman bounds the time.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut scrap = [0; 8 * 1024];
        while self.activity.is_unread() {
            let mut scrap = ReadBuf::new(&mut scrap);
            match ready!(Pin::new(&mut self.inner).poll_read(cx, &mut scrap)) {
                Ok(()) if !scrap.filled().is_empty() => {}
                _ended => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Tells the watchman whether the caller takes in what is written. Only what the socket says counts: a word in
    /// between would start the clock anew.
    fn seen<T>(&self, outcome: Poll<T>) -> Poll<T> {
        self.activity.write_blocked(outcome.is_pending(), Instant::now());
        outcome
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Socket<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.read(Instant::now());
        }
        outcome
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.stamped.is_empty() && this.stamp(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(this.send_stamped(cx))?;
        let outcome = Pin::new(&mut this.inner).poll_write(cx, bytes);
        this.seen(outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if let Some(first) = slices.iter().find(|slice| !slice.is_empty())
            && this.stamped.is_empty()
            && this.stamp(first)
        {
            return Poll::Ready(Ok(first.len()));
        }
        ready!(this.send_stamped(cx))?;
        let outcome = Pin::new(&mut this.inner).poll_write_vectored(cx, slices);
        this.seen(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(this.send_stamped(cx))?;
        let outcome = Pin::new(&mut this.inner).poll_flush(cx);
        ready!(this.seen(outcome))?;
        this.activity.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(this.send_stamped(cx))?;
        if !this.said_goodbye {
            let outcome = Pin::new(&mut this.inner).poll_shutdown(cx);
            ready!(this.seen(outcome))?;
            this.said_goodbye = true;
            if this.activity.is_unread() {
                this.activity.leave(Instant::now());
            }
        }
        this.linger(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const OWN: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";

    /// Lets `act` write to a socket, and answers what the other side reads.
    async fn written(quiet: bool, pipe: usize, act: &[&[u8]]) -> String {
        let (near, mut far) = tokio::io::duplex(pipe);
        let activity = Activity::new(Instant::now());
        let _request = (!quiet).then(|| activity.begin(false));
        let mut socket = Socket::new(near, Arc::clone(&activity), Arc::new(|| "rq_test".to_owned()));
        let write = async move {
            for bytes in act {
                socket.write_all(bytes).await.unwrap();
            }
            socket.shutdown().await.unwrap();
            drop(socket);
        };
        let mut out = String::new();
        let (read, ()) = tokio::join!(far.read_to_string(&mut out), write);
        read.unwrap();
        out
    }

    #[tokio::test]
    async fn an_answer_of_hypers_own_gets_an_id() {
        let stamped = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nx-request-id: rq_test\r\n\r\n";
        assert_eq!(written(true, 1024, &[OWN]).await, stamped);
        assert_eq!(written(true, 3, &[OWN]).await, stamped, "through a narrow pipe");
        assert_eq!(written(true, 3, &[OWN, b"more"]).await, format!("{stamped}more"));
    }

    #[tokio::test]
    async fn an_answer_to_a_request_is_left_alone() {
        let own = String::from_utf8(OWN.to_vec()).unwrap();
        assert_eq!(written(false, 1024, &[OWN]).await, own);
        for other in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 4", "x"] {
            assert_eq!(written(true, 1024, &[other.as_bytes()]).await, other);
        }
    }

    #[tokio::test]
    async fn what_hyper_writes_in_slices_gets_an_id_too() {
        let (near, mut far) = tokio::io::duplex(1024);
        let activity = Activity::new(Instant::now());
        let mut socket = pin!(Socket::new(near, activity, Arc::new(|| "rq_test".to_owned())));
        let slices = [io::IoSlice::new(b""), io::IoSlice::new(OWN)];
        let count = std::future::poll_fn(|cx| socket.as_mut().poll_write_vectored(cx, &slices))
            .await
            .unwrap();
        assert_eq!(count, OWN.len());
        socket.shutdown().await.unwrap();
        let mut out = String::new();
        far.read_to_string(&mut out).await.unwrap();
        assert!(out.contains("\r\nx-request-id: rq_test\r\n\r\n"), "{out}");
    }
}
