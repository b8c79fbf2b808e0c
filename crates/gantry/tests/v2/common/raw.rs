//! HTTP/1.1 byte by byte, for what no proper client sends.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Reply;

/// Longer than anything here should take, even on a busy machine.
const FOREVER: Duration = Duration::from_secs(20);

/// A connection whose bytes the test chooses.
pub(crate) struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// Sends bytes; that the other side has gone is seen when its answer is read.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _gone = self.stream.write_all(bytes.as_ref()).await;
    }

    /// Reads one whole answer; `None` when the connection ends before it is complete.
    pub(crate) async fn answer(&mut self) -> Option<Reply> {
        tokio::time::timeout(FOREVER, self.one()).await.expect("no answer")
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: impl AsRef<[u8]>) -> Reply {
        self.send(request).await;
        self.answer().await.expect("an answer")
    }

    /// Waits until the other side ends the connection.
    pub(crate) async fn closed(&mut self) {
        let mut buffer = [0; 4096];
        let end = async { while matches!(self.stream.read(&mut buffer).await, Ok(count) if count > 0) {} };
        tokio::time::timeout(FOREVER, end).await.expect("the connection ends");
    }

    async fn one(&mut self) -> Option<Reply> {
        let head = loop {
            if let Some(at) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head: Vec<u8> = self.read.drain(..at + 4).collect();
                let head = String::from_utf8(head).unwrap();
                if !head.starts_with("HTTP/1.1 100 ") {
                    break head;
                }
            }
            self.more().await?;
        };
        let (status, headers) = parse(&head);
        let length = headers
            .get("content-length")
            .map_or(0, |v| v.to_str().unwrap().parse().unwrap());
        while self.read.len() < length {
            self.more().await?;
        }
        let body: Vec<u8> = self.read.drain(..length).collect();
        Some(Reply::from_parts(status, headers, String::from_utf8(body).unwrap()))
    }

    async fn more(&mut self) -> Option<()> {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer).await {
            Ok(count) if count > 0 => self.read.extend_from_slice(&buffer[..count]),
            _ended => return None,
        }
        Some(())
    }
}

fn parse(head: &str) -> (u16, http::HeaderMap) {
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        let name: http::HeaderName = name.parse().unwrap();
        (name, value.trim().parse::<http::HeaderValue>().unwrap())
    };
    (status, lines.map(pair).collect())
}
