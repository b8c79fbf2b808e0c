//! `/v2/users`

mod get;
mod id;
mod post;
