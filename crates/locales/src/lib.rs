//! Every message a person may read, in their language: loads `locales/`, negotiates, finds and fills a text.
//!
//! To add a message: put its key into every file of `locales/` with the same values; the tests here name whatever is
//! missing. To add a language: docs/LOCALES.md.

mod message;
mod negotiate;
mod texts;

pub use gantry_kernel::Locale;
pub use message::{field, t, violation};
pub use negotiate::negotiate;
pub use texts::keys;

#[cfg(test)]
mod files_tests;
#[cfg(test)]
mod plural_tests;
#[cfg(test)]
mod rtl_tests;
