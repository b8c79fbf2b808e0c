//! `/v2/users/reset_password_with_token`

mod post;
