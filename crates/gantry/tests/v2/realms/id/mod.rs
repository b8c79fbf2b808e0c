//! `/v2/realms/:id`

mod get;
mod put;
