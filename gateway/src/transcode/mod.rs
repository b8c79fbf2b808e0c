//! JSON, form, query and path to one tree of values, and back: one place for all routes.

pub mod path;
pub mod tree;
pub(crate) mod wire;
