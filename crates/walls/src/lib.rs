//! Tests of the house itself: who may know whom, sizes, names, migrations, the compose file.
//!
//! A wall is a function from the root of a tree to what is wrong there, one line each. `tests/walls.rs` asks each wall
//! about this repository, and `tests/walls_can_fail.rs` builds a house that breaks it and sees that it says so.
//!
//! To add a wall: 1. write the function in the file of its subject; 2. call it in `tests/walls.rs`; 3. plant a
//! violation in `tests/walls_can_fail.rs`.

pub mod compose;
pub mod graph;
pub mod habits;
pub mod migrations;
pub mod rooms;
pub mod sizes;
pub mod source;
pub mod texts;

use std::path::{Path, PathBuf};

/// Returns the root of this repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
