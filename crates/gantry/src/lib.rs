//! The program: composes the rooms into one process or several, and gives the operator commands.
//!
//! Only this crate knows all services; they do not know each other. [`Gantry::start`] is what `gantry dev`, `gantry serve` and the
//! tests all stand on.

pub mod check;
pub mod cli;
pub mod commands;
mod compose;
mod demo;
mod desk;
mod listen;
mod mail;
mod metrics;
mod roles;
mod running;
mod secret_key;
mod switch;

pub use compose::{Gantry, StartError, World};
pub use demo::Demo;
pub use roles::{Role, Roles};
pub use running::Running;
