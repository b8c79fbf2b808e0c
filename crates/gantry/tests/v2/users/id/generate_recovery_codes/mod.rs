//! `/v2/users/:id/generate_recovery_codes`

mod post;
