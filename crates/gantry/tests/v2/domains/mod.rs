//! `/v2/domains`

mod get;
mod id;
mod post;
