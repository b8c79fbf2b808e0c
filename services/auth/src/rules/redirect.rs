//! Addresses that users are sent to: which may be registered, and when one that is asked for is a registered one (T-24).

use super::check::LONG;

/// Schemes that run code or read files.
const DANGEROUS: [&str; 6] = ["javascript", "data", "vbscript", "file", "blob", "about"];

/// Whether an address may be registered: absolute and plain, so that every reader reads it alike. No user, fragment, backslash,
/// control character, step to a parent folder (spelled out or encoded), or port that is none; its scheme is not one that runs code.
pub(crate) fn is_redirect(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else {
        return false;
    };
    let scheme_good = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && !DANGEROUS.contains(&scheme.to_ascii_lowercase().as_str());
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let path = tail.split('?').next().unwrap_or_default();
    scheme_good
        && uri.len() <= LONG
        && is_authority(authority)
        && !climbs(path)
        && !uri.contains(['#', '\\', '"', '<', '>'])
        && !uri.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// Whether an address may be shown as a link: one that could be registered, of the web.
pub(crate) fn is_web(uri: &str) -> bool {
    let web = ["https://", "http://"];
    is_redirect(uri) && web.iter().any(|scheme| uri.starts_with(scheme))
}

/// A host, or an IPv6 address in brackets, and perhaps a port.
fn is_authority(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, after)) => {
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return false;
            }
            match after.strip_prefix(':') {
                Some(port) => (address, Some(port)),
                None => return after.is_empty(),
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let named = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    !host.is_empty()
        && host.chars().all(named)
        && port.is_none_or(|port| {
            port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
}

/// Whether a path leads upwards anywhere, or hides a separator: readers disagree on what such a path means.
fn climbs(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let plain = lower.replace("%2e", ".");
    lower.contains("%2f") || lower.contains("%5c") || plain.split('/').any(|step| step == ".." || step == ".")
}

/// Whether an address that an app asks for is one of those registered for it: the same text. On the loopback interface of the
/// user's own machine a native app takes whatever port is free (RFC 8252, 7.3).
pub(crate) fn is_registered(registered: &[String], asked: &str, native: bool) -> bool {
    registered
        .iter()
        .any(|known| known == asked || (native && is_same_loopback(known, asked)))
}

fn is_same_loopback(known: &str, asked: &str) -> bool {
    match (loopback(known), loopback(asked)) {
        (Some(registered), Some(wanted)) => registered == wanted && is_redirect(asked),
        _ => false,
    }
}

/// Host and rest of an `http` address on the loopback interface, without its port.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let host = ["127.0.0.1", "[::1]"].into_iter().find(|host| rest.starts_with(host))?;
    let after = rest.strip_prefix(host)?;
    let (port, tail) = after.split_at(after.find(['/', '?']).unwrap_or(after.len()));
    let good = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    good.then_some((host, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_24_only_plain_absolute_addresses_are_registered() {
        for uri in [
            "https://my.app/",
            "https://my.app",
            "http://localhost:4000/cb",
            "http://[::1]:4000/cb",
            "http://[::1]",
            "myapp://callback/x",
            "com.example.app://cb",
            "https://a.b/c?d=e&f=https://x/../y",
            "https://a.b/c..d/.well-known/x",
        ] {
            assert!(is_redirect(uri), "{uri}");
        }
        for uri in [
            "",
            "/x",
            "//a.example/",
            "javascript://x/%0aalert(1)",
            "JavaScript://x/%0aalert(1)",
            "data://x",
            "https://a@b/",
            "https://127.0.0.1:1@evil.example/",
            "https://a:b@c/",
            "https://a/#x",
            "https://a\\b",
            "https:///x",
            "https://?x",
            "https://a/ b",
            "https://a/\tb",
            "https://a/../b",
            "https://a/b/..",
            "https://a/%2e%2e/b",
            "https://a/.%2E/b",
            "https://a/..%2fb",
            "https://a/%5c..%5cb",
            "https://a:0/",
            "https://a:/",
            "https://a:65536/",
            "https://a:80:80/",
            "https://a:+80/",
            "https://[::1/",
            "https://[x]/",
            "https://[::1]x/",
            "https://a,b/",
            "https://*.a.example/",
            "https://ä.example/",
        ] {
            assert!(!is_redirect(uri), "{uri}");
        }
        assert!(!is_web("myapp://callback/x") && is_web("https://a.example/terms"));
    }

    #[test]
    fn t_24_what_is_asked_for_is_what_is_registered() {
        let known = ["https://my.app/cb".to_owned(), "http://127.0.0.1/cb?x=1".to_owned()];
        for (asked, web, native) in [
            ("https://my.app/cb", true, true),
            ("http://127.0.0.1/cb?x=1", true, true),
            ("http://127.0.0.1:5000/cb?x=1", false, true),
            ("https://my.app/cb/", false, false),
            ("https://my.app/cb/more", false, false),
            ("https://my.app/cb?x", false, false),
            ("https://my.app:443/cb", false, false),
            ("https://MY.app/cb", false, false),
            ("https://my.app.evil/cb", false, false),
            ("http://127.0.0.1:1@evil/cb?x=1", false, false),
            ("http://127.0.0.1:/cb?x=1", false, false),
            ("http://127.0.0.1:99999/cb?x=1", false, false),
            ("http://127.0.0.11/cb?x=1", false, false),
            ("http://[::1]:5000/cb?x=1", false, false),
            ("http://localhost:5000/cb?x=1", false, false),
            ("https://127.0.0.1:5000/cb?x=1", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_registered(&known, asked, false), web, "{asked}");
            assert_eq!(is_registered(&known, asked, true), native, "{asked}");
        }
    }
}
