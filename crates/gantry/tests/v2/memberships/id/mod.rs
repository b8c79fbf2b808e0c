//! `/v2/memberships/:id`

mod delete;
mod get;
mod put;
