//! W5: events listed where there are few and where there are many, events appended, events watched.

mod fill;
mod watchers;

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::http::{self, Connection};
use super::load::{self, Measured};
use super::report::{Cell, Report};
use super::scale::{Template, call};
use super::subject::{PASSWORD, ROOT_KEY, Request, Started, environment};
use super::{Options, Output, WARM_UP, build, cpu, start};
use crate::home;
use crate::servers::{Durability, Servers};
use watchers::Watched;

/// Users who are asked about.
const ASKED: u32 = 1000;
/// How long the last events may take to be stored.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many watch at once.
const CROWDS: [usize; 3] = [1, 100, 900];

/// A Gantry whose database was filled.
struct Filled {
    gantry: Started,
    template: Template,
    database: &'static str,
    url: String,
    rows: u32,
}

/// Who is asked, and what.
struct Side {
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    process: u32,
}

/// How fast what was appended could be read.
struct Appended {
    events: u64,
    /// From the first change to the last event that was stored.
    took: Duration,
}

/// Fills two installations, lists, appends, watches, and prints what it cost.
pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let programs = build::release(false).await?;
    let gantry = programs.gantry.context("Gantry is measured here")?;
    let servers = Servers::start(Durability::Real).await?;
    let few = Filled::start(&gantry, &servers, "few", options.few_events).await?;
    let many = Filled::start(&gantry, &servers, "many", options.events).await?;
    let mut ceiling = Command::new(&programs.ceiling);
    ceiling.args([
        "--database",
        &servers.new_database("ceiling").await?,
        "--password",
        PASSWORD,
    ]);
    ceiling.args(["--users", "1", "--sessions", "1", "--events", &many.url]);
    let ceiling = start::until_ready("ceiling", &mut ceiling, &servers.directory().join("ceiling.log"))?;

    let mut report = Report {
        candidate: "gantry".to_owned(),
        ..Report::default()
    };
    let lists = |filled: &Filled| filled.side(filled.lists());
    let least = Side::new(&ceiling, many.lists());
    for (request, ours, theirs) in [
        (Request::Events, lists(&many), &least),
        (Request::EventsGrown, lists(&many), &lists(&few)),
    ] {
        compared(request, &ours, theirs, &servers, options, &mut report).await?;
    }
    let appended = append(&many, &ceiling, &servers, options, &mut report).await?;
    let mut watched = Vec::new();
    for crowd in CROWDS {
        watched.push(watchers::measure(&few.gantry, &few.template.realm, crowd).await?);
    }
    print(options, &report, &appended, &watched);
    report.void()
}

fn print(options: &Options, report: &Report, appended: &Appended, watched: &[Watched]) {
    let a_second = load::count(appended.events) / appended.took.as_secs_f64();
    match options.output {
        Output::Table => {
            println!("{}", report.table());
            println!("{a_second:.0} events a second from the change to the stored event");
            for crowd in watched {
                println!("{}", crowd.line());
            }
        }
        Output::Json => {
            let crowds: Vec<Value> = watched.iter().map(Watched::json).collect();
            println!(
                "{}",
                json!({"report": report.json(), "stored_per_second": a_second, "watched": crowds})
            );
        }
    }
}

