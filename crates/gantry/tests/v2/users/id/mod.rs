//! `/v2/users/:id`

mod authenticate;
mod generate_password_token;
mod get;
mod request_email_verification;
