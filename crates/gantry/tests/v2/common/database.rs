//! A look into the database behind Gantry's back.

use diesel::QueryableByName;
use diesel_async::RunQueryDsl;
use gantry_db::{Config, Db, StoreError};
use gantry_testkit::db::Backend;

use super::App;

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

impl App {
    /// The column `detail` of what a query answers with, after a statement that prepares for it.
    async fn details(&self, before: &'static str, query: String) -> Vec<String> {
        macro_rules! ask {
            ($pool:expr) => {
                $pool.write("test", move |conn| {
                    Box::pin(async move {
                        diesel::sql_query(before).execute(conn).await?;
                        let cells: Vec<Cell> = diesel::sql_query(query).load(conn).await?;
                        Ok::<_, StoreError>(cells.into_iter().map(|cell| cell.detail).collect())
                    })
                })
            };
        }
        let told = match Db::open(&Config::new(self.db.url())).unwrap() {
            Db::Pg(pool) => ask!(pool).await,
            Db::Lite(pool) => ask!(pool).await,
        };
        told.unwrap()
    }

    /// A table's columns.
    pub(crate) async fn columns(&self, table: &str) -> Vec<String> {
        let query = match self.db.backend() {
            Backend::Postgres => format!(
                "SELECT column_name::text AS detail FROM information_schema.columns \
                 WHERE table_name = '{table}' AND table_schema = current_schema()"
            ),
            Backend::Sqlite => format!("SELECT name AS detail FROM pragma_table_info('{table}')"),
        };
        self.details("SELECT 1", query).await
    }

    /// What is kept of a domain's certificates, by kind.
    pub(crate) async fn kept_certificates(&self, domain: &str) -> Vec<String> {
        let query = format!(
            "SELECT kind || ' ' || sealed AS detail FROM auth_certificates WHERE domain_id = '{domain}' ORDER BY kind"
        );
        self.details("SELECT 1", query).await
    }

    /// How often what a realm or a user is seen as was changed.
    pub(crate) async fn version(&self, id: &str) -> u64 {
        let query = format!("SELECT CAST(number AS text) AS detail FROM auth_versions WHERE id = '{id}'");
        let told = self.details("SELECT 1", query).await;
        told.into_iter().next().map_or(0, |number| number.parse().unwrap())
    }

    /// Whether a query would read a table from its beginning to its end, though an index may be used; and the plan.
    pub(crate) async fn scans(&self, query: &str) -> (bool, String) {
        match self.db.backend() {
            Backend::Postgres => {
                // Of a table without rows the planner reads all, unless it is told that this is dear.
                let query = format!("EXPLAIN (COSTS OFF) {query}");
                let told = self.plan("SET LOCAL enable_seqscan = off", query).await;
                (told.contains("Seq Scan"), told)
            }
            Backend::Sqlite => {
                let told = self.details("SELECT 1", format!("EXPLAIN QUERY PLAN {query}")).await;
                (told.iter().any(|line| line.starts_with("SCAN")), told.join("\n"))
            }
        }
    }

    /// PostgreSQL names the column of a plan otherwise.
    async fn plan(&self, before: &'static str, query: String) -> String {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
            line: String,
        }
        let Db::Pg(pool) = Db::open(&Config::new(self.db.url())).unwrap() else {
            panic!("only PostgreSQL is asked");
        };
        let told = pool.write("test", move |conn| {
            Box::pin(async move {
                diesel::sql_query(before).execute(conn).await?;
                let lines: Vec<Line> = diesel::sql_query(query).load(conn).await?;
                Ok::<_, StoreError>(lines)
            })
        });
        let lines = told.await.unwrap();
        lines.into_iter().map(|line| line.line).collect::<Vec<_>>().join("\n")
    }
}
