//! A stream of server-sent events, read as a browser's `EventSource` reads it.

use std::time::Duration;

use serde_json::Value;

/// What a server-sent event says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Source {
    response: reqwest::Response,
    text: String,
}

impl Source {
    /// Reads what an answer goes on with, once it began as it should.
    pub(crate) async fn of(response: reqwest::Response) -> Result<Self, reqwest::Error> {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers()["x-request-id"].to_str().unwrap().starts_with("rq_"));
        let mut source = Self {
            response,
            text: String::new(),
        };
        if let Some(block) = source.block().await? {
            assert_eq!(block, "retry: 1000");
        }
        Ok(source)
    }

    /// The next block of lines; `None` at the end.
    async fn block(&mut self) -> Result<Option<String>, reqwest::Error> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Ok(Some(block));
            }
            let chunk = tokio::time::timeout(Duration::from_secs(40), self.response.chunk());
            let Some(chunk) = chunk.await.expect("it should have come by now")? else {
                return Ok(None);
            };
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }

    /// The next that is told, past comments; `None` at the end, and an error when the connection breaks.
    pub(crate) async fn next(&mut self) -> Result<Option<Sent>, reqwest::Error> {
        while let Some(block) = self.block().await? {
            let mut sent = Sent::default();
            for line in block.lines() {
                match line.split_once(": ") {
                    Some(("id", id)) => sent.id = id.to_owned(),
                    Some(("event", kind)) => sent.kind = kind.to_owned(),
                    Some(("data", data)) => sent.data = serde_json::from_str(data).unwrap(),
                    _ => assert!(line.starts_with(':'), "{line:?}"),
                }
            }
            if sent != Sent::default() {
                return Ok(Some(sent));
            }
        }
        Ok(None)
    }
}
