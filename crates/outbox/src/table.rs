//! An outbox table's queries, written once for both services and both databases.

/// Makes the queries of an outbox table in a query file: `add_events`, `list_pending`, `list_waiting`, `remove_events`.
///
/// The file must see `Conn`, and the table by its name in scope.
#[macro_export]
macro_rules! outbox {
    ($table:ident) => {
        /// Notes events down; to be called in the transaction of the change.
        pub(crate) async fn add_events(
            conn: &mut Conn,
            holder: &str,
            events: &[$crate::NewEvent],
        ) -> Result<(), gantry_db::StoreError> {
            use diesel::ExpressionMethods as _;
            for event in events {
                let row = (
                    $table::id.eq(&event.id),
                    $table::holder.eq(holder),
                    $table::created_at.eq(event.event_at),
                    $table::body.eq(event.to_body()?),
                );
                let insert = diesel::insert_into($table::table).values(row);
                diesel_async::RunQueryDsl::execute(insert, conn).await?;
            }
            Ok(())
        }

        /// Lists events to hand over, oldest first: this holder's, and anybody's from before a time.
        pub(crate) async fn list_pending(
            conn: &mut Conn,
            holder: String,
            before: i64,
            limit: i64,
        ) -> Result<Vec<$crate::NewEvent>, gantry_db::StoreError> {
            use diesel::{BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _};
            let query = $table::table
                .filter($table::holder.eq(holder).or($table::created_at.lt(before)))
                .order($table::id)
                .select(($table::id, $table::body))
                .limit(limit);
            let rows: Vec<(String, String)> = diesel_async::RunQueryDsl::load(query, conn).await?;
            let read = |(id, body): (String, String)| $crate::NewEvent::from_body(id, &body);
            Ok(rows.into_iter().map(read).collect())
        }

        /// Lists when events were made that wait, whoever is to hand them over, oldest first.
        pub(crate) async fn list_waiting(conn: &mut Conn, limit: i64) -> Result<Vec<i64>, gantry_db::StoreError> {
            use diesel::QueryDsl as _;
            let query = $table::table
                .order($table::id)
                .select($table::created_at)
                .limit(limit);
            Ok(diesel_async::RunQueryDsl::load(query, conn).await?)
        }

        /// Forgets events that were handed over.
        pub(crate) async fn remove_events(conn: &mut Conn, ids: Vec<String>) -> Result<(), gantry_db::StoreError> {
            use diesel::{ExpressionMethods as _, QueryDsl as _};
            let delete = diesel::delete($table::table.filter($table::id.eq_any(ids)));
            diesel_async::RunQueryDsl::execute(delete, conn).await?;
            Ok(())
        }
    };
}
