//! How PostgreSQL would go about a statement, asked of a database with so many rows that whoever reads a realm pays for it.

use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Context, bail};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::super::{Backend, postgres};
use super::{FEW, FEW_OF_A_REALM, scripts};
use crate::servers;

/// The cost, in the planner's units, that no statement may reach: to read a realm of the filled database costs several times as much,
/// a page of a list or a batch a part of it.
const DEAR: f64 = 400.0;
/// The rows of a page: the planner is told, since it would take an unknown limit for a tenth of all.
const PAGE: u32 = 101;

/// Rows for every table: each column different in every row, but for what many rows of a large installation have in common.
const FILL: &str = r#"
CREATE TABLE judged (mark text PRIMARY KEY);
SET session_replication_role = replica;
-- What is divided has its rows in several parts, as the ids below fall; the last of them is in none of these.
DO $$
BEGIN
    FOR part IN 0..3 LOOP
        EXECUTE format('CREATE TABLE event_events_part%s PARTITION OF event_events FOR VALUES FROM (%L) TO (%L)', part,
            'id' || to_char(part * 5000, 'FM0000000'), 'id' || to_char(part * 5000 + 5000, 'FM0000000'));
    END LOOP;
END $$;
DO $$
DECLARE many record;
BEGIN
    FOR many IN
        SELECT c.relname,
            string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns,
            string_agg(CASE
                WHEN a.attname IN ('deleted_at', 'revoked_at') THEN 'NULL::bigint'
                WHEN a.attname = 'realm_id' AND c.relname ~ '_(wipes|retentions)$' THEN '''realm'' || g'
                WHEN a.attname = 'realm_id' AND c.relname = ANY ({few}) THEN '''realm'' || g / 10'
                WHEN a.attname IN ('realm_id', 'org_id', 'hook_id') AND a.attnum > 1 THEN '''same'' || g % 2'
                WHEN c.relname = 'event_events' AND a.attname IN ('user_id', 'membership_id', 'event_type')
                    THEN '''same'' || g % 2'
                WHEN a.atttypid = 'text'::regtype THEN format('%L || to_char(g, ''FM0000000'')', left(a.attname, 5))
                WHEN a.atttypid = 'boolean'::regtype THEN 'g % 2 = 0'
                ELSE 'g'
            END, ', ' ORDER BY a.attnum) AS row
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname ~ '^(auth|session|event)_' AND c.relname <> ALL ({none})
        GROUP BY c.relname
    LOOP
        EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM generate_series(1, 20000) g', many.relname, many.columns, many.row);
    END LOOP;
END $$;
"#;

/// Asks the filled database, from a thread of its own: the test's runtime may be busy, or already gone.
pub(super) fn complaints(statements: &[String]) -> anyhow::Result<Vec<String>> {
    let statements = statements.to_vec();
    let asking = std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(async { ask(&filled().await?, statements).await })
    });
    asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Connects to the filled database, which is made once in a cluster.
async fn filled() -> anyhow::Result<Client> {
    let scripts = scripts(Backend::Postgres)?;
    let list = |tables: &[&str]| format!("ARRAY['{}']", tables.join("', '"));
    let fill = FILL
        .replace("{few}", &list(&FEW_OF_A_REALM))
        .replace("{none}", &list(&FEW));
    let mut hasher = DefaultHasher::new();
    (&scripts, &fill).hash(&mut hasher);
    let key = format!("plans_{:016x}", hasher.finish());
    let cluster = servers::pg_url();
    let made = postgres::template(&cluster, &key, async |url| {
        let client = postgres::connect(&url).await?;
        for script in &scripts {
            client.batch_execute(script).await?;
        }
        client.batch_execute(&fill).await.context("cannot fill the tables")?;
        client.batch_execute("VACUUM ANALYZE").await?;
        Ok(())
    });
    let client = postgres::connect(&postgres::with_database(&cluster, &made.await?)?).await?;
    // The plan that fits all values, on a disk that finds any page at once.
    let settings = "SET plan_cache_mode = force_generic_plan; SET random_page_cost = 1.1; SET jit = off";
    client.batch_execute(settings).await?;
    Ok(client)
}

