//! A database per test, on SQLite or on PostgreSQL, gone when the test ends: then every statement must have had its index (see `plans`).

mod plans;
mod postgres;
mod sqlite;
mod template;

use std::error::Error;
use std::future::Future;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::servers;

/// Names the variable that chooses the database for tests that run on either: `sqlite` (the default) or `postgres`.
pub const BACKEND: &str = "GANTRY_TEST_DB";

/// The kind of database that a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file in a temporary directory.
    Sqlite,
    /// A database of its own in the throw-away cluster.
    Postgres,
}

impl Backend {
    /// Reads the choice of this run from `GANTRY_TEST_DB`.
    ///
    /// # Panics
    /// When the variable holds anything but `sqlite` or `postgres`: a typing error must not test the wrong database.
    pub fn chosen() -> Self {
        match Self::named(servers::variable(BACKEND).as_deref()) {
            Ok(backend) => backend,
            Err(error) => panic!("{error:#}"),
        }
    }

    fn named(name: Option<&str>) -> anyhow::Result<Self> {
        Ok(match name {
            None | Some("sqlite") => Self::Sqlite,
            Some("postgres") => Self::Postgres,
            Some(other) => bail!("{BACKEND} is {other:?}; it may be sqlite or postgres"),
        })
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A throw-away database; dropping it removes it. Keep it alive for as long as the test uses the address.
#[derive(Debug)]
pub struct TestDb {
    url: String,
    backend: Backend,
    _place: Place,
}

/// What has to go when the test ends; dropping it removes it.
#[derive(Debug)]
#[expect(dead_code, reason = "held only for what their drop does")]
enum Place {
    File(tempfile::TempDir),
    Database(postgres::Database),
}

impl TestDb {
    /// Makes an empty database of the kind that this run tests.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn new() -> Self {
        Self::on(Backend::chosen()).await
    }

    /// Makes an empty database of a given kind, for tests that compare the two.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn on(backend: Backend) -> Self {
        made(Self::empty(backend).await)
    }

    /// Makes a database of the kind that this run tests as a copy of a template, which is made once: see
    /// [`TestDb::from_template_on`].
    ///
    /// # Panics
    /// When the template or the copy cannot be made.
    pub async fn from_template<F, R, E>(name: &str, migrate: F) -> Self
    where
        F: FnOnce(String) -> R,
        R: Future<Output = Result<(), E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::from_template_on(Backend::chosen(), name, migrate).await
    }

    /// Makes a database as a copy of a template. `migrate` gets the address of an empty database and fills it; it is
    /// called by the first test that asks for `name` and by nobody after that, in any process, until a file under
    /// `migrations/` or the test program changes. It must close its connections before it returns.
    ///
    /// # Panics
    /// When the template or the copy cannot be made.
    pub async fn from_template_on<F, R, E>(backend: Backend, name: &str, migrate: F) -> Self
    where
        F: FnOnce(String) -> R,
        R: Future<Output = Result<(), E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let migrate = async |url: String| match migrate(url).await {
            Ok(()) => Ok(()),
            Err(error) => Err(anyhow::Error::from_boxed(error.into()).context("the template's migrations failed")),
        };
        made(Self::copied(backend, name, migrate).await)
    }

    /// Returns the address: `sqlite://PATH` or `postgres://user:password@host:port/database`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the kind of database.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    async fn empty(backend: Backend) -> anyhow::Result<Self> {
        plans::record();
        match backend {
            Backend::Sqlite => Self::in_file(sqlite::directory()?),
            Backend::Postgres => Ok(Self::in_cluster(
                postgres::Database::create(&servers::pg_url(), None).await?,
            )),
        }
    }

    async fn copied(
        backend: Backend,
        name: &str,
        migrate: impl AsyncFnOnce(String) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        plans::record();
        let key = template::key(name, &migrations(backend)?)?;
        match backend {
            Backend::Sqlite => {
                let template = sqlite::template(&key, migrate).await?;
                let directory = sqlite::directory()?;
                std::fs::copy(&template, sqlite::file_in(directory.path()))
                    .with_context(|| format!("cannot copy the template {}", template.display()))?;
                Self::in_file(directory)
            }
            Backend::Postgres => {
                let cluster = servers::pg_url();
                let template = postgres::template(&cluster, &key, migrate).await?;
                Ok(Self::in_cluster(
                    postgres::Database::create(&cluster, Some(&template)).await?,
                ))
            }
        }
    }

    fn in_file(directory: tempfile::TempDir) -> anyhow::Result<Self> {
        Ok(Self {
            url: sqlite::url(&sqlite::file_in(directory.path()))?,
            backend: Backend::Sqlite,
            _place: Place::File(directory),
        })
    }

    fn in_cluster(database: postgres::Database) -> Self {
        Self {
            url: database.url().to_owned(),
            backend: Backend::Postgres,
            _place: Place::Database(database),
        }
    }
}

impl Drop for TestDb {
    /// Fails the test when a statement that it ran has no index.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        match plans::complaints(self.backend, &self.url) {
            Ok(wrong) if wrong.is_empty() => {}
            Ok(wrong) => panic!("statements without an index:\n{}", wrong.join("\n\n")),
            Err(error) => panic!("cannot ask how statements would be carried out: {error:#}"),
        }
    }
}

/// Finds the folder whose content decides when a template is out of date.
fn migrations(backend: Backend) -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("this crate stands two levels below the root")?;
    Ok(root.join("migrations").join(backend.folder()))
}

fn made(result: anyhow::Result<TestDb>) -> TestDb {
    match result {
        Ok(db) => db,
        Err(error) => panic!("no test database: {error:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_backends_are_chosen() {
        assert_eq!(Backend::named(None).unwrap(), Backend::Sqlite);
        assert_eq!(Backend::named(Some("postgres")).unwrap(), Backend::Postgres);
        let error = Backend::named(Some("postgresql")).unwrap_err().to_string();
        assert!(error.contains("postgresql"), "{error}");
    }

    #[tokio::test]
    async fn a_sqlite_database_is_gone_after_its_test() {
        let db = TestDb::on(Backend::Sqlite).await;
        let path = PathBuf::from(db.url().strip_prefix("sqlite://").unwrap());
        std::fs::write(&path, "content").unwrap();
        drop(db);
        assert!(!path.exists());
    }
}
