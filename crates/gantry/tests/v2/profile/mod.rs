//! `/v2/profile`

mod password;
mod put;
