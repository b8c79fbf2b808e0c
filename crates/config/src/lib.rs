//! Defaults, then one file, then the environment; checked; printable with secrets hidden.
//!
//! `gantry.default.toml` beside this crate is the manual: every setting with its default and what it does.
//!
//! To add a setting you have to: put a field into its section under `sections/` (with its default), a line into
//! `keys::KEYS`, a line with a comment into `gantry.default.toml`, and, when not every value of its type will do,
//! a check into `check.rs`. Tests fail until the four agree.

mod check;
mod env;
mod error;
mod keys;
mod load;
mod print;
mod sections;
mod suggest;

pub use env::Env;
pub use error::{ConfigError, Trouble};
pub use load::{Loaded, Source, load};
pub use sections::*;
pub use suggest::closest;

/// The manual: every setting, its default, and what it does.
pub const MANUAL: &str = include_str!("../gantry.default.toml");
