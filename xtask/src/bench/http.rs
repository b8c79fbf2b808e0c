//! The cheapest HTTP/1.1 client that is still right: one connection kept alive, requests written as ready-made bytes.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, borrowed from its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) body: &'a [u8],
}

impl Answer<'_> {
    /// Tells whether the body holds a text.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

impl Connection {
    /// Connects.
    pub(super) async fn open(to: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to)
            .await
            .with_context(|| format!("cannot connect to {to}"))?;
        // A request is one write: waiting for more of it would only add delay.
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request and reads its answer.
    pub(super) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(at) = end_of_head(&self.buffer) {
                break at;
            }
            self.more().await?;
        };
        let (status, length) = parse_head(self.buffer.get(..head).unwrap_or_default())?;
        let end = head + length;
        while self.buffer.len() < end {
            self.more().await?;
        }
        ensure!(self.buffer.len() == end, "an answer is longer than it says");
        Ok(Answer {
            status,
            body: self.buffer.get(head..end).unwrap_or_default(),
        })
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let read = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(read > 0, "the server closed the connection");
        Ok(())
    }
}

fn end_of_head(buffer: &[u8]) -> Option<usize> {
    buffer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// Reads the status and the length of the body.
fn parse_head(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let head = std::str::from_utf8(head)?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse())
    });
    let length = match length {
        Some(length) => length?,
        None if status == 204 => 0,
        None => anyhow::bail!("an answer with status {status} does not say how long it is"),
    };
    Ok((status, length))
}

/// Writes a request.
pub(super) fn request(method: &str, path: &str, host: &str, headers: &[(&str, &str)], body: Option<&str>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\naccept: application/json\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        text.push_str(&format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        ));
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn answers_are_read_one_after_the_other_however_they_arrive() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0_u8; 1024];
            for parts in [
                ["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r\nhello"],
                ["HTTP/1.1 204 No Content\r\n", "\r\n"],
            ] {
                assert!(stream.read(&mut request).await.unwrap() > 0);
                for part in parts {
                    stream.write_all(part.as_bytes()).await.unwrap();
                    stream.flush().await.unwrap();
                    tokio::task::yield_now().await;
                }
            }
        };
        let client = async {
            let mut connection = Connection::open(address).await.unwrap();
            let get = request("GET", "/", "h", &[], None);
            let first = connection.ask(&get).await.unwrap();
            assert_eq!(
                first,
                Answer {
                    status: 200,
                    body: b"hello"
                }
            );
            assert!(first.holds("ell") && !first.holds("hallo"));
            assert_eq!(connection.ask(&get).await.unwrap(), Answer { status: 204, body: b"" });
            assert!(connection.ask(&get).await.is_err(), "the server is gone");
        };
        tokio::join!(server, client);
    }

    #[test]
    fn a_request_says_how_long_its_body_is() {
        let bytes = request("POST", "/p", "h", &[("k", "v")], Some("{}"));
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.starts_with("POST /p HTTP/1.1\r\nhost: h\r\n") && text.ends_with("content-length: 2\r\n\r\n{}"),
            "{text}"
        );
    }
}
