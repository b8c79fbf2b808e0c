//! Opens a database by its URL.

use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures::FutureExt;

use crate::pool::{LiteConn, LitePool, PgConn, PgPool};
use crate::{Config, StoreError};

/// An open database.
#[derive(Clone)]
pub enum Db {
    /// PostgreSQL, or what speaks its protocol.
    Pg(PgPool),
    /// One SQLite file.
    Lite(LitePool),
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.system())
    }
}

/// WAL lets readers work beside the writer; NORMAL loses nothing on a crash of the process, and after a power cut at most
/// the last moments but never consistency; foreign keys are off by default in SQLite.
const LITE_SETUP: &str = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; \
     PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;";

impl Db {
    /// Opens the database that a configuration names; connections are made when they are first needed.
    ///
    /// # Errors
    /// When the URL names no known database, or the folder of a SQLite file cannot be made.
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        if let Some(path) = config.url.strip_prefix("sqlite://") {
            return open_lite(path, config).map(Self::Lite);
        }
        if config.url.starts_with("postgres://") || config.url.starts_with("postgresql://") {
            return open_pg(config).map(Self::Pg);
        }
        Err(StoreError::Unavailable(
            "the database URL must start with postgres:// or sqlite://".to_owned(),
        ))
    }

    /// The database's name in OpenTelemetry's words.
    pub fn system(&self) -> &'static str {
        match self {
            Self::Pg(_) => "postgresql",
            Self::Lite(_) => "sqlite",
        }
    }

    /// Asks the database whether it answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match self {
            Self::Pg(pool) => pool.read("ping", |conn| ask(conn).boxed()).await,
            Self::Lite(pool) => pool.read("ping", |conn| ask(conn).boxed()).await,
        }
    }
}

async fn ask<C: SimpleAsyncConnection>(conn: &mut C) -> Result<(), StoreError> {
    Ok(conn.batch_execute("SELECT 1").await?)
}

/// A pool's bounds, said once for both kinds of connection.
macro_rules! pool {
    ($manager:expr, $size:expr, $config:expr) => {
        Pool::builder($manager)
            .max_size($size)
            .wait_timeout(Some($config.wait))
            .create_timeout(Some($config.wait))
            .recycle_timeout(Some($config.wait))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    };
}

fn open_lite(path: &str, config: &Config) -> Result<LitePool, StoreError> {
    let unavailable = |error: std::io::Error| StoreError::Unavailable(format!("{path}: {error}"));
    private_file(Path::new(path)).map_err(unavailable)?;
    into_wal(path)?;
    let manager = |query_only: bool| {
        let mut setup = ManagerConfig::<LiteConn>::default();
        setup.recycling_method = RecyclingMethod::Fast;
        setup.custom_setup = Box::new(move |url| lite_connection(url.to_owned(), query_only).boxed());
        AsyncDieselConnectionManager::new_with_config(path, setup)
    };
    Ok(LitePool {
        write: pool!(manager(false), 1, config)?,
        read: pool!(manager(true), config.max_connections, config)?,
    })
}

/// Turns the file to WAL once, before the pools open: the turn needs the file alone, and connections that are opened side by side
/// would find it locked.
fn into_wal(path: &str) -> Result<(), StoreError> {
    use diesel::connection::SimpleConnection;
    let failed = |error: String| StoreError::Unavailable(format!("{path}: {error}"));
    let mut conn =
        <diesel::SqliteConnection as diesel::Connection>::establish(path).map_err(|e| failed(e.to_string()))?;
    conn.batch_execute("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL;")
        .map_err(|e| failed(e.to_string()))
}

/// Makes the file and its folder for their owner alone, unless they are there: SQLite itself would let everybody on the
/// machine read them. Its other files take the mode of this one.
fn private_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let opened = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path);
    opened.map(drop)
}

async fn lite_connection(url: String, query_only: bool) -> ConnectionResult<LiteConn> {
    let mut conn = LiteConn::establish(&url).await?;
    let extra = if query_only { " PRAGMA query_only=ON;" } else { "" };
    conn.batch_execute(&format!("{LITE_SETUP}{extra}"))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn open_pg(config: &Config) -> Result<PgPool, StoreError> {
    let tls = config.ca.as_deref().map(tls_roots).transpose()?.map(Arc::new);
    let timeout = format!("-c statement_timeout={}", config.statement_timeout.as_millis());
    let manager = |options: String| {
        let tls = tls.clone();
        let mut setup = ManagerConfig::<PgConn>::default();
        setup.recycling_method = RecyclingMethod::Fast;
        setup.custom_setup = Box::new(move |url| pg_connection(url.to_owned(), tls.clone(), options.clone()).boxed());
        AsyncDieselConnectionManager::new_with_config(&config.url, setup)
    };
    // Together they are as many as the operator allows.
    let keyed = (config.max_connections / 2).max(1);
    let others = config.max_connections.saturating_sub(keyed).max(1);
    Ok(PgPool {
        keyed: pool!(
            manager(format!("{timeout} -c plan_cache_mode=force_generic_plan")),
            keyed,
            config
        )?,
        pool: pool!(manager(timeout), others, config)?,
    })
}

fn tls_roots(file: &Path) -> Result<rustls::ClientConfig, StoreError> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let bad = |what: String| StoreError::Unavailable(format!("{}: {what}", file.display()));
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| bad(e.to_string()))? {
        roots
            .add(certificate.map_err(|e| bad(e.to_string()))?)
            .map_err(|e| bad(e.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder
        .map_err(|e| bad(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// After this long without a sign of life a server is taken to be gone.
const VANISHED: Duration = Duration::from_secs(10);

async fn pg_connection(
    url: String,
    tls: Option<Arc<rustls::ClientConfig>>,
    options: String,
) -> ConnectionResult<PgConn> {
    let refused = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let mut config: tokio_postgres::Config = url.parse().map_err(refused)?;
    let options = format!("{} {options}", config.get_options().unwrap_or_default());
    config.options(options.trim());
    if config.get_application_name().is_none() {
        config.application_name("gantry");
    }
    // Connections are given out as they are: one whose peer vanished without a word must be noticed by itself.
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(VANISHED);
    }
    config.keepalives_idle(VANISHED / 2);
    if let Some(tls) = tls {
        config.ssl_mode(tokio_postgres::config::SslMode::Require);
        let connector = tokio_postgres_rustls::MakeRustlsConnect::new((*tls).clone());
        let (client, connection) = config.connect(connector).await.map_err(refused)?;
        return AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    }
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.map_err(refused)?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}
