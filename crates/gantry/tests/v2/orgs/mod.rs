//! `/v2/orgs`

mod get;
mod id;
mod post;
