//! `/v2/domains/:id`

mod get;
