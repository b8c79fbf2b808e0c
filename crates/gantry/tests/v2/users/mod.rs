//! `/v2/users`

mod get;
mod id;
mod post;
mod verify_email;
