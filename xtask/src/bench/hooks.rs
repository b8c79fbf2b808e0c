//! Webhooks: how many are delivered a second to a real receiver on this machine, how long it takes from a change to its delivery, and
//! what becomes of both when one receiver is dead.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::http::Connection;
use super::scale::{Template, call};
use super::subject::environment;
use super::{Options, Output, build, cpu, start};
use crate::home;
use crate::servers::{Durability, Servers};

/// Hooks that are told of the crowd's events; each is asked for eight at a time.
const HOOKS: usize = 8;
/// Events that are made as fast as they can be.
const CROWD: usize = 1000;
/// Events that are made one after the other, each waited for.
const SINGLE: usize = 200;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A web server that answers 200, and tells what came when.
struct Receiver {
    address: SocketAddr,
    came: mpsc::UnboundedReceiver<(String, Instant)>,
    /// By the word that the event carries: how often it came, and when first.
    book: HashMap<String, (usize, Instant)>,
    _server: JoinSet<()>,
}

/// What was found out.
struct Found {
    a_second: f64,
    cpu_ms: f64,
    /// Milliseconds from the answer of a change to its arrival, in order.
    delays: Vec<f64>,
    /// The same while another receiver of the same realm never answers.
    beside_a_dead_one: Vec<f64>,
}

/// Makes a realm with hooks, has things happen, and prints what arrived when.
pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let gantry = build::gantry().await?;
    let servers = Servers::start(Durability::Real).await?;
    let directory = servers.directory().join("hooks");
    std::fs::create_dir_all(&directory)?;
    let mut command = Command::new(gantry);
    command
        .arg("serve")
        .envs(environment(&directory))
        .env("GANTRY_LIMITS_ENABLED", "false")
        .env("GANTRY_EGRESS_ALLOW", "127.0.0.0/8")
        .env("GANTRY_EGRESS_ALLOW_HTTP", "true");
    if !options.sqlite {
        command.env("DATABASE_URL", servers.new_database("hooks").await?);
    }
    let started = start::until_ready("gantry", &mut command, &directory.join("log"))?;
    let found = measured(started.address, started.process.id()).await?;
    match options.output {
        Output::Table => println!("{}", found.table()),
        Output::Json => println!("{}", found.json()),
    }
    Ok(())
}

async fn measured(gantry: SocketAddr, process: u32) -> anyhow::Result<Found> {
    let template = Template::make(gantry).await?;
    let mut connection = Connection::open(gantry).await?;
    let mut receiver = Receiver::start().await?;
    let mut hooks = Vec::new();
    for _ in 0..HOOKS {
        hooks.push(hook(&mut connection, &template.realm, receiver.address).await?);
    }
    eprintln!("bench: {CROWD} changes for {HOOKS} webhooks each");
    let before = cpu::used(&[process])?;
    let since = home::now();
    crowd(gantry, &template.realm).await?;
    receiver.until_all(CROWD * HOOKS).await?;
    let took = since.elapsed().as_secs_f64();
    let spent = cpu::used(&[process])?.saturating_sub(before);
    let count = f64::from(u32::try_from(CROWD * HOOKS)?);
    for hook in hooks.drain(1..) {
        let path = format!("/v2/hooks/{hook}?realm_id={}", template.realm);
        call(&mut connection, "DELETE", &path, None).await?;
    }
    eprintln!("bench: {SINGLE} changes one after the other");
    let delays = delays(&mut connection, &template.realm, &mut receiver, "single").await?;
    let dead = TcpListener::bind("127.0.0.1:0").await?;
    hook(&mut connection, &template.realm, dead.local_addr()?).await?;
    eprintln!("bench: the same beside a receiver that never answers");
    let beside_a_dead_one = self::delays(&mut connection, &template.realm, &mut receiver, "beside").await?;
    Ok(Found {
        a_second: count / took,
        cpu_ms: spent.as_secs_f64() * 1000.0 / count,
        delays,
        beside_a_dead_one,
    })
}

