//! The chores: cargo xtask test, bench.
fn main() {}
