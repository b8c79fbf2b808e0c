//! The three published client libraries, as far as the wire shows them (contract 1.1 and 1.3): how each writes ids into paths,
//! lists and booleans into queries, and what it sends where there is nothing to send.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::Answer;
use super::coverage::Coverage;
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
    pub(super) covered: Coverage,
    address: String,
    host: Option<String>,
    realm: Option<String>,
    key: Option<String>,
    locale: Option<&'static str>,
}

impl Client {
    pub(super) fn new(library: Library, base: &str) -> Self {
        Self {
            library,
            covered: Coverage::default(),
            address: base.trim_start_matches("http://").to_owned(),
            host: None,
            realm: None,
            key: Some(ROOT_KEY.to_owned()),
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
            key: Some(key.to_owned()),
            ..self.clone()
        }
    }

    /// Anybody at a realm's host: no key, no realm.
    pub(super) fn at(&self, host: &str) -> Self {
        Self {
            host: Some(host.to_owned()),
            realm: None,
            key: None,
            ..self.clone()
        }
    }

    /// The same without a default realm.
    pub(super) fn without_realm(&self) -> Self {
        Self {
            realm: None,
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

    /// A body in which a resource has nothing to say.
    pub(super) fn empty(&self, root: &str) -> Value {
        match self.library {
            Library::Node | Library::Ruby => json!({root: {}}),
            Library::Php => json!({root: null}),
        }
    }

    /// A hash as the library writes it: PHP knows no empty ones, only empty lists.
    pub(super) fn as_hash(&self, hash: Value) -> Value {
        match (hash, self.library) {
            (Value::Object(fields), Library::Php) if fields.is_empty() => json!([]),
            (Value::Object(fields), Library::Php) => fields
                .into_iter()
                .map(|(name, value)| (name, self.as_hash(value)))
                .collect(),
            (other, _) => other,
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
        percent(id, literal)
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

    /// A name or a value as the library writes it into a query.
    fn in_query(&self, text: &str) -> String {
        match self.library {
            Library::Node => percent(text, "-_.!~*'():$,[] ").replace(' ', "+"),
            Library::Ruby => percent(text, "*-._[] ").replace(' ', "+"),
            Library::Php => percent(text, "-_.~"),
        }
    }

    fn add(&self, pairs: &mut Vec<String>, name: &str, value: &Value) {
        let text = match (value, self.library) {
            // Ruby writes what is null as nothing, the others leave it out.
            (Value::Null, Library::Ruby) => String::new(),
            (Value::Null, _) => return,
            (Value::Array(items), library) => {
                for (index, item) in items.iter().enumerate() {
                    let index = if library == Library::Php {
                        index.to_string()
                    } else {
                        String::new()
                    };
                    self.add(pairs, &format!("{name}[{index}]"), item);
                }
                return;
            }
            (Value::Object(fields), _) => {
                for (key, item) in fields {
                    self.add(pairs, &format!("{name}[{key}]"), item);
                }
                return;
            }
            (Value::Bool(value), Library::Php) => u8::from(*value).to_string(),
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        };
        pairs.push(format!("{}={}", self.in_query(name), self.in_query(&text)));
    }

    async fn call(&self, verb: &str, path: &str, body: Option<String>) -> Answer {
        let request = self.written(verb, path, body);
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let answer = Answer::read(&answer, verb, path);
        self.covered.note(verb, path, answer.status);
        answer
    }

    fn written(&self, verb: &str, path: &str, body: Option<String>) -> String {
        let host = self.host.as_ref().unwrap_or(&self.address);
        let mut head = format!("{verb} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
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
        header("Content-Type", "application/json");
        if let Some(key) = &self.key {
            header("Authrocket-Api-Key", key);
        }
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
        format!("{head}\r\n{}", body.unwrap_or_default())
    }
}

/// Percent escapes for all but ASCII letters, digits and what is named.
fn percent(text: &str, literal: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || literal.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}
