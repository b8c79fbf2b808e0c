//! Two who wait for each other: the one that the database lets go may come again, and is told so.

mod needs_postgres {
    use diesel_async::SimpleAsyncConnection;
    use futures::FutureExt;
    use gantry_db::{Config, Db, StoreError};
    use gantry_kernel::Reason;
    use gantry_testkit::db::{Backend, TestDb};
    use std::sync::Arc;
    use tokio::sync::Barrier;

    #[tokio::test]
    async fn one_of_two_that_wait_for_each_other_is_asked_to_come_again() {
        let place = TestDb::on(Backend::Postgres).await;
        let Db::Pg(pool) = Db::open(&Config::new(place.url())).unwrap() else {
            panic!("opened as PostgreSQL")
        };
        let both = Arc::new(Barrier::new(2));
        let work = |first: u8, second: u8| {
            let both = Arc::clone(&both);
            pool.write("crossing", move |conn| {
                async move {
                    conn.batch_execute(&format!(
                        "SET LOCAL deadlock_timeout = '10ms'; SELECT pg_advisory_xact_lock({first})"
                    ))
                    .await?;
                    both.wait().await;
                    conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({second})"))
                        .await?;
                    Ok::<_, StoreError>(())
                }
                .boxed()
            })
        };
        let (one, other) = tokio::join!(work(1, 2), work(2, 1));
        let lost = match (one, other) {
            (Err(lost), Ok(())) | (Ok(()), Err(lost)) => lost,
            neither => panic!("one of them is let go: {neither:?}"),
        };
        let problem = lost.problem();
        assert_eq!(problem.reason, Reason::Unavailable, "{lost}");
    }
}
