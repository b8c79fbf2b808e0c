//! `/v2/client_apps`

mod get;
mod id;
mod post;
