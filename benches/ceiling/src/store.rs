//! Users and sessions in PostgreSQL, over eight connections on which requests are pipelined.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use tokio_postgres::{Client, NoTls, Row, Statement};

const CONNECTIONS: usize = 8;

const SCHEMA: &str = "
    CREATE TABLE ceiling_users (id text PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, hash text NOT NULL);
    CREATE TABLE ceiling_sessions (
        id text PRIMARY KEY, user_id text NOT NULL, expires_at bigint NOT NULL, token text NOT NULL
    );";

/// A client and what it has prepared.
#[derive(Debug)]
struct Line {
    client: Client,
    find_user: Statement,
    add_session: Statement,
    find_session: Statement,
}

/// The connections, used in turn.
#[derive(Debug)]
pub(crate) struct Store {
    lines: Vec<Line>,
    next: AtomicUsize,
}

impl Store {
    /// Connects and makes the tables.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        connect(url)
            .await?
            .batch_execute(SCHEMA)
            .await
            .context("cannot make the tables")?;
        let mut lines = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let client = connect(url).await?;
            lines.push(Line {
                find_user: client
                    .prepare("SELECT id, email, hash FROM ceiling_users WHERE email = $1")
                    .await?,
                add_session: client
                    .prepare("INSERT INTO ceiling_sessions (id, user_id, expires_at, token) VALUES ($1, $2, $3, $4)")
                    .await?,
                find_session: client
                    .prepare(
                        "SELECT s.expires_at, s.token, u.id, u.email, u.name FROM ceiling_sessions s
                         JOIN ceiling_users u ON u.id = s.user_id WHERE s.id = $1",
                    )
                    .await?,
                client,
            });
        }
        Ok(Self {
            lines,
            next: AtomicUsize::new(0),
        })
    }

    /// Fills the tables.
    pub(crate) async fn seed(&self, users: i64, sessions: i64, hash: &str, token: &str) -> anyhow::Result<()> {
        let client = &self.line()?.client;
        client
            .execute(
                "INSERT INTO ceiling_users SELECT 'usr_' || lpad(n::text, 22, '0'), 'user' || n || '@bench.example',
                 'user' || n, $2 FROM generate_series(0, $1::bigint - 1) n",
                &[&users, &hash],
            )
            .await?;
        client
            .execute(
                "INSERT INTO ceiling_sessions SELECT 'kss_' || lpad(n::text, 22, '0'),
                 'usr_' || lpad((n % $2::bigint)::text, 22, '0'), 32503680000, $3
                 FROM generate_series(0, $1::bigint - 1) n",
                &[&sessions, &users, &token],
            )
            .await?;
        client.batch_execute("VACUUM ANALYZE").await?;
        Ok(())
    }

    /// Finds a user: id, email, hash.
    pub(crate) async fn find_user(&self, email: &str) -> anyhow::Result<Option<Row>> {
        let line = self.line()?;
        Ok(line.client.query_opt(&line.find_user, &[&email]).await?)
    }

    /// Stores a session; it is on the disk when this returns.
    pub(crate) async fn add_session(&self, id: &str, user: &str, expires: i64, token: &str) -> anyhow::Result<()> {
        let line = self.line()?;
        line.client
            .execute(&line.add_session, &[&id, &user, &expires, &token])
            .await?;
        Ok(())
    }

    /// Finds a session: end, token, and its user's id, email and name.
    pub(crate) async fn find_session(&self, id: &str) -> anyhow::Result<Option<Row>> {
        let line = self.line()?;
        Ok(line.client.query_opt(&line.find_session, &[&id]).await?)
    }

    fn line(&self) -> anyhow::Result<&Line> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.lines
            .get(next % self.lines.len())
            .context("there is no connection")
    }
}

/// Opens a connection.
pub(crate) async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("cannot connect")?;
    #[expect(clippy::disallowed_methods, reason = "a yardstick has no spans to follow")]
    tokio::spawn(async move {
        // Whoever uses the client sees the same failure there.
        let _ = connection.await;
    });
    Ok(client)
}
