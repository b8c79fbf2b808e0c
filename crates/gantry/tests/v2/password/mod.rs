//! `/v2/password`

mod breached;
mod forgot;
mod reset;
