//! `/v2/orgs/:id`

mod get;
