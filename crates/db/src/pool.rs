//! Connections, and the two ways to use one: a read, and a write in a transaction.

use diesel_async::pooled_connection::deadpool::{Pool, PoolError};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use futures::future::BoxFuture;
use tracing::Instrument;

use crate::StoreError;

/// A connection to PostgreSQL.
pub type PgConn = AsyncPgConnection;
/// A connection to SQLite; each statement runs on a blocking thread.
pub type LiteConn = SyncConnectionWrapper<diesel::SqliteConnection>;

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Connections to PostgreSQL.
#[derive(Clone)]
pub struct PgPool {
    pub(crate) pool: Pool<PgConn>,
    /// For statements that find rows by lists of keys: see [`PgPool::keyed`].
    pub(crate) keyed: Pool<PgConn>,
}

/// Connections to one SQLite file: one that writes, several that read (WAL lets them work side by side).
#[derive(Clone)]
pub struct LitePool {
    pub(crate) write: Pool<LiteConn>,
    pub(crate) read: Pool<LiteConn>,
}

impl PgPool {
    /// Runs a function on a connection, without a transaction.
    ///
    /// # Errors
    /// What the function says, or [`StoreError::Unavailable`].
    pub async fn read<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut PgConn) -> BoxFuture<'c, Result<T, StoreError>> + Send,
        T: Send,
    {
        let work = async {
            let mut conn = self.pool.get().await?;
            function(&mut conn).await
        };
        work.instrument(gantry_telemetry::db_span("postgresql", name)).await
    }

    /// Runs a function that writes with one statement, which is a transaction of its own, and goes on even if the caller goes away.
    ///
    /// # Errors
    /// What the function says, or [`StoreError::Unavailable`].
    pub async fn statement<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut PgConn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.pool.clone();
        let work = async move {
            let mut conn = pool.get().await?;
            function(&mut conn).await
        };
        joined(gantry_telemetry::spawn(
            work.instrument(gantry_telemetry::db_span("postgresql", name)),
        ))
        .await
    }

    /// Runs a function in a transaction that goes on even if the caller goes away.
    ///
    /// # Errors
    /// What the function says (the transaction is then undone), or [`StoreError::Unavailable`].
    pub async fn write<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut PgConn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.pool.clone();
        let work = async move {
            let mut conn = pool.get().await?;
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that opens a write transaction"
            )]
            conn.transaction(async move |conn| function(conn).await).await
        };
        joined(gantry_telemetry::spawn(
            work.instrument(gantry_telemetry::db_span("postgresql", name)),
        ))
        .await
    }
}

impl PgPool {
    /// Runs a function whose statements find rows by lists of keys, on a connection that plans each of them once.
    ///
    /// `PostgreSQL` would plan such a statement anew each time, since a short list looks cheaper than the list of unknown length that a
    /// plan for all is made for; planning takes several times as long as finding the rows, and the plan is the same.
    ///
    /// # Errors
    /// What the function says, or [`StoreError::Unavailable`].
    pub async fn keyed<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut PgConn) -> BoxFuture<'c, Result<T, StoreError>> + Send,
        T: Send,
    {
        let work = async {
            let mut conn = self.keyed.get().await?;
            function(&mut conn).await
        };
        work.instrument(gantry_telemetry::db_span("postgresql", name)).await
    }
}

impl LitePool {
    /// Runs a function whose statements find rows by lists of keys: as any read.
    ///
    /// # Errors
    /// What the function says, or [`StoreError::Unavailable`].
    pub async fn keyed<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut LiteConn) -> BoxFuture<'c, Result<T, StoreError>> + Send,
        T: Send,
    {
        self.read(name, function).await
    }

    /// Runs a function on a reading connection, without a transaction.
    ///
    /// # Errors
    /// What the function says, or [`StoreError::Unavailable`].
    pub async fn read<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut LiteConn) -> BoxFuture<'c, Result<T, StoreError>> + Send,
        T: Send,
    {
        let work = async {
            let mut conn = self.read.get().await?;
            function(&mut conn).await
        };
        work.instrument(gantry_telemetry::db_span("sqlite", name)).await
    }

    /// Runs a function that writes with one statement, which is a transaction of its own, and goes on even if the caller goes away.
    ///
    /// # Errors
    /// What the function says, or [`StoreError::Unavailable`].
    pub async fn statement<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut LiteConn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.write.clone();
        let work = async move {
            let mut conn = pool.get().await?;
            function(&mut conn).await
        };
        joined(gantry_telemetry::spawn(
            work.instrument(gantry_telemetry::db_span("sqlite", name)),
        ))
        .await
    }

    /// Runs a function in an immediate transaction that goes on even if the caller goes away (a deferred one fails when
    /// another writer came first).
    ///
    /// # Errors
    /// What the function says (the transaction is then undone), or [`StoreError::Unavailable`].
    pub async fn write<T, F>(&self, name: &'static str, function: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut LiteConn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.write.clone();
        let work = async move {
            let mut conn = pool.get().await?;
            conn.immediate_transaction(async move |conn| function(conn).await).await
        };
        joined(gantry_telemetry::spawn(
            work.instrument(gantry_telemetry::db_span("sqlite", name)),
        ))
        .await
    }
}

async fn joined<T>(task: tokio::task::JoinHandle<Result<T, StoreError>>) -> Result<T, StoreError> {
    match task.await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(StoreError::Unavailable(error.to_string())),
    }
}
