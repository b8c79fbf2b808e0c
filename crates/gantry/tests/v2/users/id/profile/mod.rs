//! `/v2/users/:id/profile`

mod put;
