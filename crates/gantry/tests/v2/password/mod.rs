//! `/v2/password`

mod forgot;
mod reset;
