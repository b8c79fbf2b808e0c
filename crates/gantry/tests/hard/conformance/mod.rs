//! A black-box run of the contract: what the published client libraries rely on, sent as each of them sends it, to one process and
//! to several.

mod client;
mod scenarios;

use client::{Client, Library};

use crate::common::{ROOT_KEY, Server, gantry};

/// Runs everything as each of the libraries.
async fn conforms(base: &str) {
    for library in Library::ALL {
        scenarios::all(&Client::new(library, base)).await;
    }
}

#[tokio::test]
async fn one_process_on_sqlite_conforms() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = gantry(dir.path(), &["serve"]);
    command.env("GANTRY_ROOT_API_KEY", ROOT_KEY);
    let mut server = Server::start(&command).await;
    conforms(&server.http).await;
    server.stop().await;
}

mod needs_postgres {
    use gantry_testkit::db::{Backend, TestDb};

    use super::conforms;
    use crate::common::{Plan, ROOT_KEY, Server, gantry};

    #[tokio::test]
    async fn one_process_on_postgresql_conforms() {
        let dir = tempfile::tempdir().unwrap();
        let database = TestDb::on(Backend::Postgres).await;
        let mut command = gantry(dir.path(), &["serve"]);
        command
            .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
            .env("DATABASE_URL", database.url());
        let mut server = Server::start(&command).await;
        conforms(&server.http).await;
        server.stop().await;
    }

    #[tokio::test]
    async fn several_processes_conform() {
        let mut cluster = Plan::new().await.start(1).await;
        let base = cluster.api(0).base;
        conforms(&base).await;
        cluster.stop().await;
    }
}
