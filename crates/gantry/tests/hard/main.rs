//! What is hard on a login server: real processes, cut wires, killed programs, wrong certificates, lost power.
//!
//! Everything here starts the program as people do (`gantry dev`, `gantry serve --role ...`) and speaks to it over sockets.

mod common;

mod dev;
mod mutual_tls;
mod outage;
mod processes;
mod shutdown;
mod traces;
