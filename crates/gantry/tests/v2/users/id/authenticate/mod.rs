//! `/v2/users/:id/authenticate`

mod post;
