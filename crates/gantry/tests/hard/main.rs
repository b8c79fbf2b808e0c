//! What is hard on a login server: real processes, cut wires, killed programs, wrong certificates, lost power.
//!
//! Everything here starts the program as people do (`gantry dev`, `gantry serve --role ...`) and speaks to it over sockets.

#![cfg_attr(
    test,
    expect(clippy::string_slice, reason = "ids and tokens are ASCII, and a test may panic")
)]

#[cfg(test)]
mod common;

#[cfg(test)]
mod certificates;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod dev;
#[cfg(test)]
mod dev_mails;
#[cfg(test)]
mod left_over;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod mutual_tls;
#[cfg(test)]
mod needs_chromium;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod watching;
