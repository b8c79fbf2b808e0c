//! `/v2/auth_providers`

mod authorize;
mod get;
mod id;
mod needs_oidc;
mod post;
