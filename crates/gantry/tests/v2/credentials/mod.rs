//! `/v2/credentials`

mod id;
mod post;
