//! `/v2/auth_providers`

mod authorize;
mod get;
mod id;
mod post;
