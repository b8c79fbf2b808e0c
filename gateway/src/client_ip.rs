//! Who is calling: the address and scheme of the caller, through the proxies that configuration names and no others.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Hops that are walked at most; a chain of proxies has a handful.
const MAX_HOPS: usize = 16;
/// The longest text that can be an address with brackets and port.
const MAX_HOP_BYTES: usize = 64;

/// How a request travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// In clear.
    Http,
    /// Under TLS.
    Https,
}

/// Finds the caller's address. That is the peer's, unless the peer is a trusted proxy: then the right-most hop of
/// `X-Forwarded-For` that is not trusted. What stands further left was written by a stranger and is never read;
/// a hop that is no address ends the walk at the last good one.
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut found = peer.to_canonical();
    // The lines of a repeated header are one list (RFC 9110 5.3), so the last line holds the right-most hops.
    let lines = headers.get_all(X_FORWARDED_FOR).into_iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops.take(MAX_HOPS) {
        if !is_trusted(found, trusted) {
            break;
        }
        match parse_hop(hop) {
            Some(address) => found = address,
            None => break,
        }
    }
    found
}

/// Finds the scheme that the caller used: `own`, that of the connection, unless the peer is a trusted proxy that
/// states another in `X-Forwarded-Proto` (of several words the last, which the nearest proxy wrote).
pub fn client_scheme(peer: IpAddr, own: Scheme, headers: &HeaderMap, trusted: &[IpNet]) -> Scheme {
    if !is_trusted(peer.to_canonical(), trusted) {
        return own;
    }
    let line = headers.get_all(X_FORWARDED_PROTO).into_iter().next_back();
    let word = line.and_then(|line| line.as_bytes().rsplit(|byte| *byte == b',').next());
    match word.map(<[u8]>::trim_ascii) {
        Some(word) if word.eq_ignore_ascii_case(b"https") => Scheme::Https,
        Some(word) if word.eq_ignore_ascii_case(b"http") => Scheme::Http,
        _ => own,
    }
}

/// Tells whether an address belongs to a trusted proxy, also where the network is written as IPv4-mapped IPv6.
fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let mapped = match address {
        IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
        v6 => v6,
    };
    trusted
        .iter()
        .any(|net| net.contains(&address) || net.contains(&mapped))
}

