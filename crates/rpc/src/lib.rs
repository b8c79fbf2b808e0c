//! How services talk: [`Wire`] (a client that does not know whether it is local), [`guard()`], [`serve()`], problems as statuses.

mod call;
mod guard;
mod health;
mod keys;
mod origin;
mod page;
mod problem;
mod sent;
mod serve;
mod wire;

pub use call::{CALLER, CLUSTER, Call, caller_header, forwarded, internal, key_of};
pub use guard::{Guard, Resolver, SessionState, guard};
pub use health::{Ready, health, reflection};
pub use keys::resolve_key;
pub use origin::{Origin, origin};
pub use page::{Expands, ListFields, expands, page};
pub use problem::{from_status, to_status};
pub use sent::Present;
pub use serve::{GrpcTls, Listener, ServeError, bind, bind_socket, serve};
pub use wire::{Later, Remote, Wire, WireError};
