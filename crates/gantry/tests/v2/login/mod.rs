//! `/v2/login`

mod post;
mod verify;
