//! `/v2/client_apps/:id`

mod get;
