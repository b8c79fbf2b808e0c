//! `/v2/users`

mod authenticate_token;
mod get;
mod id;
mod post;
mod reset_password_with_token;
mod verify_email;
