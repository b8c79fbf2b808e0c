//! An answer, read whole.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// An answer: status, headers, JSON.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// Reads an answer; each must carry a well-formed X-Request-ID, whatever happened.
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let status: StatusCode = response.status();
        let headers = response.headers().clone();
        if headers
            .get("content-type")
            .is_some_and(|kind| kind == "text/event-stream")
        {
            // It never ends: its beginning is enough here.
            let mut response = response;
            let begin = response.chunk().await.unwrap().unwrap_or_default();
            let text = String::from_utf8(begin.to_vec()).unwrap();
            return Self::from_parts(status.as_u16(), headers, text);
        }
        Self::from_parts(status.as_u16(), headers, response.text().await.unwrap())
    }

    /// The same for an answer whose parts are known.
    pub(crate) fn from_parts(status: u16, headers: HeaderMap, text: String) -> Self {
        let reply = Self { status, headers, text };
        let id = reply.request_id();
        assert!(
            id.parse::<gantry_kernel::RequestId>().is_ok(),
            "X-Request-ID {id:?} of {reply:?}"
        );
        reply
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn request_id(&self) -> &str {
        self.header("x-request-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The JSON of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// The messages of an answer that must have this status, and nothing of the thing asked for.
    #[track_caller]
    pub(crate) fn errors(&self, status: u16) -> Vec<String> {
        let json = self.expect(status);
        assert!(
            json.get("id").is_none() && json.get("token").is_none() && json.get("session").is_none(),
            "{json}"
        );
        json["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e.as_str().unwrap().to_owned())
            .collect()
    }
}
