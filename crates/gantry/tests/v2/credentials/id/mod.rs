//! `/v2/credentials/:id`

mod delete;
mod get;
mod put;
mod verify;
