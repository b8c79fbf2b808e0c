//! `/v2/email/verify`

mod post;
