//! `/v2/users/:id/accept_invitation`

mod post;
