//! `/v2/domains/:id/verify`

mod post;
