//! `/v2/auth_providers/:id`

mod delete;
mod get;
mod put;
