//! `/v2/passkeys/:id`

mod delete;
