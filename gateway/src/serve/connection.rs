//! One connection: its handshake, its requests, its end.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response, Version};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use super::ServeConfig;
use super::handshake::Handshakes;
use super::socket::Socket;
use super::watch::{Activity, InFlight, Patience, Verdict};
use crate::client_ip::Scheme;

/// What all connections of a listener share.
pub(super) struct Shared {
    pub(super) router: axum::Router,
    pub(super) config: ServeConfig,
    pub(super) tls: Option<Handshakes>,
    pub(super) http: Builder<TokioExecutor>,
    /// No new requests.
    pub(super) leave: CancellationToken,
    /// Nothing at all.
    pub(super) kill: CancellationToken,
}

/// Serves a connection until it ends.
pub(super) async fn run(shared: Arc<Shared>, stream: TcpStream, peer: SocketAddr) {
    let kill = shared.kill.clone();
    tokio::select! {
        () = kill.cancelled() => tracing::debug!("connection cut at the end of the grace period"),
        () = accept(&shared, stream, peer) => {}
    }
}

async fn accept(shared: &Shared, stream: TcpStream, peer: SocketAddr) {
    // Answers are small and whole: waiting for more bytes to send along only delays them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "connection gone before it began");
        return;
    }
    let Some(handshakes) = &shared.tls else {
        return drive(shared, stream, peer, Scheme::Http).await;
    };
    match timeout(shared.config.handshake_timeout, handshakes.accept(stream)).await {
        Ok(Ok(Some(stream))) => drive(shared, stream, peer, Scheme::Https).await,
        Ok(Ok(None)) => tracing::debug!("an authority has looked at a name"),
        Ok(Err(error)) => tracing::debug!(%error, "tls handshake failed"),
        Err(_elapsed) => tracing::debug!("tls handshake took too long"),
    }
}

/// Serves the requests of a connection, and watches over its time.
async fn drive<S>(shared: &Shared, stream: S, peer: SocketAddr, scheme: Scheme)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Activity::new(Instant::now());
    let socket = Socket::new(stream, Arc::clone(&activity), Arc::clone(&shared.config.request_ids));
    let requests = Requests {
        router: shared.router.clone(),
        activity: Arc::clone(&activity),
        peer,
        scheme,
    };
    let mut connection = pin!(shared.http.serve_connection(TokioIo::new(socket), requests));
    let mut watchman = Watchman::new(Arc::clone(&activity), shared.config.patience);
    let mut leaving = false;
    loop {
        // In this order: what the connection has just done decides how much time it has.
        tokio::select! {
            biased;
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, "connection ended early");
                }
                return;
            }
            () = shared.leave.cancelled(), if !leaving => {}
            verdict = poll_fn(|cx| watchman.poll(cx)) => if let Verdict::Cut(cause) = verdict {
                tracing::debug!(cause, "connection cut");
                return;
            }
        }
        leaving = true;
        activity.leave(Instant::now());
        connection.as_mut().graceful_shutdown();
    }
}

/// Wakes when a connection has had its time.
struct Watchman {
    activity: Arc<Activity>,
    patience: Patience,
    sleep: Pin<Box<Sleep>>,
}

impl Watchman {
    fn new(activity: Arc<Activity>, patience: Patience) -> Self {
        Self {
            activity,
            patience,
            sleep: Box::pin(sleep_until(Instant::now())),
        }
    }

    /// Polled in the connection's own task, so that whatever the connection does is seen at once. A deadline that
    /// moves away is left alone until the timer fires: that is nearly every request.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Verdict> {
        loop {
            let due = self.activity.deadline(&self.patience);
            if let Some((at, _)) = due
                && at < self.sleep.deadline()
            {
                self.sleep.as_mut().reset(at);
            }
            ready!(self.sleep.as_mut().poll(cx));
            let now = Instant::now();
            match due {
                Some((at, verdict)) if at <= now => return Poll::Ready(verdict),
                Some((at, _)) => self.sleep.as_mut().reset(at),
                None => self.sleep.as_mut().reset(now + self.patience.shortest()),
            }
        }
    }
}

/// Hands each request of a connection to the router.
struct Requests {
    router: axum::Router,
    activity: Arc<Activity>,
    peer: SocketAddr,
    scheme: Scheme,
}

impl hyper::service::Service<Request<Incoming>> for Requests {
    type Response = Response<Counted>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let http2 = request.version() == Version::HTTP_2;
        let in_flight = self.activity.begin(http2);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.scheme);
        let activity = Arc::clone(&self.activity);
        let request = request.map(|body| Asked {
            // HTTP/2 ends a stream without the connection.
            ended: http2 || body.is_end_stream(),
            body,
            activity,
        });
        // An axum router is always ready; cloning it copies a pointer.
        let answer = self.router.clone().call(request);
        Box::pin(async move {
            let body = |body| Counted {
                body,
                _in_flight: in_flight,
            };
            Ok(answer.await?.map(body))
        })
    }
}

/// A request's body, which tells when it is dropped before its end.
struct Asked {
    body: Incoming,
    ended: bool,
    activity: Arc<Activity>,
}

impl http_body::Body for Asked {
    type Data = bytes::Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.ended |= frame.is_none() || self.body.is_end_stream();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.ended {
            self.activity.left_unread();
        }
    }
}

/// A response's body, which keeps its request in flight until it is sent or dropped.
pub(super) struct Counted {
    body: Body,
    _in_flight: InFlight,
}

impl http_body::Body for Counted {
    type Data = bytes::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
