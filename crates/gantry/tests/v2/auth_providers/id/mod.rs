//! `/v2/auth_providers/:id`

mod authorize;
mod delete;
mod get;
mod put;
