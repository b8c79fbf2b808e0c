//! `/v2/login`

mod passkey;
mod post;
mod verify;
