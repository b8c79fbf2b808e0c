//! `/v2/users/verify_email`

mod post;
