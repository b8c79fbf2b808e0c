//! `/v2/password/forgot`

mod post;
