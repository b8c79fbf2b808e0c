//! An answer as a client library sees it.

use serde_json::Value;

/// An answer as a library sees it.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    /// What every library needs of every answer (contract 1.4 and 1.5).
    pub(super) fn read(answer: &str, verb: &str, path: &str) -> Self {
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{verb} {path}: {answer}"));
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        let header = |name: &str| {
            let found = head
                .lines()
                .find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
            found
                .and_then(|line| line.split_once(": "))
                .map(|(_, value)| value.to_owned())
                .unwrap_or_default()
        };
        assert!(
            header("content-type").starts_with("application/json"),
            "{verb} {path}: {answer}"
        );
        assert!(header("x-request-id").starts_with("rq_"), "{verb} {path}: {answer}");
        let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {verb} {path}: {answer}"));
        assert!(body.is_object(), "{verb} {path}: {answer}");
        assert_eq!(body.get("errors").is_some(), status >= 400, "{verb} {path}: {answer}");
        Self { status, body }
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The id of what was made.
    #[track_caller]
    pub(super) fn made(self) -> (String, Value) {
        let body = self.expect(201);
        (body["id"].as_str().unwrap().to_owned(), body)
    }

    /// The items of a list.
    #[track_caller]
    pub(super) fn items(self) -> Vec<Value> {
        let body = self.expect(200);
        assert!(body["more_results"].is_boolean(), "{body}");
        body["collection"].as_array().unwrap().clone()
    }

    /// The messages of a refusal.
    #[track_caller]
    pub(super) fn errors(self, status: u16) -> Vec<String> {
        let body = self.expect(status);
        body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error.as_str().unwrap().to_owned())
            .collect()
    }
}
