//! `/v2/memberships/:id`

mod get;
