//! `/v2/login/verify`

mod post;
