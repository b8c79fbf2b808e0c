//! `/v2/users/:id`

mod accept_invitation;
mod authenticate;
mod delete;
mod generate_password_token;
mod generate_recovery_codes;
mod get;
mod profile;
mod put;
mod request_email_verification;
mod update_password;
