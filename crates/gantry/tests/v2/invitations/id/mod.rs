//! `/v2/invitations/:id`

mod delete;
mod get;
mod invite;
mod put;
