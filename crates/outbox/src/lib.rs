//! Events written in the transaction of the change they tell of, and the relay that hands them to Event.
//!
//! Auth and Session each own an outbox table; [`outbox!`] makes its queries, [`Relay`] empties it. A process hands over its
//! own rows at once and other processes' rows when they are a few seconds old, so that a killed process loses nothing. Event
//! stores an event once however often it is handed over.

mod depth;
mod event;
mod relay;
mod table;

pub use depth::keep_measuring;
pub use event::NewEvent;
pub use relay::{Outbox, Relay};
