//! Every message a person may read, in their language: loads `locales/`, negotiates, finds and fills a text.
//!
//! To add a message: put its key into every file of `locales/` with the same `{placeholders}`; the tests here name
//! whatever is missing. To add a language: add its file, a variant of [`Locale`] and a line in `table.rs`.

mod locale;
mod message;
mod negotiate;
mod table;

pub use locale::Locale;
pub use message::{field, t, violation};
pub use negotiate::negotiate;
pub use table::keys;
