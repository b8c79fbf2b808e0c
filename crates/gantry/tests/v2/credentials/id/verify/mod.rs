//! `/v2/credentials/:id/verify`

mod post;
