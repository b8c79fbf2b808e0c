//! `/v2/session`

mod delete;
mod get;
