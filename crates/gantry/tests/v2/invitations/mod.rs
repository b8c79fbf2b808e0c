//! `/v2/invitations`

mod get;
mod id;
mod post;
