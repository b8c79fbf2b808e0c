//! `/v2/realms/:id/reset`

mod post;
