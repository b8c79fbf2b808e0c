//! PostgreSQL databases for tests: a name each in the throw-away cluster, copied from a migrated template.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio_postgres::{Client, NoTls};

/// How long removing a database may hold up the end of a test; the cluster goes with the run anyway.
const REMOVING: Duration = Duration::from_secs(5);
/// How long a template's connections may take to go away once told to.
const CLOSING: Duration = Duration::from_secs(10);

/// One test's database; dropping it removes it.
#[derive(Debug)]
pub(super) struct Database {
    cluster: String,
    name: String,
    url: String,
}

impl Database {
    /// Creates a database with a name of its own, empty or as a copy of `template`.
    pub(super) async fn create(cluster: &str, template: Option<&str>) -> anyhow::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("t_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = connect(cluster).await?;
        // A process id comes round again, and then an old name may still be there if its test was killed.
        drop_database(&admin, &name).await?;
        let from = template
            .map(|template| format!(" TEMPLATE {template}"))
            .unwrap_or_default();
        admin
            .batch_execute(&format!("CREATE DATABASE {name}{from}"))
            .await
            .with_context(|| format!("cannot create the database {name}"))?;
        Ok(Self {
            cluster: cluster.to_owned(),
            url: with_database(cluster, &name)?,
            name,
        })
    }

    /// Returns the address of this database.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    /// Removes the database, from a thread of its own: the test's runtime may be busy, or already gone.
    fn drop(&mut self) {
        let (cluster, name) = (self.cluster.clone(), self.name.clone());
        let (done, wait) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let result = remove(&cluster, &name);
            // Nobody waits any more when the time is up.
            let _ = done.send(result);
        });
        match wait.recv_timeout(REMOVING) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("the test database {} stays behind: {error:#}", self.name),
            Err(_) => eprintln!("the test database {} stays behind: no answer in time", self.name),
        }
    }
}

fn remove(cluster: &str, name: &str) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async { drop_database(&connect(cluster).await?, name).await })
}

/// Returns the name of a migrated template database, made now if nobody has made it yet.
pub(super) async fn template(
    cluster: &str,
    key: &str,
    migrate: impl AsyncFnOnce(String) -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    let (done, building) = (format!("template_{key}"), format!("building_{key}"));
    let admin = connect(cluster).await?;
    if exists(&admin, &done).await? {
        return Ok(done);
    }
    // Tests run in many processes at once: one makes the template, the others wait at this lock, which belongs to the
    // connection and so goes with a killed process.
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let lock = i64::from_ne_bytes(hasher.finish().to_ne_bytes());
    admin
        .execute("SELECT pg_advisory_lock($1)", &[&lock])
        .await
        .context("cannot lock the template")?;
    if exists(&admin, &done).await? {
        return Ok(done);
    }
    drop_database(&admin, &building).await?;
    admin.batch_execute(&format!("CREATE DATABASE {building}")).await?;
    migrate(with_database(cluster, &building)?).await?;
    closed(&admin, &building).await?;
    // Only a finished template gets the name that others look for: a killed test leaves none half made.
    admin
        .batch_execute(&format!("ALTER DATABASE {building} RENAME TO {done}"))
        .await
        .context("cannot name the template")?;
    Ok(done)
}

/// Waits until nobody is connected any more: a database in use can be neither renamed nor copied.
async fn closed(admin: &Client, name: &str) -> anyhow::Result<()> {
    let gone = async {
        loop {
            let row = admin
                .query_one("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", &[&name])
                .await?;
            if row.get::<_, i64>(0) == 0 {
                return anyhow::Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(CLOSING, gone).await {
        Ok(result) => result,
        Err(_) => {
            bail!("a connection to the template is still open: migrate must close its connections before it returns")
        }
    }
}

async fn exists(admin: &Client, name: &str) -> anyhow::Result<bool> {
    let row = admin
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?;
    Ok(row.is_some())
}

async fn drop_database(admin: &Client, name: &str) -> anyhow::Result<()> {
    admin
        .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .await
        .with_context(|| format!("cannot drop the database {name}"))
}

pub(super) async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .with_context(|| format!("cannot connect to the cluster that {} names", crate::servers::PG_URL))?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the testkit stands below telemetry, and this task has no span to follow"
    )]
    tokio::spawn(async move {
        // Whoever uses the client sees the same failure there.
        let _ = connection.await;
    });
    Ok(client)
}

/// Puts another database's name into an address.
pub(super) fn with_database(url: &str, name: &str) -> anyhow::Result<String> {
    let (scheme, rest) = url.split_once("://").context("the cluster's address has no ://")?;
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, format!("?{query}")),
        None => (rest, String::new()),
    };
    let host = place.split_once('/').map_or(place, |(host, _)| host);
    Ok(format!("{scheme}://{host}/{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_all_but_its_database() {
        let to = |url| with_database(url, "mine").unwrap();
        assert_eq!(
            to("postgres://u:p@127.0.0.1:5/postgres"),
            "postgres://u:p@127.0.0.1:5/mine"
        );
        assert_eq!(to("postgres://u@h"), "postgres://u@h/mine");
        assert_eq!(
            to("postgres://u@h/db?sslmode=disable"),
            "postgres://u@h/mine?sslmode=disable"
        );
        assert!(with_database("nonsense", "mine").is_err());
    }

    mod needs_postgres {
        use std::sync::atomic::AtomicUsize;

        use super::super::super::{Backend, TestDb};
        use super::*;
        use crate::servers;

        async fn value(url: &str) -> i32 {
            let client = connect(url).await.unwrap();
            client.query_one("SELECT v FROM seed", &[]).await.unwrap().get(0)
        }

        #[tokio::test]
        async fn a_template_is_made_once_and_copied_for_each() {
            let made = AtomicUsize::new(0);
            let name = format!("once-{}", std::process::id());
            let one = || {
                TestDb::from_template_on(Backend::Postgres, &name, async |url: String| {
                    made.fetch_add(1, Ordering::SeqCst);
                    let client = connect(&url).await?;
                    client
                        .batch_execute("CREATE TABLE seed (v int); INSERT INTO seed VALUES (7)")
                        .await?;
                    anyhow::Ok(())
                })
            };
            let (first, second) = tokio::join!(one(), one());
            assert_eq!(made.load(Ordering::SeqCst), 1);
            assert_ne!(first.url(), second.url());
            let client = connect(first.url()).await.unwrap();
            client.batch_execute("UPDATE seed SET v = 8").await.unwrap();
            assert_eq!((value(first.url()).await, value(second.url()).await), (8, 7));
        }

        #[tokio::test]
        async fn a_database_is_gone_after_its_test_even_while_in_use() {
            let db = TestDb::on(Backend::Postgres).await;
            let name = db.url().rsplit('/').next().unwrap().to_owned();
            let _open = connect(db.url()).await.unwrap();
            let admin = connect(&servers::pg_url()).await.unwrap();
            assert!(exists(&admin, &name).await.unwrap());
            drop(db);
            assert!(!exists(&admin, &name).await.unwrap());
        }
    }
}
