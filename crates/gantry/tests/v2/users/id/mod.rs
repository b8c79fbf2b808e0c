//! `/v2/users/:id`

mod authenticate;
mod get;
