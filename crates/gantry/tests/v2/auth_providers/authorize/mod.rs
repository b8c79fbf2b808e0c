//! `/v2/auth_providers/authorize`

mod get;
mod hostile;
mod linking;
mod post;
