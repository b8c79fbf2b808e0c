//! `/v2/client_apps/:id`

mod delete;
mod get;
mod put;
