//! Ports chosen before the programs that listen on them start: processes that must know each other's addresses.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A loopback port that nobody else gets while this is alive, and that a program which sets `SO_REUSEADDR` (as tokio's
/// listeners do) can listen on, once and again.
#[derive(Debug)]
pub struct HeldPort {
    addr: SocketAddr,
    // Bound, but never listening.
    _socket: TcpSocket,
}

impl HeldPort {
    /// Takes a free port.
    ///
    /// # Panics
    /// When there is none: the test cannot go on.
    #[expect(clippy::expect_used, reason = "a machine without a free port runs no tests")]
    #[expect(clippy::new_without_default, reason = "taking a port is no default")]
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("a setting every system has");
        socket
            .bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .expect("a free loopback port");
        Self {
            addr: socket.local_addr().expect("the address of the bound port"),
            _socket: socket,
        }
    }

    /// The address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, TcpStream};

    #[tokio::test]
    async fn a_held_port_can_be_listened_on_again_and_again() {
        let port = HeldPort::new();
        for _ in 0..3 {
            let listener = TcpListener::bind(port.addr()).await.unwrap();
            let (stream, accepted) = tokio::join!(TcpStream::connect(port.addr()), listener.accept());
            drop((stream.unwrap(), accepted.unwrap()));
        }
        assert!(TcpStream::connect(port.addr()).await.is_err());
    }
}
