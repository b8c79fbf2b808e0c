//! `/v2/memberships`

mod get;
mod id;
mod post;
