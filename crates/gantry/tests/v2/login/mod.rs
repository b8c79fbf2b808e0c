//! `/v2/login`

mod email;
mod passkey;
mod post;
mod verify;
