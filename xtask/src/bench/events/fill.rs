//! Fills the table of events by PostgreSQL's own client: a year of them, as many for each user.

use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};

use crate::home;
use crate::process::Process;
use crate::servers::Servers;

/// Events that each user has.
const EACH: u32 = 100;
/// Days over which they are spread.
const DAYS: u32 = 360;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many users so many events have.
pub(super) fn users(rows: u32) -> u32 {
    (rows / EACH).max(1)
}

/// The id of a user.
pub(super) fn user(n: u32) -> String {
    format!("usr_{n:022}")
}

/// Makes so many events. Users come by turns, so that each one's lie all over the table; each tenth is of the realm. Indexes that only
/// help reading are made anew when the rows are there, which takes a tenth of the time.
pub(super) async fn events(servers: &Servers, database: &str, rows: u32, realm: &str) -> anyhow::Result<()> {
    let since = home::now();
    let begins = days()?;
    let (users, days) = (users(rows), begins.len());
    let list = begins
        .iter()
        .map(|(begin, _)| format!("'{begin}'"))
        .collect::<Vec<_>>()
        .join(",");
    let first = begins.first().map_or(0, |(_, ms)| *ms);
    let step = u64::from(DAYS) * u64::try_from(DAY.as_millis())? / u64::from(rows);
    let insert = format!(
        "INSERT INTO event_events (seq, id, realm_id, event_type, event_at, user_id, ip, client, request_id) \
         SELECT s.last + n, 'ev_' || (ARRAY[{list}])[1 + (n - 1) * {days} / {rows}] || lpad(n::text, 9, '0'), \
         CASE WHEN (n % {users}) % 10 = 0 THEN '{realm}' ELSE 'rl_' || lpad((n % {users} % 10)::text, 22, '0') END, \
         'user.login.succeeded', {first} + n * {step}, 'usr_' || lpad((n % {users})::text, 22, '0'), '192.0.2.1', 'Bench', \
         'rq_' || lpad(n::text, 22, '0') FROM event_sequence AS s, generate_series(1, {rows}::bigint) AS g (n)"
    );
    let noted = "CREATE TABLE bench_indexes AS SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') AS definition, \
         indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'event_events'::regclass AND NOT indisunique";
    let each = |action: &str| {
        format!(
            "DO $$ DECLARE i record; BEGIN FOR i IN SELECT * FROM bench_indexes LOOP EXECUTE {action}; END LOOP; END $$"
        )
    };
    let statements = [
        divided(&begins),
        "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'"
            .to_owned(),
        noted.to_owned(),
        each("'DROP INDEX ' || i.name"),
        insert,
        format!("UPDATE event_sequence SET last = last + {rows}"),
        each("i.definition"),
        "DROP TABLE bench_indexes".to_owned(),
        "VACUUM ANALYZE".to_owned(),
    ];
    let mut command = psql(servers, database, &statements);
    command.stdout(Stdio::null());
    let status = Process::command("psql", &mut command)?.wait().await?;
    ensure!(status.success(), "the table of events could not be filled");
    eprintln!(
        "bench: {database}: {rows} events in {:.0} s",
        since.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Divides the table as a year of operation would have: a new installation has one partition for all that was before.
fn divided(begins: &[(String, u64)]) -> String {
    let months = begins.iter().step_by(30).skip(1);
    let bounds: Vec<String> = months.map(|(begin, _)| format!("'ev_{begin}'")).collect();
    format!(
        "DO $$ DECLARE \
            bounds text[] := ARRAY[{}]; \
            last text := (SELECT (regexp_match(pg_get_expr(relpartbound, oid), 'TO \\(''(.*)''\\)'))[1] FROM pg_class WHERE relname = 'event_events_first'); \
            behind text := 'MINVALUE'; \
         BEGIN \
            ALTER TABLE event_events DETACH PARTITION event_events_first; \
            FOR n IN 1..array_length(bounds, 1) + 1 LOOP \
                EXECUTE format('CREATE TABLE event_events_bench_%s PARTITION OF event_events FOR VALUES FROM (%s) TO (%L)', \
                    n, behind, coalesce(bounds[n], last)); \
                behind := quote_literal(bounds[n]); \
            END LOOP; \
            INSERT INTO event_events SELECT * FROM event_events_first; \
            DROP TABLE event_events_first; \
         END $$",
        bounds.join(",")
    )
}

/// The number of the last event that is stored.
pub(super) async fn last(servers: &Servers, database: &str) -> anyhow::Result<u64> {
    let mut command = psql(servers, database, &["SELECT last FROM event_sequence".to_owned()]);
    command.args(["--tuples-only", "--no-align"]);
    let output = tokio::process::Command::from(command).output().await?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().with_context(|| format!("no number: {text}"))
}

fn psql(servers: &Servers, database: &str, statements: &[String]) -> Command {
    let mut command = servers.psql(database);
    for statement in statements {
        command.args(["--command", statement]);
    }
    command.stdin(Stdio::null());
    command
}

/// What an id begins with on each of the last days, and the time in milliseconds.
fn days() -> anyhow::Result<Vec<(String, u64)>> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark fills a real database up to now")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let mut found = Vec::new();
    for ago in (1..=DAYS).rev() {
        let ms = u64::try_from((now - DAY * ago).as_millis())?;
        found.push((beginning(ms), ms));
    }
    Ok(found)
}

/// The first 13 of the 22 base62 digits of an id of a time: 48 bits of milliseconds before 80 random ones.
fn beginning(ms: u64) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = (u128::from(ms) << 80) / 62_u128.pow(9);
    let mut digits = vec!['0'; 13];
    for digit in digits.iter_mut().rev() {
        let at = usize::try_from(rest % 62).unwrap_or(0);
        *digit = ALPHABET.get(at).copied().map_or('0', char::from);
        rest /= 62;
    }
    digits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_in_the_order_of_time() {
        let days: Vec<String> = days().unwrap().into_iter().map(|(begin, _)| begin).collect();
        assert_eq!(days.len(), 360);
        assert!(days.is_sorted() && days.iter().all(|begin| begin.len() == 13));
        assert_eq!(beginning(0), "0".repeat(13));
    }
}