/// Many changes at once, by sixteen back ends.
async fn crowd(gantry: SocketAddr, realm: &str) -> anyhow::Result<()> {
    const BACK_ENDS: usize = 16;
    let mut tasks = JoinSet::new();
    for back_end in 0..BACK_ENDS {
        let realm = realm.to_owned();
        tasks.spawn(async move {
            let mut connection = Connection::open(gantry).await?;
            for n in (back_end..CROWD).step_by(BACK_ENDS) {
                org(&mut connection, &realm, &format!("crowd-{n}")).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// The time from each request to the arrival of its event, in milliseconds, in order.
async fn delays(
    connection: &mut Connection,
    realm: &str,
    receiver: &mut Receiver,
    name: &str,
) -> anyhow::Result<Vec<f64>> {
    let mut found = Vec::with_capacity(SINGLE);
    for n in 0..SINGLE {
        let name = format!("{name}-{n}");
        let asked = home::now();
        org(connection, realm, &name).await?;
        let came = receiver.until(&name).await?;
        found.push(came.saturating_duration_since(asked).as_secs_f64() * 1000.0);
    }
    found.sort_by(f64::total_cmp);
    Ok(found)
}

/// Makes an org; its event says as its client the name that the org has.
pub(super) async fn org(connection: &mut Connection, realm: &str, name: &str) -> anyhow::Result<()> {
    // Whom it is about is told by the client's name, which comes back with the event: the event has no name of the org.
    let body = json!({"realm_id": realm, "org": {"name": name}, "request": {"client": name}});
    call(connection, "POST", "/v2/orgs", Some(body)).await?;
    Ok(())
}

async fn hook(connection: &mut Connection, realm: &str, to: SocketAddr) -> anyhow::Result<String> {
    let hook = json!({"destination": format!("http://{to}/"), "event_type": ["org.created"]});
    let made = call(
        connection,
        "POST",
        "/v2/hooks",
        Some(json!({"realm_id": realm, "hook": hook})),
    )
    .await?;
    let id = made.get("id").and_then(Value::as_str);
    Ok(id.context("no id")?.to_owned())
}

impl Receiver {
    async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (tell, came) = mpsc::unbounded_channel();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, tell));
        Ok(Self {
            address,
            came,
            book: HashMap::new(),
            _server: server,
        })
    }

    /// Waits for the next arrival.
    async fn next(&mut self) -> anyhow::Result<()> {
        let next = tokio::time::timeout(PATIENCE, self.came.recv()).await;
        let (name, at) = next
            .context("nothing came for two minutes")?
            .context("the receiver ended")?;
        self.book.entry(name).or_insert((0, at)).0 += 1;
        Ok(())
    }

    /// Waits until so much has come, whatever it is.
    async fn until_all(&mut self, count: usize) -> anyhow::Result<()> {
        while self.book.values().map(|(times, _)| times).sum::<usize>() < count {
            self.next().await?;
        }
        Ok(())
    }

    /// Waits until something has come, and tells when it first did.
    async fn until(&mut self, name: &str) -> anyhow::Result<Instant> {
        loop {
            if let Some((_, at)) = self.book.get(name) {
                return Ok(*at);
            }
            self.next().await?;
        }
    }
}

async fn serve(listener: TcpListener, tell: mpsc::UnboundedSender<(String, Instant)>) {
    let mut all = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let tell = tell.clone();
        all.spawn(async move {
            if let Err(error) = converse(stream, tell).await {
                eprintln!("bench: the receiver: {error:#}");
            }
        });
    }
}

async fn converse(mut stream: TcpStream, tell: mpsc::UnboundedSender<(String, Instant)>) -> anyhow::Result<()> {
    let mut buffer = Vec::new();
    while let Some((whole, body)) = next(&mut stream, &mut buffer).await? {
        let now = home::now();
        let event: Value = serde_json::from_slice(&body)?;
        let name = event.pointer("/request/client").and_then(Value::as_str);
        let name = name.unwrap_or_default().to_owned();
        // Whoever does not listen any more has all it wanted.
        let _told = tell.send((name, now));
        buffer.drain(..whole);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .await?;
    }
    Ok(())
}

/// The next request: how long it is, and its body. None when the connection was closed.
async fn next(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<Option<(usize, Vec<u8>)>> {
    loop {
        if let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.context("no length")?.trim().parse()?;
            if let Some(body) = buffer.get(head + 4..head + 4 + length) {
                return Ok(Some((head + 4 + length, body.to_vec())));
            }
        }
        if buffer.len() > 1024 * 1024 {
            bail!("too large a request");
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// The value below which a share of all lie.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    // The cast is of a small number that is not negative.
    let index = (share * last as f64).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

impl Found {
    fn json(&self) -> Value {
        let spread = |sorted: &[f64]| json!({"median_ms": quantile(sorted, 0.5), "p99_ms": quantile(sorted, 0.99)});
        json!({
            "webhooks_per_second": self.a_second, "cpu_ms_per_webhook": self.cpu_ms,
            "change_to_delivery": spread(&self.delays), "beside_a_dead_receiver": spread(&self.beside_a_dead_one),
        })
    }

    fn table(&self) -> String {
        let spread = |sorted: &[f64]| {
            let (median, p99) = (quantile(sorted, 0.5), quantile(sorted, 0.99));
            format!("median {median:.1} ms, p99 {p99:.1} ms")
        };
        format!(
            "webhooks delivered a second, {HOOKS} hooks        {:.0}\nCPU a webhook, of Gantry's process          {:.2} ms\n\
             from a request to the delivery of its event  {}\nthe same beside a receiver that is dead      {}\n",
            self.a_second,
            self.cpu_ms,
            spread(&self.delays),
            spread(&self.beside_a_dead_one)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_taken_from_what_there_is() {
        let all: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(
            (quantile(&all, 0.5), quantile(&all, 0.99), quantile(&all, 1.0)),
            (50.0, 99.0, 100.0)
        );
        assert_eq!(quantile(&[], 0.5), 0.0);
    }
}
