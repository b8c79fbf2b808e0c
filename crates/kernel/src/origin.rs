//! Web origins: the one reader for what a realm allows and for what a browser sends.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest origin: a host name has at most 253 characters.
const MAX_BYTES: usize = 280;

/// Reads a web origin (`https://app.example.com:8443`) into the one form that browsers send: lower case, default port
/// left out. `None` for all else: other schemes, `null`, wildcards, user names, paths, host names that are not
/// plain ASCII, numbers in disguise.
pub fn normalize_origin(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (scheme, authority) = lower.split_once("://")?;
    let default_port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let (host, port) = split_port(authority)?;
    let host = normalize_host(host)?;
    match port.map(parse_port) {
        None => Some(format!("{scheme}://{host}")),
        Some(Some(port)) if port == default_port => Some(format!("{scheme}://{host}")),
        Some(Some(port)) => Some(format!("{scheme}://{host}:{port}")),
        Some(None) => None,
    }
}

/// Parts host and port; the colons of an IPv6 address stand in brackets.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let after_host = match authority.rfind(']') {
        Some(end) => authority.get(end + 1..)?,
        None => authority,
    };
    match after_host.find(':') {
        None => Some((authority, None)),
        Some(at) => {
            let colon = authority.len() - after_host.len() + at;
            Some((authority.get(..colon)?, authority.get(colon + 1..)))
        }
    }
}

/// Reads a port as browsers write it: digits without a leading zero.
fn parse_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    digits.then(|| text.parse().ok()).flatten()
}

fn normalize_host(host: &str) -> Option<String> {
    if let Some(inner) = host.strip_prefix('[') {
        let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if host.len() > 253 || !host.split('.').all(label) {
        return None;
    }
    // A last label that is a number makes the host an IPv4 address to a browser, in whatever notation.
    let last = host.rsplit('.').next()?;
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if numeric {
        return host.parse::<Ipv4Addr>().ok().map(|address| address.to_string());
    }
    Some(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn normalize_origin_brings_origins_to_the_form_that_browsers_send() {
        for (given, kept) in [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.COM", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://app.example.com:80", "http://app.example.com"),
            ("http://app.example.com:443", "http://app.example.com:443"),
            ("https://app.example.com:8443", "https://app.example.com:8443"),
            ("http://localhost:4000", "http://localhost:4000"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("http://[::1]", "http://[::1]"),
            ("http://[0:0:0:0:0:0:0:1]:80", "http://[::1]"),
            ("http://[::1]:4000", "http://[::1]:4000"),
            ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
            ("https://a_b.example", "https://a_b.example"),
        ] {
            assert_eq!(normalize_origin(given).as_deref(), Some(kept), "{given}");
        }
    }

    #[test]
    fn t_23_normalize_origin_refuses_what_is_no_plain_origin() {
        let long = format!("https://{}.example", "a.".repeat(150));
        for given in [
            "",
            "null",
            "*",
            "https://*",
            "https://*.example.com",
            "example.com",
            "//example.com",
            "https:example.com",
            "https:/example.com",
            "https://",
            "https://:443",
            "https://example.com/",
            "https://example.com/path",
            "https://example.com?x",
            "https://example.com#x",
            "https://example.com\\",
            "https://user@example.com",
            "https://user:pass@example.com",
            "https://example.com:",
            "https://example.com:0",
            "https://example.com:080",
            "https://example.com:65536",
            "https://example.com:4x",
            "https://example.com:80:80",
            "https://example.com:-1",
            "https://.example.com",
            "https://example..com",
            "https://example.com.",
            "https://-example.com",
            "https://exa mple.com",
            " https://example.com",
            "https://example.com ",
            "https://example.com\r\nx: y",
            "https://example.com\0",
            "https://münchen.example",
            "https://example%2ecom",
            "https://example.com,https://b.example",
            "https://a.example https://b.example",
            "https://2130706433",
            "https://0x7f.1",
            "https://127.1",
            "https://1.2.3.4.5",
            "https://0177.0.0.1",
            "https://[::1",
            "https://::1",
            "https://[::1]x",
            "https://[::1%25eth0]",
            "https://[]",
            "https://[1.2.3.4]",
            "http://x]:80",
            "ftp://example.com",
            "file://",
            "data:text/html",
            "javascript://example.com",
            "chrome-extension://abcdefgh",
            "https+x://example.com",
            "https://https://example.com",
            &long,
        ] {
            assert_eq!(normalize_origin(given), None, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn normalize_origin_is_idempotent_and_never_panics(text in "(https?://)?[a-z0-9.:\\[\\]/@*-]{0,30}") {
            if let Some(once) = normalize_origin(&text) {
                prop_assert_eq!(normalize_origin(&once), Some(once.clone()));
            }
        }
    }
}
