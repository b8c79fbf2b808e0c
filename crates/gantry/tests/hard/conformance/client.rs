//! The three published client libraries, as far as the wire shows them (contract 1.1 and 1.3): how each writes ids into paths,
//! lists and booleans into queries, and what it sends where there is nothing to send.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::ROOT_KEY;

/// A client library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Library {
    Node,
    Ruby,
    Php,
}

impl Library {
    pub(super) const ALL: [Self; 3] = [Self::Node, Self::Ruby, Self::Php];
}

/// A library, set up for a server.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) library: Library,
    address: String,
    realm: Option<String>,
    key: String,
    locale: Option<&'static str>,
}

/// An answer as a library sees it.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Client {
    pub(super) fn new(library: Library, base: &str) -> Self {
        Self {
            library,
            address: base.trim_start_matches("http://").to_owned(),
            realm: None,
            key: ROOT_KEY.to_owned(),
            locale: None,
        }
    }

    /// The same with a default realm.
    pub(super) fn in_realm(&self, realm: &str) -> Self {
        Self {
            realm: Some(realm.to_owned()),
            ..self.clone()
        }
    }

    /// The same with another key.
    pub(super) fn with_key(&self, key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..self.clone()
        }
    }

    /// The same in another language.
    pub(super) fn speaking(&self, locale: &'static str) -> Self {
        Self {
            locale: Some(locale),
            ..self.clone()
        }
    }

    /// An id as the library writes it into a path.
    pub(super) fn escaped(&self, id: &str) -> String {
        let literal: &str = match self.library {
            // encodeURI
            Library::Node => ";,/?:@&=+$-_.!~*'()#",
            // CGI.escape
            Library::Ruby => "*-._",
            // urlencode
            Library::Php => "-_.",
        };
        let mut out = String::new();
        for byte in id.bytes() {
            if byte.is_ascii_alphanumeric() || literal.as_bytes().contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        out
    }

    pub(super) async fn get(&self, path: &str, params: Value) -> Answer {
        self.call("GET", &with_query(path, &self.query(&params)), None).await
    }

    pub(super) async fn post(&self, path: &str, params: Value) -> Answer {
        self.call("POST", path, self.body(&params)).await
    }

    pub(super) async fn put(&self, path: &str, params: Value) -> Answer {
        self.call("PUT", path, self.body(&params)).await
    }

    pub(super) async fn delete(&self, path: &str, params: Value) -> Answer {
        match self.library {
            Library::Php => self.call("DELETE", path, self.body(&params)).await,
            Library::Node | Library::Ruby => self.call("DELETE", &with_query(path, &self.query(&params)), None).await,
        }
    }

    fn body(&self, params: &Value) -> Option<String> {
        match (params, self.library) {
            (Value::Null, Library::Php) => None,
            (Value::Null, _) => Some("{}".to_owned()),
            _ => Some(params.to_string()),
        }
    }

    fn query(&self, params: &Value) -> String {
        let mut pairs = Vec::new();
        for (name, value) in params.as_object().into_iter().flatten() {
            self.add(&mut pairs, name, value);
        }
        pairs.join("&")
    }

    fn add(&self, pairs: &mut Vec<String>, name: &str, value: &Value) {
        let escape = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        match value {
            // Null parameters are left out.
            Value::Null => {}
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let name = match self.library {
                        Library::Php => format!("{name}[{index}]"),
                        Library::Node | Library::Ruby => format!("{name}[]"),
                    };
                    self.add(pairs, &name, item);
                }
            }
            Value::Object(fields) => {
                for (key, item) in fields {
                    self.add(pairs, &format!("{name}[{key}]"), item);
                }
            }
            Value::Bool(true) if self.library == Library::Php => pairs.push(format!("{name}=1")),
            Value::String(text) => pairs.push(format!("{}={}", escape(name), escape(text))),
            other => pairs.push(format!("{}={}", escape(name), escape(&other.to_string()))),
        }
    }

    async fn call(&self, verb: &str, path: &str, body: Option<String>) -> Answer {
        let mut head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        let mut header = |name: &str, value: &str| {
            let name = if self.library == Library::Ruby {
                name.to_lowercase()
            } else {
                name.to_owned()
            };
            head.push_str(&format!("{name}: {value}\r\n"));
        };
        match self.library {
            Library::Node => header("Accept", "application/json, text/plain, */*"),
            Library::Ruby => header("Accept", "application/json"),
            Library::Php => {}
        }
        header("Authrocket-Api-Key", &self.key);
        header("Content-Type", "application/json");
        if let Some(realm) = &self.realm {
            header("Authrocket-Realm", realm);
        }
        if let Some(locale) = self.locale {
            header("Accept-Language", locale);
        }
        if let Some(body) = &body {
            header("Content-Length", &body.len().to_string());
        } else if matches!(verb, "POST" | "PUT") {
            header("Content-Length", "0");
        }
        let request = format!("{head}\r\n{}", body.unwrap_or_default());
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        Answer::read(&answer, verb, path)
    }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

impl Answer {
    /// What every library needs of every answer (contract 1.4 and 1.5).
    fn read(answer: &str, verb: &str, path: &str) -> Self {
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
