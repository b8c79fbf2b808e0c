//! `/v2/auth_providers/:id/authorize`

mod get;
mod post;
