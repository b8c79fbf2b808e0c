//! `/v2/passkeys/register`

mod hostile;
mod post;
