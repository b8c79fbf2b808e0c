//! `/v2/invitations/:id/invite`

mod post;
