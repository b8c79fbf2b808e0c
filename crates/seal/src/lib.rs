//! Seals what the database keeps but must not tell, with keys derived from the installation's secret.
//!
//! Each service has its own label, so that what one sealed no other opens. To seal a new kind of text: name a [`Purpose`] where the
//! text is made, and hand the id of its row to [`Vault::seal`].

mod derive;
mod event_token;
mod vault;

pub use derive::derive;
pub use event_token::EventTokens;
pub use vault::{Purpose, Vault};
