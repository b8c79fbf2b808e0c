//! The partitions of the events table: made ahead, and dropped when nothing in them is kept any longer (ADR 12).
//!
//! Names of tables cannot be bound; they come from the catalog, or from `rules/partition.rs`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use gantry_db::StoreError;

use super::Conn;
use crate::rules::partition::Partition;

/// While a lock is waited for, appends wait behind it: not for long.
const BRIEFLY: &str = "SET LOCAL lock_timeout = '300ms'";
/// One process at a time changes partitions. The number is any that is ours.
const ALONE: &str = "SELECT pg_try_advisory_xact_lock(7021969) AS yes";
/// What holds all that has an end; the default partition has none.
const LIST: &str = r"
    SELECT name, substring(bounds FROM 'FROM \(''([^'']*)''\)') AS first, substring(bounds FROM 'TO \(''([^'']*)''\)') AS behind
    FROM (
        SELECT c.oid::regclass::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
        FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = 'event_events'::regclass AND c.relname ~ '^event_events_[a-z0-9_]+$'
    ) AS partitions
    WHERE bounds ~ 'TO \('''";

#[derive(QueryableByName)]
struct Bounds {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    first: Option<String>,
    #[diesel(sql_type = Text)]
    behind: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Nullable<BigInt>)]
    seq: Option<i64>,
}

/// What events are divided into, oldest first.
pub(crate) async fn list_partitions(conn: &mut Conn) -> Result<Vec<Partition>, StoreError> {
    let found: Vec<Bounds> = diesel::sql_query(LIST).load(conn).await?;
    let mut partitions: Vec<Partition> = found
        .into_iter()
        .map(|bounds| Partition {
            name: bounds.name,
            from: bounds.first,
            to: bounds.behind,
        })
        .collect();
    partitions.sort_unstable_by(|a, b| a.to.cmp(&b.to));
    Ok(partitions)
}

/// Makes a partition, and moves what came of its time before it was there. Appends go on meanwhile: what they go into is not touched.
pub(crate) async fn make_partition(conn: &mut Conn, partition: Partition) -> Result<bool, StoreError> {
    if !is_alone(conn).await?
        || list_partitions(conn)
            .await?
            .iter()
            .any(|other| other.overlaps(&partition))
    {
        return Ok(false);
    }
    let Partition { name, from, to } = partition;
    let from = from.unwrap_or_default();
    conn.batch_execute(&format!(
        "CREATE TABLE {name} (LIKE event_events INCLUDING ALL);
         LOCK TABLE event_events_other IN ACCESS EXCLUSIVE MODE;
         WITH moved AS (DELETE FROM event_events_other WHERE id >= '{from}' AND id < '{to}' RETURNING *)
             INSERT INTO {name} SELECT * FROM moved;
         ALTER TABLE event_events ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}')"
    ))
    .await?;
    Ok(true)
}

/// The last seq in a partition in which each realm's latest event is hidden, and so are all before it: found by two looks into an index
/// for each realm, and no more once one keeps something.
pub(crate) async fn find_settled(conn: &mut Conn, partition: Partition) -> Result<Option<i64>, StoreError> {
    if !is_alone(conn).await? || !list_partitions(conn).await?.contains(&partition) {
        return Ok(None);
    }
    let name = partition.name;
    let last = last_of(conn, &name).await?;
    let hidden = format!(
        "WITH RECURSIVE realms (id) AS (
             (SELECT realm_id FROM {name} ORDER BY realm_id LIMIT 1)
             UNION ALL
             SELECT (SELECT realm_id FROM {name} WHERE realm_id > realms.id ORDER BY realm_id LIMIT 1)
             FROM realms WHERE realms.id IS NOT NULL
         )
         SELECT NOT EXISTS (
             SELECT 1 FROM realms WHERE realms.id IS NOT NULL
                 AND (SELECT e.id FROM {name} e WHERE e.realm_id = realms.id ORDER BY e.id DESC LIMIT 1)
                     > coalesce((SELECT up_to FROM event_wipes WHERE realm_id = realms.id), '')
         ) AS yes"
    );
    let hidden: Answer = diesel::sql_query(hidden).get_result(conn).await?;
    Ok(hidden.yes.then_some(last))
}

/// Drops a partition. Nobody reads or appends for the moment that it takes; the files go after that.
pub(crate) async fn drop_partition(conn: &mut Conn, partition: Partition, last: i64) -> Result<bool, StoreError> {
    if !is_alone(conn).await? || !list_partitions(conn).await?.contains(&partition) {
        return Ok(false);
    }
    let name = partition.name;
    conn.batch_execute("LOCK TABLE ONLY event_events IN ACCESS EXCLUSIVE MODE")
        .await?;
    // What came since the look may be a realm's that keeps it.
    if last_of(conn, &name).await? > last {
        return Ok(false);
    }
    conn.batch_execute(&format!("DROP TABLE {name}")).await?;
    Ok(true)
}

/// Whether no other process changes partitions; none can until the transaction ends.
async fn is_alone(conn: &mut Conn) -> Result<bool, StoreError> {
    conn.batch_execute(BRIEFLY).await?;
    let alone: Answer = diesel::sql_query(ALONE).get_result(conn).await?;
    Ok(alone.yes)
}

async fn last_of(conn: &mut Conn, name: &str) -> Result<i64, StoreError> {
    let last = format!("SELECT max(seq) AS seq FROM {name}");
    let last: Last = diesel::sql_query(last).get_result(conn).await?;
    Ok(last.seq.unwrap_or(0))
}
