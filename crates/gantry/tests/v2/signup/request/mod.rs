//! `/v2/signup/request`

mod post;
