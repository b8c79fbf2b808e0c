//! `/v2/users/:id/update_password`

mod put;
