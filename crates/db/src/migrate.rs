//! Brings a database to the state that this program needs.

use diesel::backend::Backend;
use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{Db, StoreError};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// The number is any that is ours: processes that start together migrate one after another.
const LOCK: &str = "SELECT pg_advisory_lock(7021968)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7021968)";

/// The names of migrations, in order.
pub type Applied = Vec<String>;

/// A migration failed; the database is as the last good one left it.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database cannot be reached.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Failed(String),
}

impl From<StoreError> for MigrateError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

#[derive(Clone, Copy)]
enum Step {
    Up,
    Down,
    Look,
}

impl Db {
    /// Applies the migrations that are missing, and names them.
    ///
    /// # Errors
    /// When the database is away or refuses a migration.
    pub async fn migrate(&self) -> Result<Applied, MigrateError> {
        self.step(Step::Up).await
    }

    /// Names the migrations that are missing.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn pending(&self) -> Result<Applied, MigrateError> {
        self.step(Step::Look).await
    }

    /// Takes back every migration, and all data with them.
    ///
    /// # Errors
    /// When the database is away or refuses.
    pub async fn unmigrate(&self) -> Result<Applied, MigrateError> {
        self.step(Step::Down).await
    }

    async fn step(&self, step: Step) -> Result<Applied, MigrateError> {
        match self {
            Self::Pg(pool) => {
                let mut conn = pool.pool.get().await.map_err(StoreError::from)?;
                conn.batch_execute(LOCK).await.map_err(StoreError::from)?;
                let (mut conn, done) = blocking(move || {
                    let mut harness = AsyncMigrationHarness::new(conn);
                    let done = run(&mut harness, POSTGRES, step);
                    (harness.into_inner(), done)
                })
                .await?;
                conn.batch_execute(UNLOCK).await.map_err(StoreError::from)?;
                done
            }
            // The file has one writer, so no two can migrate at once in this process; across processes SQLite's own lock.
            Self::Lite(pool) => {
                let conn = pool.write.get().await.map_err(StoreError::from)?;
                blocking(move || run(&mut AsyncMigrationHarness::new(conn), SQLITE, step)).await?
            }
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, MigrateError> {
    gantry_telemetry::spawn_blocking(work)
        .await
        .map_err(|error| MigrateError::Failed(error.to_string()))
}

fn run<DB: Backend>(
    harness: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
    step: Step,
) -> Result<Applied, MigrateError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| MigrateError::Failed(error.to_string());
    let names = match step {
        Step::Up => harness
            .run_pending_migrations(source)
            .map_err(failed)?
            .iter()
            .map(ToString::to_string)
            .collect(),
        Step::Down => harness
            .revert_all_migrations(source)
            .map_err(failed)?
            .iter()
            .map(ToString::to_string)
            .collect(),
        Step::Look => {
            let pending = harness.pending_migrations(source).map_err(failed)?;
            pending.iter().map(|migration| migration.name().to_string()).collect()
        }
    };
    Ok(names)
}
