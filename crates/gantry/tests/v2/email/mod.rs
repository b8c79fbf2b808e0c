//! `/v2/email`

mod verify;
