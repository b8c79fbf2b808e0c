//! Passwords behind a bulkhead: a bounded queue before one hashing thread per core, so that cheap requests never wait for
//! expensive ones, and a full queue is said at once (design.md).

mod argon2;
mod breached;
mod pool;

pub use self::argon2::Cost;
pub(crate) use breached::Breached;
pub use pool::{PasswordConfig, Passwords};
