//! The least honest work for each workload: the baseline that Gantry is measured beside.
fn main() {}
