//! `/v2/domains/:id`

mod delete;
mod get;
mod put;
mod verify;
