//! A TCP proxy that breaks a dependency on purpose: cut off, hanging, and back again.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Stands between a program and its Redis or PostgreSQL, and takes them apart when told to.
///
/// Each switch holds as soon as the call returns: after [`cut`](Self::cut) and [`stall`](Self::stall) not one more byte passes.
#[derive(Debug)]
pub struct OutageProxy {
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
    // Bound, but never listening: the port stays ours while `cut` has closed the listener.
    _port: TcpSocket,
}

#[derive(Debug)]
struct Shared {
    addr: SocketAddr,
    target: SocketAddr,
    mode: watch::Sender<Mode>,
    // parking_lot: held for single system calls, never across an await.
    sockets: Mutex<Sockets>,
}

#[derive(Debug, Default)]
struct Sockets {
    listener: Option<TcpListener>,
    next: u64,
    // Second handles of the sockets of each connection, for closing them from outside of their task.
    open: HashMap<u64, Vec<std::net::TcpStream>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Through,
    Stalled,
    Cut,
}

impl OutageProxy {
    /// Starts to forward a free loopback port to `target`; needs a tokio runtime.
    ///
    /// # Panics
    /// When no loopback port can be had: the test cannot go on.
    #[expect(
        clippy::expect_used,
        reason = "a test without its proxy must fail loudly and at once"
    )]
    #[expect(clippy::disallowed_methods, reason = "tests carry no request span that could follow")]
    pub fn start(target: SocketAddr) -> Self {
        let port = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free loopback port");
        let addr = port.local_addr().expect("the address of the bound port");
        let listener = listen(addr).expect("listening on the bound port");
        let shared = Arc::new(Shared {
            addr,
            target,
            mode: watch::Sender::new(Mode::Through),
            sockets: Mutex::new(Sockets {
                listener: Some(listener),
                ..Sockets::default()
            }),
        });
        let accepting = tokio::spawn(accept(shared.clone()));
        Self {
            shared,
            accepting,
            _port: port,
        }
    }

    /// The address to connect to instead of the target's.
    pub fn addr(&self) -> SocketAddr {
        self.shared.addr
    }

    /// Closes all connections and refuses new ones, as a killed server does.
    pub fn cut(&self) {
        self.shared.cut();
    }

    /// Accepts connections and keeps the open ones, but forwards nothing, as a hanging server does.
    pub fn stall(&self) {
        self.shared.reopen(Mode::Stalled);
    }

    /// Forwards again; bytes held back by a stall are delivered late.
    pub fn restore(&self) {
        self.shared.reopen(Mode::Through);
    }
}

impl Drop for OutageProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.cut();
    }
}

impl Shared {
    fn cut(&self) {
        let mut sockets = self.sockets.lock();
        self.mode.send_replace(Mode::Cut);
        sockets.listener = None;
        for socket in sockets.open.drain().flat_map(|(_, pair)| pair) {
            // The only error is a socket that its peer has closed already.
            let _gone = socket.shutdown(Shutdown::Both);
        }
    }

    #[expect(clippy::expect_used, reason = "the port is held, so only a broken machine gets here")]
    fn reopen(&self, mode: Mode) {
        let mut sockets = self.sockets.lock();
        if sockets.listener.is_none() {
            sockets.listener = Some(listen(self.addr).expect("listening on the port again"));
        }
        self.mode.send_replace(mode);
    }

    /// Accepts and registers in one step, so that `cut` finds every connection that got in before it.
    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<(u64, TcpStream)>> {
        let mut sockets = self.sockets.lock();
        let Some(listener) = &sockets.listener else {
            return Poll::Pending;
        };
        let Poll::Ready(accepted) = listener.poll_accept(context) else {
            return Poll::Pending;
        };
        Poll::Ready(accepted.and_then(|(stream, _)| {
            let id = sockets.next;
            sockets.next += 1;
            let (stream, handle) = doubled(stream)?;
            sockets.open.insert(id, vec![handle]);
            Ok((id, stream))
        }))
    }

    /// Adds the target's side of a connection, unless it was cut in the meantime.
    fn adopt(&self, id: u64, stream: TcpStream) -> io::Result<TcpStream> {
        let mut sockets = self.sockets.lock();
        let pair = sockets.open.get_mut(&id).ok_or(ErrorKind::ConnectionAborted)?;
        let (stream, handle) = doubled(stream)?;
        pair.push(handle);
        Ok(stream)
    }
}

/// Waits for connections and serves each in a task of its own.
async fn accept(shared: Arc<Shared>) {
    let mut modes = shared.mode.subscribe();
    let mut serving = JoinSet::new();
    loop {
        tokio::select! {
            // A failed accept (the client was gone again) concerns nobody else.
            accepted = std::future::poll_fn(|context| shared.poll_accept(context)) => if let Ok((id, client)) = accepted {
                let shared = shared.clone();
                serving.spawn(async move {
                    // An error ends this connection, and the client sees that it ended.
                    let _ended = serve(&shared, id, client).await;
                    shared.sockets.lock().open.remove(&id);
                });
            },
            // After a cut the closed listener wakes nobody: look at the new one.
            changed = modes.changed() => if changed.is_err() { return },
            _finished = serving.join_next(), if !serving.is_empty() => {}
        }
    }
}

