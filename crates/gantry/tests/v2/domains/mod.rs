//! `/v2/domains`

mod certificates;
mod get;
mod id;
mod post;
