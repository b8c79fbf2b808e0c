//! `/v2/login`

mod post;