/// Reads a hop: an address, with a port or not, IPv6 in brackets or not.
fn parse_hop(bytes: &[u8]) -> Option<IpAddr> {
    let bytes = bytes.trim_ascii();
    if bytes.len() > MAX_HOP_BYTES {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || {
        text.parse::<SocketAddr>()
            .ok()
            .filter(|socket| !has_zone(socket))
            .map(|socket| socket.ip())
    };
    let address: IpAddr = text.parse().ok().or_else(bare).or_else(with_port)?;
    Some(address.to_canonical())
}

/// An address with a zone means something on one machine only.
fn has_zone(socket: &SocketAddr) -> bool {
    matches!(socket, SocketAddr::V6(v6) if v6.scope_id() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn nets() -> Vec<IpNet> {
        ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap()).to_vec()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        headers
    }

    fn walked(peer: &str, lines: &[&str]) -> IpAddr {
        client_ip(ip(peer), &headers("x-forwarded-for", lines), &nets())
    }

    #[test]
    fn t_09_a_stranger_is_not_believed() {
        for lines in [&["1.2.3.4"][..], &["10.0.0.1"], &["127.0.0.1"], &["garbage"], &[]] {
            assert_eq!(walked("203.0.113.7", lines), ip("203.0.113.7"), "{lines:?}");
        }
        let nobody = client_ip(ip("10.0.0.1"), &headers("x-forwarded-for", &["1.2.3.4"]), &[]);
        assert_eq!(nobody, ip("10.0.0.1"), "no proxy is trusted by default");
    }

    #[test]
    fn t_09_the_right_most_hop_that_is_not_trusted_counts() {
        for (lines, found) in [
            (&["203.0.113.7"][..], "203.0.113.7"),
            (&["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
            (&["1.1.1.1, 203.0.113.7, 10.9.9.9"], "203.0.113.7"),
            (&["1.1.1.1", "203.0.113.7", "10.9.9.9"], "203.0.113.7"),
            (&["203.0.113.7, 10.9.9.9", "fd00::5"], "203.0.113.7"),
            (&["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (&[], "10.0.0.1"),
            (&["203.0.113.7:51234"], "203.0.113.7"),
            (&["[2001:db8::7]:443"], "2001:db8::7"),
            (&["[2001:db8::7]"], "2001:db8::7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["  203.0.113.7\t"], "203.0.113.7"),
        ] {
            assert_eq!(walked("10.0.0.1", lines), ip(found), "{lines:?}");
        }
    }

    #[test]
    fn t_09_a_hop_that_is_no_address_ends_the_walk_at_the_last_good_one() {
        for (lines, found) in [
            (&["garbage"][..], "10.0.0.1"),
            (&["203.0.113.7, unknown"], "10.0.0.1"),
            (&["203.0.113.7, garbage, 10.9.9.9"], "10.9.9.9"),
            (&["203.0.113.7, , 10.9.9.9"], "10.9.9.9"),
            (&[""], "10.0.0.1"),
            (&["fe80::1%2"], "10.0.0.1"),
            (&["[fe80::1%2]:80"], "10.0.0.1"),
            (&["010.0.0.1"], "10.0.0.1"),
            (&["203.0.113.7é"], "10.0.0.1"),
            (&["for=203.0.113.7"], "10.0.0.1"),
            (&["203.0.113.0/24"], "10.0.0.1"),
        ] {
            assert_eq!(walked("10.0.0.1", lines), ip(found), "{lines:?}");
        }
    }

    #[test]
    fn t_09_mapped_addresses_are_their_ipv4_selves() {
        assert_eq!(walked("::ffff:203.0.113.7", &["1.2.3.4"]), ip("203.0.113.7"));
        assert_eq!(walked("::ffff:10.0.0.1", &["::ffff:203.0.113.7"]), ip("203.0.113.7"));
        let mapped_net = ["::ffff:10.0.0.0/104".parse().unwrap()];
        let seen = client_ip(
            ip("10.0.0.1"),
            &headers("x-forwarded-for", &["203.0.113.7"]),
            &mapped_net,
        );
        assert_eq!(seen, ip("203.0.113.7"));
    }

    #[test]
    fn t_09_long_headers_cost_nothing_and_change_nothing() {
        let left = "1.1.1.1,".repeat(5_000);
        assert_eq!(walked("10.0.0.1", &[&format!("{left}203.0.113.7")]), ip("203.0.113.7"));
        let proxies = "10.1.1.1,".repeat(5_000);
        assert_eq!(
            walked("10.0.0.1", &[&format!("203.0.113.7,{proxies}10.1.1.2")]),
            ip("10.1.1.1")
        );
        assert_eq!(walked("10.0.0.1", &[&"9".repeat(9_000)]), ip("10.0.0.1"));
    }

    #[test]
    fn t_09_scheme_is_believed_from_trusted_proxies_only() {
        let scheme = |peer: &str, lines: &[&str]| {
            client_scheme(ip(peer), Scheme::Http, &headers("x-forwarded-proto", lines), &nets())
        };
        assert_eq!(scheme("203.0.113.7", &["https"]), Scheme::Http);
        for (lines, found) in [
            (&["https"][..], Scheme::Https),
            (&["HTTPS "], Scheme::Https),
            (&["http, https"], Scheme::Https),
            (&["https, http"], Scheme::Http),
            (&["https", "http"], Scheme::Http),
            (&["gopher"], Scheme::Http),
            (&[""], Scheme::Http),
            (&[], Scheme::Http),
        ] {
            assert_eq!(scheme("10.0.0.1", lines), found, "{lines:?}");
        }
        let stated = headers("x-forwarded-proto", &["http"]);
        assert_eq!(
            client_scheme(ip("10.0.0.1"), Scheme::Https, &stated, &nets()),
            Scheme::Http
        );
        assert_eq!(
            client_scheme(ip("8.8.8.8"), Scheme::Https, &stated, &nets()),
            Scheme::Https
        );
    }

    proptest! {
        #[test]
        fn t_09_a_stranger_cannot_choose_what_is_found(forged in "[0-9a-f.:, \\[\\]]{0,80}", real: [u8; 4]) {
            let real = IpAddr::from(real);
            prop_assume!(!is_trusted(real, &nets()));
            let line = format!("{forged}, {real}");
            prop_assert_eq!(walked("10.0.0.1", &[&line]), real);
        }

        #[test]
        fn t_09_no_header_panics(bytes in proptest::collection::vec(0x20_u8..=0xff, 0..80)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                client_ip(ip("10.0.0.1"), &HeaderMap::from_iter([(X_FORWARDED_FOR, value)]), &nets());
            }
        }
    }
}
