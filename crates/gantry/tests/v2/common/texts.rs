//! What stands in the database.

use diesel_async::RunQueryDsl;
use futures::FutureExt;

use super::App;

#[derive(diesel::QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

impl App {
    /// Texts of the database, read behind Gantry's back; the query names its column `text`.
    pub(crate) async fn texts(&self, query: &str) -> Vec<String> {
        let query = diesel::sql_query(query.to_owned());
        let found = match gantry_db::Db::open(&gantry_db::Config::new(self.db.url())).unwrap() {
            gantry_db::Db::Pg(pool) => {
                pool.read("test", |conn| async move { Ok(query.load(conn).await?) }.boxed())
                    .await
            }
            gantry_db::Db::Lite(pool) => {
                pool.read("test", |conn| async move { Ok(query.load(conn).await?) }.boxed())
                    .await
            }
        };
        let found: Vec<Text> = found.unwrap();
        found.into_iter().map(|row| row.text).collect()
    }
}
