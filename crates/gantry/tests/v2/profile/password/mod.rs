//! `/v2/profile/password`

mod post;
