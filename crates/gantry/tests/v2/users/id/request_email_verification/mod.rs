//! `/v2/users/:id/request_email_verification`

mod post;
