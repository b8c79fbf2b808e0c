//! The request that tells a webhook of an event (contract 5.5).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gantry_kernel::Secret;
use http::{Request, Response, StatusCode, header};
use url::Url;

use super::signature::sign;

/// The most characters of an answer that are kept.
const EXCERPT: usize = 200;

/// What is sent.
pub(crate) struct Message<'a> {
    /// What receivers know it by, however often it comes.
    pub(crate) id: &'a str,
    /// The event as JSON.
    pub(crate) body: Vec<u8>,
    /// Now, in seconds.
    pub(crate) timestamp: i64,
}

/// Builds the request; `None` for an address that nothing can be sent to.
pub(crate) fn request(destination: &Secret, secrets: &[Secret], message: Message<'_>) -> Option<Request<Vec<u8>>> {
    let (url, credentials) = split(destination.expose())?;
    let mut request = Request::post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.timestamp);
    let signature = sign(secrets, message.id, message.timestamp, &message.body);
    if !signature.is_empty() {
        request = request.header("webhook-signature", signature);
    }
    if let Some(credentials) = credentials {
        let mut value = header::HeaderValue::try_from(format!("Basic {}", STANDARD.encode(credentials))).ok()?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(message.body).ok()
}

/// Takes the name and the password out of an address: they travel in a header.
fn split(address: &str) -> Option<(String, Option<Vec<u8>>)> {
    let mut url = Url::parse(address).ok()?;
    let mut credentials = None;
    if !url.username().is_empty() || url.password().is_some() {
        let mut pair = unescaped(url.username());
        pair.push(b':');
        pair.extend(unescaped(url.password().unwrap_or_default()));
        credentials = Some(pair);
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
    }
    Some((url.into(), credentials))
}

/// Undoes percent escapes.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        match others {
            [high, low, after @ ..] if *first == b'%' && digit(high).is_some() && digit(low).is_some() => {
                let value = digit(high).unwrap_or(0) * 16 + digit(low).unwrap_or(0);
                bytes.push(u8::try_from(value).unwrap_or(b'?'));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    bytes
}

/// Whether an answer says that the event was taken, and what is kept of it.
pub(crate) fn judge(answer: &Response<Vec<u8>>) -> (bool, String) {
    let status = answer.status();
    let mut told = status.as_u16().to_string();
    if let Some(reason) = status.canonical_reason() {
        told = format!("{told} {reason}");
    }
    if status.is_success() {
        return (true, told);
    }
    let said = excerpt(answer.body());
    if !said.is_empty() && status != StatusCode::NO_CONTENT {
        told = format!("{told}: {said}");
    }
    (false, told)
}

/// The beginning of a text, on one line.
pub(crate) fn excerpt(text: &[u8]) -> String {
    let start = text.get(..text.len().min(EXCERPT * 4)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    let line = text.split(|c: char| c.is_control() || c.is_whitespace());
    let line = line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_the_address_travels_in_a_header() {
        let message = Message {
            id: "ent_1",
            body: b"{}".to_vec(),
            timestamp: 1,
        };
        let made = request(&Secret::new("https://u%40x:p%3a%C3%B1@a.example/x?y=1"), &[], message).unwrap();
        assert_eq!(made.uri(), "https://a.example/x?y=1");
        let sent = made.headers()[header::AUTHORIZATION].to_str().unwrap();
        assert_eq!(
            STANDARD.decode(sent.strip_prefix("Basic ").unwrap()).unwrap(),
            "u@x:p:ñ".as_bytes()
        );
        assert!(!made.headers().contains_key("webhook-signature"));
    }

    #[test]
    fn only_2xx_is_success_and_what_is_kept_is_one_short_line() {
        let answer = |status: u16, body: &str| {
            let built = Response::builder().status(status).body(body.as_bytes().to_vec());
            judge(&built.unwrap())
        };
        assert_eq!(answer(200, "thanks"), (true, "200 OK".to_owned()));
        assert_eq!(answer(204, ""), (true, "204 No Content".to_owned()));
        assert_eq!(answer(302, ""), (false, "302 Found".to_owned()));
        assert_eq!(
            answer(500, "a\r\n\tb\u{1b}[2J"),
            (false, "500 Internal Server Error: a b [2J".to_owned())
        );
        let (_, long) = answer(418, &"ñ".repeat(10_000));
        assert!(long.chars().count() < 250);
    }
}
