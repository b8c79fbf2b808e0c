//! `/v2/auth_providers`

mod get;
mod id;
mod post;
