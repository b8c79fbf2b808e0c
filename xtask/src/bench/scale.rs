//! The same questions to two installations: one with 100 users, and one with 1,000,000 users in 10,000 realms. They must cost the same.

mod fill;
mod questions;
mod table;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use serde_json::{Value, json};

use super::http::{self, Connection};
use super::load::Measured;
use super::subject::{ROOT_KEY, Started, environment};
use super::{Options, Output, build, json as read, start};
use crate::home;
use crate::servers::{Durability, Servers};
use fill::Database;
pub(super) use fill::Template;
use questions::Question;

/// How many there are of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    users: u32,
    /// The users of the first realm; the others share the rest.
    first: u32,
    realms: u32,
}

/// What is small enough that any plan is fast.
const SMALL: Size = Size {
    users: 100,
    first: 100,
    realms: 100,
};
/// Of all users so many are in the first realm.
const FIRST: u32 = 10;
/// Questions before the first that counts, on each side: sessions get their tokens, caches what they hold.
const WARM_UP: usize = 50;

/// A filled installation at work.
#[derive(Debug)]
struct Side {
    size: Size,
    template: Template,
    sessions: Vec<String>,
    gantry: Started,
}

/// What one question cost on both sides.
#[derive(Debug)]
struct Cost {
    name: &'static str,
    small: Measured,
    large: Measured,
}

/// Fills two installations, asks both, and prints what it cost.
pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let users = options.users.unwrap_or(1_000_000);
    let first = (users / FIRST).max(SMALL.first);
    ensure!(
        users >= first && options.realms >= SMALL.realms,
        "no smaller than the small one: {SMALL:?}"
    );
    let large = Size {
        users,
        first,
        realms: options.realms,
    };
    let gantry = build::gantry().await?;
    let servers = Servers::start(Durability::Real).await?;
    let small = side("small", SMALL, &gantry, &servers, options.sqlite).await?;
    let large = side("large", large, &gantry, &servers, options.sqlite).await?;
    let mut costs = Vec::new();
    for (ours, theirs) in small.questions().into_iter().zip(large.questions()) {
        let cost = compared([(&small, &ours), (&large, &theirs)], options).await?;
        eprintln!("bench: {}", table::line(&cost));
        costs.push(cost);
    }
    let resets = [reset(&small).await?, reset(&large).await?];
    // While the large one still removes what was reset, others are served.
    let others = large.others();
    let mut connection = Connection::open(large.gantry.address).await?;
    let meanwhile = asked(
        &mut connection,
        &others,
        0,
        Duration::from_secs_f64(options.seconds * 2.0),
    )
    .await?;
    match options.output {
        Output::Table => println!("{}", table::text(&large.size, &costs, resets, &meanwhile)),
        Output::Json => println!("{}", table::json(&costs, resets, &meanwhile)),
    }
    Ok(())
}

/// Lets the two take turns with a question.
async fn compared(sides: [(&Side, &Question); 2], options: &Options) -> anyhow::Result<Cost> {
    let time = Duration::from_secs_f64(options.seconds);
    let mut found = [Measured::default(), Measured::default()];
    let mut connections = Vec::new();
    for (side, question) in sides {
        let mut connection = Connection::open(side.gantry.address).await?;
        question.check(&mut connection).await?;
        for n in 0..WARM_UP {
            connection.ask(question.request(n)).await?;
        }
        connections.push(connection);
    }
    for round in 0..options.rounds as usize {
        for ((connection, found), (_, question)) in connections.iter_mut().zip(&mut found).zip(sides) {
            found.add(asked(connection, question, round * 101, time).await?);
        }
    }
    let [mut small, mut large] = found;
    small.latencies.sort_unstable();
    large.latencies.sort_unstable();
    let name = sides[0].1.name;
    Ok(Cost { name, small, large })
}

/// Asks one question after the other for a time.
async fn asked(
    connection: &mut Connection,
    question: &Question,
    first: usize,
    time: Duration,
) -> anyhow::Result<Measured> {
    let mut found = Measured::default();
    let start = home::now();
    while start.elapsed() < time {
        let since = home::now();
        let status = connection
            .ask(question.request(first + found.latencies.len()))
            .await?
            .status;
        ensure!(status == question.status, "{}: status {status}", question.name);
        found
            .latencies
            .push(u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    found.latencies.sort_unstable();
    Ok(found)
}

/// Resets the first realm, and looks at once whether anybody is left: the time until the answer.
async fn reset(side: &Side) -> anyhow::Result<Duration> {
    let mut connection = Connection::open(side.gantry.address).await?;
    let start = home::now();
    let path = format!("/v2/realms/{}/reset", side.template.realm);
    call(&mut connection, "POST", &path, Some(json!({}))).await?;
    let took = start.elapsed();
    for kind in ["users", "orgs", "sessions"] {
        let path = format!("/v2/{kind}?realm_id={}", side.template.realm);
        let left = call(&mut connection, "GET", &path, None).await?;
        ensure!(rows(&left) == 0, "after the reset there are {kind}: {left}");
    }
    Ok(took)
}

/// Makes an installation of a size, and starts it.
async fn side(name: &'static str, size: Size, gantry: &Path, servers: &Servers, sqlite: bool) -> anyhow::Result<Side> {
    let directory: PathBuf = servers.directory().join(name);
    std::fs::create_dir_all(&directory)?;
    let database = match sqlite {
        true => Database::Sqlite(directory.join("gantry.db")),
        false => Database::Postgres {
            servers,
            name,
            url: servers.new_database(name).await?,
        },
    };
    let started = || {
        let mut command = Command::new(gantry);
        command.arg("serve").envs(environment(&directory));
        if let Some(url) = database.url() {
            command.env("DATABASE_URL", url);
        }
        start::until_ready(name, &mut command, &directory.join("log"))
    };
    // Gantry itself makes the first of each kind; its database multiplies them while nobody uses it.
    let first = started()?;
    let template = Template::make(first.address).await?;
    drop(first);
    fill::all(name, &database, &size, &template).await?;
    let gantry = started()?;
    let sessions = template.sessions(gantry.address).await?;
    Ok(Side {
        size,
        template,
        sessions,
        gantry,
    })
}

/// Calls the API with the key of the whole installation.
pub(super) async fn call(
    connection: &mut Connection,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> anyhow::Result<Value> {
    let body = body.map(|body| body.to_string());
    let key = [("authrocket-api-key", ROOT_KEY)];
    let request = http::request(method, path, "localhost", &key, body.as_deref());
    read::good(&format!("{method} {path}"), connection.ask(&request).await?)
}

/// Counts the rows of a list.
fn rows(answer: &Value) -> usize {
    let rows = answer.get("collection").and_then(Value::as_array);
    rows.map_or(0, Vec::len)
}
