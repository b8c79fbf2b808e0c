//! Free ports on the loopback address.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Context;

/// Ports below those that the kernel gives to outgoing connections: none of these can be taken by a test's client
/// between the moment we look and the moment the server binds.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Finds free ports, starting at a place that differs between processes so that two runs do not meet.
pub(crate) fn free<const N: usize>() -> anyhow::Result<[u16; N]> {
    let width = usize::from(RANGE.end - RANGE.start);
    let spread = usize::try_from(std::process::id())?.wrapping_mul(7919) % width;
    let ports: Vec<u16> = RANGE
        .cycle()
        .skip(spread)
        .take(width)
        .filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .take(N)
        .collect();
    ports.try_into().ok().context("no free port on the loopback address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_in_use_are_passed_over() {
        let [first] = free::<1>().unwrap();
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap();
        let [second, third] = free::<2>().unwrap();
        assert!(first != second && second != third && first != third);
    }
}
