//! Pools, migrations, read and write transactions, portable field types, [`StoreError`].
//!
//! A service's store is written once and compiled twice. To add a query:
//!
//! 1. write a plain `async fn name(conn: &mut Conn, …) -> Result<…, StoreError>` in `store/queries/<noun>.rs`, with
//!    `use super::super::{Conn, Backend}`-free text: the file sees `Conn` and `Backend` of the module that includes it;
//! 2. name it in the service's [`store!`] list as `read`, `keyed`, `write` or `statement`. A `keyed` reads by lists of keys. A `write` runs in one transaction (on SQLite an
//!    immediate one) that a caller who goes away cannot leave half done; a `statement` writes with a single one, without the round
//!    trips of a transaction around it. What every request asks is asked together: see [`Together`].

mod config;
mod connect;
mod error;
mod json;
mod migrate;
mod pool;
mod together;

pub use config::Config;
pub use connect::Db;
pub use error::StoreError;
pub use json::JsonText;
pub use migrate::{Applied, MigrateError};
pub use pool::{LiteConn, LitePool, PgConn, PgPool};
pub use together::Together;

#[doc(hidden)]
pub use futures::future::BoxFuture;

/// Makes a store's methods from its query functions: each is dispatched to the database that is in use.
///
/// `read module::name(argument: Type) -> Type;` runs on a connection; `write …` in a transaction of its own; `statement …` writes with one
/// statement alone; `keyed …` reads by lists of keys. Arguments are owned, since a write outlives a caller who goes away.
#[macro_export]
macro_rules! store {
    ($store:ident { $( $(#[$doc:meta])* $kind:ident $module:ident :: $name:ident ( $($arg:ident : $ty:ty),* $(,)? ) -> $ret:ty; )* }) => {
        impl $store { $(
            $(#[$doc])*
            pub(crate) async fn $name(&self, $($arg: $ty),*) -> Result<$ret, $crate::StoreError> {
                match &self.db {
                    $crate::Db::Pg(pool) => {
                        pool.$kind(stringify!($name), move |conn| Box::pin(pg::$module::$name(conn, $($arg),*))).await
                    }
                    $crate::Db::Lite(pool) => {
                        pool.$kind(stringify!($name), move |conn| Box::pin(sqlite::$module::$name(conn, $($arg),*))).await
                    }
                }
            }
        )* }
    };
}

/// Orders a boxed query by an id column and starts it behind the page's `after`: keyset paging, never an offset.
#[macro_export]
macro_rules! by_id {
    ($query:expr, $id:expr, $page:expr) => {
        match ($page.direction, $page.after) {
            (::gantry_kernel::Direction::Asc, Some(after)) => $query.filter($id.gt(after)).order($id.asc()),
            (::gantry_kernel::Direction::Asc, None) => $query.order($id.asc()),
            (::gantry_kernel::Direction::Desc, Some(after)) => $query.filter($id.lt(after)).order($id.desc()),
            (::gantry_kernel::Direction::Desc, None) => $query.order($id.desc()),
        }
    };
}
