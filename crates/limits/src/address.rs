//! How an address is counted.

use std::net::{IpAddr, Ipv6Addr};

/// Names an address for a limit's key (T-10): IPv4 as it is, also when it is written as IPv6; IPv6 by its /64, since
/// one machine chooses freely among those 2^64 addresses.
pub fn address_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(ip: &str) -> String {
        address_key(ip.parse().unwrap())
    }

    #[test]
    fn t_10_ipv4_is_counted_as_it_is() {
        assert_eq!(key("192.0.2.1"), "192.0.2.1");
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn t_10_mapped_ipv4_is_the_same_ipv4() {
        for written in ["::ffff:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:FFFF:192.0.2.1"] {
            assert_eq!(key(written), "192.0.2.1", "{written}");
        }
    }

    #[test]
    fn t_10_ipv6_is_counted_by_its_network() {
        for written in [
            "2001:db8:1:2::",
            "2001:db8:1:2::1",
            "2001:0DB8:0001:0002:ffff:ffff:ffff:ffff",
        ] {
            assert_eq!(key(written), "2001:db8:1:2::/64", "{written}");
        }
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::1"), "::/64");
    }
}
