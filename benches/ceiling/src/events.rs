//! Events in a database that Gantry has filled: the least that listing and appending can cost.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use anyhow::Context;
use serde_json::{Value, json};
use tokio_postgres::{Client, Statement};

use crate::store::connect;

const CONNECTIONS: usize = 8;

/// A table of its own for what is appended, so that both sides' numbers stay apart; with every index that Gantry's has.
const SCHEMA: &str = "CREATE TABLE ceiling_events (LIKE event_events INCLUDING INDEXES)";

/// A client and what it has prepared.
#[derive(Debug)]
struct Line {
    client: Client,
    list: Statement,
    add: Statement,
}

/// The connections, used in turn.
#[derive(Debug)]
pub(crate) struct Events {
    lines: Vec<Line>,
    next: AtomicUsize,
    seq: AtomicI64,
}

impl Events {
    /// Connects to a database of Gantry's.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        let first = connect(url).await?;
        first.batch_execute(SCHEMA).await.context("cannot make the table")?;
        let mut lines = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let client = connect(url).await?;
            let list = "SELECT id, event_type, event_at, ip, client, request_id FROM event_events
                        WHERE realm_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT 50";
            let add = "INSERT INTO ceiling_events (seq, id, realm_id, event_type, event_at, user_id, session_id)
                       VALUES ($1, $2, $3, 'session.created', $4, $5, $6)";
            lines.push(Line {
                list: client.prepare(list).await?,
                add: client.prepare(add).await?,
                client,
            });
        }
        Ok(Self {
            lines,
            next: AtomicUsize::new(0),
            seq: AtomicI64::new(0),
        })
    }

    /// The last fifty events of a user, as a list of the API.
    pub(crate) async fn list(&self, realm: &str, user: &str) -> anyhow::Result<Value> {
        let line = self.line()?;
        let mut collection = Vec::with_capacity(50);
        for row in line.client.query(&line.list, &[&realm, &user]).await? {
            let text = |at: usize| row.try_get::<_, Option<&str>>(at);
            let at: i64 = row.try_get(2)?;
            collection.push(
                json!({"id": text(0)?, "event_type": text(1)?, "event_at": at, "user_id": user,
                "request": {"ip": text(3)?, "client": text(4)?, "request_id": text(5)?}}),
            );
        }
        Ok(json!({ "collection": collection }))
    }

    /// Stores an event; it is on the disk when this returns.
    pub(crate) async fn add(&self, realm: &str, user: &str, now: i64) -> anyhow::Result<()> {
        let line = self.line()?;
        let seq = self.seq.fetch_add(1, Ordering::Relaxed);
        let (id, session) = (format!("ev_{seq:022}"), format!("kss_{seq:022}"));
        line.client
            .execute(&line.add, &[&seq, &id, &realm, &now, &user, &session])
            .await?;
        Ok(())
    }

    fn line(&self) -> anyhow::Result<&Line> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.lines
            .get(next % self.lines.len())
            .context("there is no connection")
    }
}
