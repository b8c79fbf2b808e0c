//! `/v2/orgs/:id`

mod delete;
mod get;
mod put;
