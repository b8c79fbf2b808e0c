//! `/v2/login/passkey`

mod hostile;
mod post;
