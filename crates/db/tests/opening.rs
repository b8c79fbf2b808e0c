//! A new SQLite file whose first connections are all opened at once.

use diesel_async::SimpleAsyncConnection;
use futures::FutureExt;
use futures::future::join_all;
use gantry_db::{Config, Db};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_and_writer_never_find_a_new_file_locked() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Config::new(format!("sqlite://{}/new.db", folder.path().display()))).unwrap();
        let Db::Lite(pool) = &db else {
            panic!("the URL names a SQLite file")
        };
        let write = pool.write("test", |conn| {
            async { Ok(conn.batch_execute("CREATE TABLE t (id integer)").await?) }.boxed()
        });
        let reads = join_all((0..8).map(|_| db.ping()));
        let (written, read) = tokio::join!(write, reads);
        written.unwrap();
        for result in read {
            result.unwrap();
        }
    }
}
