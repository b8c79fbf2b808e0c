//! `/v2/users/:id/generate_password_token`

mod post;
