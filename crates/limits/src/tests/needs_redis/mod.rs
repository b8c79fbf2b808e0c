//! What cannot be tested without Redis; `cargo xtask test --fast` leaves out modules of this name.

mod cluster;
mod outage;
mod shared;
