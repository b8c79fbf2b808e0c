//! A black-box run of the contract: what the published client libraries rely on, sent as each of them sends it, to one process and
//! to several. Every route there is must be called with success by each, so a route that no scenario knows fails the run.

mod actions;
mod answer;
mod client;
mod coverage;
mod factors;
mod loginrocket;
mod orgs;
mod parts;
mod passkeys;
mod providers;
mod realms;
mod resources;
mod scenarios;
mod tokens;

use client::{Client, Library};

use crate::common::{NameServer, ROOT_KEY, Server, gantry};

/// Settings beside: whom to ask for names, and an external provider that is none.
fn settings(names: &NameServer) -> [(&'static str, String); 2] {
    [
        ("GANTRY_DNS_SERVER", names.address.to_string()),
        ("GANTRY_DUMMY_PROVIDER", "true".to_owned()),
    ]
}

/// Runs everything as each of the libraries, side by side.
async fn conforms(base: &str, names: &NameServer) {
    let runs = Library::ALL.map(|library| async move {
        let client = Client::new(library, base);
        scenarios::all(&client).await;
        actions::all(&client).await;
        resources::all(&client).await;
        orgs::all(&client).await;
        factors::all(&client).await;
        providers::all(&client).await;
        tokens::all(&client).await;
        loginrocket::all(&client).await;
        passkeys::all(&client).await;
        realms::all(&client, names).await;
        let missing = client.covered.missing();
        assert!(
            missing.is_empty(),
            "{library:?} has not called these with success: {missing:?}"
        );
    });
    futures::future::join_all(runs).await;
}

#[tokio::test]
async fn one_process_on_sqlite_conforms() {
    let dir = tempfile::tempdir().unwrap();
    let names = NameServer::start().await;
    let mut command = gantry(dir.path(), &["serve"]);
    command.env("GANTRY_ROOT_API_KEY", ROOT_KEY).envs(settings(&names));
    let mut server = Server::start(&command).await;
    conforms(&server.http, &names).await;
    server.stop().await;
}

mod needs_postgres {
    use gantry_testkit::db::{Backend, TestDb};

    use super::{conforms, settings};
    use crate::common::{NameServer, Plan, ROOT_KEY, Server, gantry};

    #[tokio::test]
    async fn one_process_on_postgresql_conforms() {
        let dir = tempfile::tempdir().unwrap();
        let database = TestDb::on(Backend::Postgres).await;
        let names = NameServer::start().await;
        let mut command = gantry(dir.path(), &["serve"]);
        command
            .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
            .env("DATABASE_URL", database.url())
            .envs(settings(&names));
        let mut server = Server::start(&command).await;
        conforms(&server.http, &names).await;
        server.stop().await;
    }

    #[tokio::test]
    async fn several_processes_conform() {
        let names = NameServer::start().await;
        let mut plan = Plan::new().await;
        for (name, value) in settings(&names) {
            plan.set(name, value);
        }
        let mut cluster = plan.start(1).await;
        let base = cluster.api(0).base;
        conforms(&base, &names).await;
        cluster.stop().await;
    }
}
