//! How SQLite would go about a statement. It keeps no statistics here, so an empty file tells as much as a full one.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{FEW, FEW_OF_A_REALM};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Asks the test's own database.
pub(super) fn complaints(url: &str, statements: &[String]) -> anyhow::Result<Vec<String>> {
    let path = url.strip_prefix("sqlite://").unwrap_or(url);
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute("PRAGMA busy_timeout=5000")?;
    let mut wrong = Vec::new();
    for sql in statements {
        match plan(&mut conn, sql) {
            Ok(plan) => {
                wrong.extend(fault(sql, &plan).map(|fault| format!("{fault}\n  {sql}\n  {}", plan.join("\n  "))))
            }
            // The test took its migrations back.
            Err(error) if error.to_string().starts_with("no such table") => {}
            Err(error) => return Err(anyhow::Error::new(error).context(sql.clone())),
        }
    }
    Ok(wrong)
}

fn plan(conn: &mut SqliteConnection, sql: &str) -> QueryResult<Vec<String>> {
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
    Ok(steps.into_iter().map(|step| step.detail).collect())
}

/// Says what is wrong with a plan.
fn fault(sql: &str, plan: &[String]) -> Option<&'static str> {
    let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
    let reads = |step: &String| {
        let mut words = step.split(' ');
        let how = words.next().filter(|word| ["SCAN", "SEARCH"].contains(word))?;
        let table = words.next().filter(|table| !FEW.contains(table))?;
        // What SQLite makes up itself.
        let ours = ["auth_", "session_", "event_"]
            .iter()
            .any(|start| table.starts_with(start));
        ours.then(|| (how.to_owned(), table.to_owned()))
    };
    // A page of a whole table, in the order of an index.
    let walks = |step: &str| step.contains(" USING ") && sql.contains(" LIMIT ") && !sorts;
    if plan
        .iter()
        .any(|step| reads(step).is_some_and(|(how, _)| how == "SCAN") && !walks(step))
    {
        return Some("reads a whole table");
    }
    if two_lower_bounds(sql) {
        return Some("starts behind two bounds, and SQLite finds only one of them by an index");
    }
    let grows = |table: &String| !FEW_OF_A_REALM.contains(&table.as_str());
    let one_row = |step: &String| step.ends_with("(id=?)");
    let many = |step: &String| !one_row(step) && reads(step).is_some_and(|(_, table)| grows(&table));
    if sorts && plan.iter().any(many) {
        return Some("sorts what may be many rows");
    }
    // What is not named hangs on what is: a realm goes once it is empty.
    let named = |step: &String| reads(step).is_some_and(|(_, table)| sql.contains(&format!("`{table}`")));
    let realm_alone =
        |step: &String| step.ends_with("(realm_id=?)") && named(step) && many(step) && !sql.contains(" LIMIT ");
    plan.iter().any(realm_alone).then_some("reads a whole realm")
}

/// Whether a column must be greater than two things: `` `t`.`c` > ? AND `t`.`c` > (SELECT ``.
fn two_lower_bounds(sql: &str) -> bool {
    let sql = sql.replace(" >= ", " > ");
    let ends: Vec<&str> = sql.split(" > ").collect();
    let columns: Vec<&str> = ends
        .iter()
        .rev()
        .skip(1)
        .filter_map(|before| before.rsplit([' ', '(']).next())
        .collect();
    let twice = |column: &&str| columns.iter().filter(|other| *other == column).count() > 1;
    columns.iter().any(|column| column.contains(".`id") && twice(column))
}

#[cfg(test)]
mod tests {
    use super::super::scripts;
    use super::*;
    use crate::db::{Backend, TestDb};

    #[tokio::test]
    async fn a_query_without_an_index_is_found() {
        let db = TestDb::on(Backend::Sqlite).await;
        let mut conn = SqliteConnection::establish(db.url().strip_prefix("sqlite://").unwrap()).unwrap();
        for script in scripts(Backend::Sqlite).unwrap() {
            conn.batch_execute(&script).unwrap();
        }
        for (rest, expected) in [
            ("`last_name` = ?", Some("reads a whole table")),
            ("`realm_id` = ? AND `last_name` = ?", Some("reads a whole realm")),
            (
                "`realm_id` = ? ORDER BY `last_name` LIMIT ?",
                Some("sorts what may be many rows"),
            ),
            ("1 ORDER BY `last_name` LIMIT ?", Some("reads a whole table")),
            ("1 ORDER BY `id` LIMIT ?", None),
            ("`realm_id` = ? ORDER BY `id` LIMIT ?", None),
            ("`realm_id` = ? AND `email` = ?", None),
            (
                "`realm_id` = ? AND (`auth_users`.`id` > ?) AND (`auth_users`.`id` > (SELECT ?)) ORDER BY `id` LIMIT ?",
                Some("starts behind two bounds, and SQLite finds only one of them by an index"),
            ),
        ] {
            let sql = format!("SELECT `id` FROM `auth_users` WHERE {rest}");
            let found = complaints(db.url(), std::slice::from_ref(&sql)).unwrap();
            assert_eq!(found.first().and_then(|text| text.lines().next()), expected, "{rest}");
        }
    }
}