/// Lets two sides take turns.
async fn compared(
    request: Request,
    ours: &Side,
    theirs: &Side,
    servers: &Servers,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<()> {
    let time = Duration::from_secs_f64(options.seconds);
    for side in [ours, theirs] {
        side.asked(request, 4, WARM_UP, servers).await?;
    }
    for clients in &options.clients {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds {
            first.push(ours.asked(request, *clients, time, servers).await?);
            second.push(theirs.asked(request, *clients, time, servers).await?);
        }
        let cell = Cell::new(request, *clients, first, second, cpu::memory_kib(ours.process)?);
        eprintln!("bench: {}", cell.line());
        report.cells.push(cell);
    }
    Ok(())
}

/// Makes orgs, each of which makes one event, beside what a bare insert costs; and waits until all are stored.
async fn append(
    many: &Filled,
    ceiling: &Started,
    servers: &Servers,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<Appended> {
    let ours = many.side(many.orgs());
    let theirs = Side::new(ceiling, many.appends());
    let before = fill::last(servers, many.database).await?;
    let since = home::now();
    // What was appended by one side alone, without the other's turns, tells how fast events become readable.
    let most = options.clients.iter().copied().max().unwrap_or(1);
    let alone = ours
        .asked(
            Request::Append,
            most,
            Duration::from_secs_f64(options.seconds * 2.0),
            servers,
        )
        .await?;
    until_stored(servers, many.database, before + alone.good, since).await?;
    let took = since.elapsed();
    compared(Request::Append, &ours, &theirs, servers, options, report).await?;
    Ok(Appended {
        events: alone.good,
        took,
    })
}

async fn until_stored(servers: &Servers, database: &str, wanted: u64, since: Instant) -> anyhow::Result<()> {
    while fill::last(servers, database).await? < wanted {
        ensure!(
            since.elapsed() < PATIENCE,
            "events are still not stored after {PATIENCE:?}"
        );
    }
    Ok(())
}

impl Side {
    fn new(server: &Started, requests: Vec<Vec<u8>>) -> Self {
        Self {
            address: server.address,
            requests: Arc::new(requests),
            process: server.process.id(),
        }
    }

    async fn asked(
        &self,
        request: Request,
        clients: usize,
        time: Duration,
        servers: &Servers,
    ) -> anyhow::Result<Measured> {
        let roots: Vec<u32> = servers.process_ids().into_iter().chain([self.process]).collect();
        let before = cpu::used(&roots)?;
        let mut found = load::closed_at(self.address, self.requests.clone(), request, clients, time).await?;
        found.cpu = cpu::used(&roots)?.saturating_sub(before);
        Ok(found)
    }
}

impl Filled {
    /// Starts Gantry on a new database, has it make a realm, fills the table of events, and looks whether it lists them.
    async fn start(
        gantry: &std::path::Path,
        servers: &Servers,
        database: &'static str,
        rows: u32,
    ) -> anyhow::Result<Self> {
        let directory = servers.directory().join(database);
        std::fs::create_dir_all(&directory)?;
        let url = servers.new_database(database).await?;
        let mut command = Command::new(gantry);
        command.arg("serve").envs(environment(&directory));
        command.env("GANTRY_LIMITS_ENABLED", "false").env("DATABASE_URL", &url);
        let gantry = start::until_ready("gantry", &mut command, &directory.join("log"))?;
        let template = Template::make(gantry.address).await?;
        fill::events(servers, database, rows, &template.realm).await?;
        let filled = Self {
            gantry,
            template,
            database,
            url,
            rows,
        };
        let mut connection = Connection::open(filled.gantry.address).await?;
        let listed = call(&mut connection, "GET", &filled.list(&fill::user(0)), None).await?;
        let rows = listed.get("collection").and_then(Value::as_array).map_or(0, Vec::len);
        ensure!(rows == 50, "a user has {rows} events on a page of 50");
        Ok(filled)
    }

    fn side(&self, requests: Vec<Vec<u8>>) -> Side {
        Side::new(&self.gantry, requests)
    }

    /// The users who are asked about: each tenth is of the first realm.
    fn users(&self) -> impl Iterator<Item = String> {
        let users = fill::users(self.rows) / 10;
        let step = (users / ASKED).max(1) as usize;
        (0..users).step_by(step).map(|n| fill::user(n * 10))
    }

    fn lists(&self) -> Vec<Vec<u8>> {
        self.users().map(|user| keyed("GET", &self.list(&user), None)).collect()
    }

    /// The path of a user's last 50 events. The empty `created_at_after` lifts the bound of 30 days, for fewer lie within it.
    fn list(&self, user: &str) -> String {
        format!(
            "/v2/events?realm_id={}&user_id={user}&max_results=50&created_at_after=",
            self.template.realm
        )
    }

    fn orgs(&self) -> Vec<Vec<u8>> {
        let body = json!({"realm_id": self.template.realm, "org": {"name": "Bench"}}).to_string();
        vec![keyed("POST", "/v2/orgs", Some(&body))]
    }

    fn appends(&self) -> Vec<Vec<u8>> {
        let path = |user| format!("/v2/events?realm_id={}&user_id={user}", self.template.realm);
        self.users()
            .map(|user| keyed("POST", &path(user), Some("{}")))
            .collect()
    }
}

/// A request of a back end.
fn keyed(method: &str, path: &str, body: Option<&str>) -> Vec<u8> {
    http::request(method, path, "localhost", &[("authrocket-api-key", ROOT_KEY)], body)
}
