//! `/v2/users`

mod get;
mod id;
mod post;
mod reset_password_with_token;
mod verify_email;