async fn serve(shared: &Shared, id: u64, client: TcpStream) -> io::Result<()> {
    passing(&mut shared.mode.subscribe()).await;
    let server = shared.adopt(id, TcpStream::connect(shared.target).await?)?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    tokio::try_join!(pump(shared, &client, &server), pump(shared, &server, &client))?;
    Ok(())
}

/// Copies one direction until its end; while stalled it holds what it has read.
async fn pump(shared: &Shared, from: &TcpStream, to: &TcpStream) -> io::Result<()> {
    let mut modes = shared.mode.subscribe();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        from.readable().await?;
        let read = match from.try_read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            read => read?,
        };
        if read == 0 {
            passing(&mut modes).await;
            // An error rather than a half-close: the servers behind this proxy take the end of one side as the end.
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let mut rest = buffer.get(..read).unwrap_or_default();
        while !rest.is_empty() {
            passing(&mut modes).await;
            to.writable().await?;
            // The borrow holds the switch: nothing is written after `stall` or `cut` has returned.
            let mode = modes.borrow();
            if *mode == Mode::Through {
                match to.try_write(rest) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    written => rest = rest.get(written?..).unwrap_or_default(),
                }
            }
        }
    }
}

/// Waits until bytes may pass.
async fn passing(modes: &mut watch::Receiver<Mode>) {
    // The sender lives as long as this connection's task does.
    let _mode = modes.wait_for(|mode| *mode == Mode::Through).await;
}

fn bind(addr: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Lets the listener share the port with the socket that only holds it.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    bind(addr)?.listen(1024)
}

fn doubled(stream: TcpStream) -> io::Result<(TcpStream, std::net::TcpStream)> {
    let stream = stream.into_std()?;
    let handle = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, handle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A server that sends back what it gets.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        #[expect(clippy::disallowed_methods, reason = "tests carry no request span that could follow")]
        tokio::spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                serving.spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await
                });
            }
        });
        addr
    }

    async fn say(stream: &mut TcpStream, text: &[u8]) -> io::Result<Vec<u8>> {
        stream.write_all(text).await?;
        let mut answer = vec![0; text.len()];
        stream.read_exact(&mut answer).await?;
        Ok(answer)
    }

    #[tokio::test]
    async fn forwards_both_ways_more_than_any_buffer_holds() {
        let proxy = OutageProxy::start(echo().await);
        let stream = TcpStream::connect(proxy.addr()).await.unwrap();
        let sent: Vec<u8> = (0..4_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let (mut read, mut write) = stream.into_split();
        let mut got = vec![0; sent.len()];
        let (written, answered) = tokio::join!(write.write_all(&sent), read.read_exact(&mut got));
        written.unwrap();
        answered.unwrap();
        assert!(got == sent);
    }

    #[tokio::test]
    async fn cut_closes_what_is_open_and_refuses_what_is_new() {
        let proxy = OutageProxy::start(echo().await);
        let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
        assert_eq!(say(&mut stream, b"hello").await.unwrap(), b"hello");
        proxy.cut();
        assert!(say(&mut stream, b"hello").await.is_err());
        let refused = TcpStream::connect(proxy.addr()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        proxy.restore();
        let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
        assert_eq!(say(&mut stream, b"again").await.unwrap(), b"again");
    }

    #[tokio::test]
    async fn stall_accepts_holds_and_delivers_late() {
        let proxy = OutageProxy::start(echo().await);
        let mut old = TcpStream::connect(proxy.addr()).await.unwrap();
        assert_eq!(say(&mut old, b"hello").await.unwrap(), b"hello");
        proxy.stall();
        let mut new = TcpStream::connect(proxy.addr()).await.unwrap();
        for stream in [&mut old, &mut new] {
            let silence = tokio::time::timeout(Duration::from_millis(50), say(stream, b"late")).await;
            assert!(silence.is_err(), "nothing may come back");
        }
        proxy.restore();
        for stream in [&mut old, &mut new] {
            let mut answer = [0; 4];
            stream.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"late");
        }
    }

    #[tokio::test]
    async fn cut_ends_a_stalled_connection_and_stall_ends_a_cut() {
        let proxy = OutageProxy::start(echo().await);
        proxy.stall();
        let mut stalled = TcpStream::connect(proxy.addr()).await.unwrap();
        proxy.cut();
        assert!(say(&mut stalled, b"hello").await.is_err());
        proxy.stall();
        let mut waiting = TcpStream::connect(proxy.addr()).await.unwrap();
        proxy.restore();
        assert_eq!(say(&mut waiting, b"hello").await.unwrap(), b"hello");
    }

    #[tokio::test]
    async fn a_target_that_is_away_ends_the_connection() {
        let away = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let proxy = OutageProxy::start(away.local_addr().unwrap());
        let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
        assert!(say(&mut stream, b"hello").await.is_err());
    }
}
