//! The program: dev, serve, migrate, doctor, config, key.
fn main() {}
