//! `/v2/passkeys`

mod get;
mod id;
mod provider;
mod register;
