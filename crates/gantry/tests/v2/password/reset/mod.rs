//! `/v2/password/reset`

mod post;