async fn ask(client: &Client, statements: Vec<String>) -> anyhow::Result<Vec<String>> {
    // What another test's process found good is good.
    let fresh = "SELECT sql FROM unnest($1::text[]) AS sql WHERE md5(sql) NOT IN (SELECT mark FROM judged)";
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for row in client.query(fresh, &[&statements]).await? {
        let sql: String = row.get(0);
        let plan = plan(client, &sql).await.with_context(|| sql.clone())?;
        let cost = cost(&plan).with_context(|| plan.clone())?;
        if cost < DEAR {
            good.push(sql);
        } else {
            wrong.push(format!("costs {cost}, as reading a realm does\n  {sql}\n{plan}"));
        }
    }
    let keep = "INSERT INTO judged SELECT md5(sql) FROM unnest($1::text[]) AS sql ON CONFLICT DO NOTHING";
    client.execute(keep, &[&good]).await?;
    Ok(wrong)
}

async fn plan(client: &Client, sql: &str) -> anyhow::Result<String> {
    let (sql, types) = with_limit(sql);
    let nulls = vec!["NULL"; types.len()].join(", ");
    let (types, nulls) = match types.is_empty() {
        true => (String::new(), String::new()),
        false => (format!("({})", types.join(", ")), format!("({nulls})")),
    };
    client.batch_execute(&format!("PREPARE asked {types} AS {sql}")).await?;
    let told = client.simple_query(&format!("EXPLAIN EXECUTE asked {nulls}")).await;
    client.batch_execute("DEALLOCATE asked").await?;
    let lines = told?.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Writes the limit into the statement, and gives each parameter its type: that of one which is left over cannot be found out.
fn with_limit(sql: &str) -> (String, Vec<&'static str>) {
    let count = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
    let (mut sql, mut types) = (format!("{sql} "), vec!["unknown"; count]);
    for (n, kind) in (1..).zip(&mut types) {
        for (word, number) in [("LIMIT", PAGE), ("OFFSET", 0)] {
            let asked = format!("{word} ${n} ");
            if sql.contains(&asked) {
                sql = sql.replace(&asked, &format!("{word} {number} "));
                *kind = "bigint";
            }
        }
    }
    (sql, types)
}

/// Reads what the whole plan costs: `Limit  (cost=0.41..31.20 rows=51 width=8)`.
fn cost(plan: &str) -> anyhow::Result<f64> {
    let costs = plan
        .lines()
        .next()
        .and_then(|line| line.split_once("..")?.1.split_once(" rows"));
    match costs {
        Some((total, _)) => Ok(total.parse()?),
        None => bail!("a plan without its cost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_written_out() {
        let (sql, types) = with_limit("SELECT 1 WHERE $1 = $2 ORDER BY 1 LIMIT $3 OFFSET $4");
        assert_eq!(sql, "SELECT 1 WHERE $1 = $2 ORDER BY 1 LIMIT 101 OFFSET 0 ");
        assert_eq!(types, ["unknown", "unknown", "bigint", "bigint"]);
    }

    mod needs_postgres {
        use super::*;

        #[tokio::test]
        async fn a_query_without_an_index_is_found() {
            for (rest, good) in [
                ("\"last_name\" = $1", false),
                ("\"realm_id\" = $1 AND \"last_name\" = $2", false),
                (
                    "\"realm_id\" = $1 AND \"last_name\" = $2 ORDER BY \"id\" LIMIT $3",
                    false,
                ),
                ("\"realm_id\" = $1 ORDER BY \"last_name\" LIMIT $2", false),
                ("\"realm_id\" = $1 ORDER BY \"id\" LIMIT $2", true),
                ("\"realm_id\" = $1 AND \"email\" = $2", true),
            ] {
                let sql = format!("SELECT \"id\" FROM \"auth_users\" WHERE {rest}");
                let found = complaints(&[sql]).unwrap();
                assert_eq!(found.is_empty(), good, "{rest}: {found:?}");
            }
        }

        /// Whoever deletes a row looks for what hangs on it, and no statement shows that.
        #[tokio::test]
        async fn every_foreign_key_has_its_index() {
            let bare = "SELECT conrelid::regclass::text, conname::text FROM pg_constraint k WHERE contype = 'f' AND NOT EXISTS \
                 (SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1])";
            let found = filled().await.unwrap().query(bare, &[]).await.unwrap();
            let names: Vec<(String, String)> = found.iter().map(|row| (row.get(0), row.get(1))).collect();
            assert!(names.is_empty(), "{names:?}");
        }
    }
}
