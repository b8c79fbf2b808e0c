//! Watchers: how many events reach how many of them a second, and how long an event takes to its last watcher.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::super::hooks::{org, quantile};
use super::super::http::Connection;
use super::super::subject::Started;
use super::super::{cpu, load};
use super::keyed;
use crate::home;

/// Events made one after the other, each waited for by all.
const SINGLE: usize = 50;
/// Events made as fast as they can be.
const CROWD: usize = 300;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// What stands before the number of an event that this made.
const MARK: &[u8] = b"\"client\":\"bench-";
const DIGITS: usize = 8;

/// What was found out about one crowd.
pub(super) struct Watched {
    watchers: usize,
    a_second: f64,
    cpu_ms: f64,
    /// From the change to each watcher, in milliseconds, sorted.
    delays: Vec<f64>,
    /// What each watcher takes of Gantry's memory.
    kib: f64,
}

/// Who watches, and what came when.
struct Crowd {
    came: mpsc::UnboundedReceiver<(usize, Instant)>,
    _watchers: JoinSet<()>,
}

/// Lets so many watch a realm.
pub(super) async fn measure(gantry: &Started, realm: &str, watchers: usize) -> anyhow::Result<Watched> {
    let process = gantry.process.id();
    let empty = cpu::memory_kib(process)?;
    let mut crowd = Crowd::gather(gantry.address, realm, watchers).await?;
    let kib = load::count(cpu::memory_kib(process)?.saturating_sub(empty)) / load::count(u64::try_from(watchers)?);
    let mut connection = Connection::open(gantry.address).await?;
    let name = |n: usize| format!("bench-{n:0DIGITS$}");
    let first = watchers * 10_000;
    let mut delays = Vec::with_capacity(SINGLE * watchers);
    for n in first..first + SINGLE {
        let asked = home::now();
        org(&mut connection, realm, &name(n)).await?;
        for _ in 0..watchers {
            let (number, at) = crowd.next().await?;
            ensure!(number == n, "event {number} came in place of {n}");
            delays.push(at.saturating_duration_since(asked).as_secs_f64() * 1000.0);
        }
    }
    delays.sort_by(f64::total_cmp);
    let before = cpu::used(&[process])?;
    let since = home::now();
    let made = make(gantry.address, realm, first + SINGLE);
    let taken = async {
        for _ in 0..CROWD * watchers {
            crowd.next().await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(made, taken)?;
    let (took, spent) = (since.elapsed(), cpu::used(&[process])?.saturating_sub(before));
    let told = load::count(u64::try_from(CROWD * watchers)?);
    let found = Watched {
        watchers,
        a_second: told / took.as_secs_f64(),
        cpu_ms: spent.as_secs_f64() * 1000.0 / told,
        delays,
        kib,
    };
    eprintln!("bench: {}", found.line());
    Ok(found)
}

/// Has things happen, by eight back ends.
async fn make(gantry: SocketAddr, realm: &str, first: usize) -> anyhow::Result<()> {
    const BACK_ENDS: usize = 8;
    let mut tasks = JoinSet::new();
    for back_end in 0..BACK_ENDS {
        let realm = realm.to_owned();
        tasks.spawn(async move {
            let mut connection = Connection::open(gantry).await?;
            for n in (first + back_end..first + CROWD).step_by(BACK_ENDS) {
                org(&mut connection, &realm, &format!("bench-{n:0DIGITS$}")).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

impl Crowd {
    /// Opens so many streams; all of them listen when this returns.
    async fn gather(gantry: SocketAddr, realm: &str, watchers: usize) -> anyhow::Result<Self> {
        let (tell, came) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        for _ in 0..watchers {
            let stream = open(gantry, realm).await?;
            let tell = tell.clone();
            tasks.spawn(async move {
                if let Err(error) = listen(stream, &tell).await {
                    eprintln!("bench: a watcher: {error:#}");
                }
            });
        }
        Ok(Self { came, _watchers: tasks })
    }

    async fn next(&mut self) -> anyhow::Result<(usize, Instant)> {
        let next = tokio::time::timeout(PATIENCE, self.came.recv()).await;
        next.context("nothing came for a minute")?
            .context("all watchers have ended")
    }
}

/// Opens a stream, and waits until it says where it begins.
async fn open(gantry: SocketAddr, realm: &str) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(gantry).await?;
    let path = format!("/v2/events/watch?realm_id={realm}");
    stream.write_all(&keyed("GET", &path, None)).await?;
    let mut head = Vec::new();
    while !holds(&head, b"\nid: ") {
        ensure!(stream.read_buf(&mut head).await? > 0, "the stream ended");
        if head.len() > 64 * 1024 || !head.starts_with(b"HTTP/1.1 200") {
            bail!("no stream: {}", String::from_utf8_lossy(&head));
        }
    }
    Ok(stream)
}

fn holds(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}

/// Tells of each event that this benchmark made.
async fn listen(mut stream: TcpStream, tell: &mpsc::UnboundedSender<(usize, Instant)>) -> anyhow::Result<()> {
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        ensure!(stream.read_buf(&mut buffer).await? > 0, "the stream ended");
        let now = home::now();
        let mut done = 0;
        while let Some((end, number)) = next(&buffer, done)? {
            // Whoever does not listen any more has all it wanted.
            let _told = tell.send((number, now));
            done = end;
        }
        // A mark may have been cut in two.
        let keep = buffer.len().saturating_sub(MARK.len() + DIGITS);
        buffer.drain(..done.max(keep));
    }
}

/// The next number from a place on, and where it ends.
fn next(buffer: &[u8], from: usize) -> anyhow::Result<Option<(usize, usize)>> {
    let rest = buffer.get(from..).unwrap_or_default();
    let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) else {
        return Ok(None);
    };
    let begin = at + MARK.len();
    let Some(digits) = rest.get(begin..begin + DIGITS) else {
        return Ok(None);
    };
    Ok(Some((from + begin + DIGITS, std::str::from_utf8(digits)?.parse()?)))
}

impl Watched {
    /// For a program.
    pub(super) fn json(&self) -> Value {
        json!({
            "watchers": self.watchers, "told_per_second": self.a_second, "cpu_ms": self.cpu_ms, "kib_per_watcher": self.kib,
            "median_ms": quantile(&self.delays, 0.5), "p99_ms": quantile(&self.delays, 0.99),
        })
    }

    /// For a person.
    pub(super) fn line(&self) -> String {
        format!(
            "{:>5} watchers: {:>8.0} events told a second, {:.4} ms CPU each; from a change to a watcher median {:.1}, p99 {:.1} ms; \
             {:.1} KiB a watcher",
            self.watchers,
            self.a_second,
            self.cpu_ms,
            quantile(&self.delays, 0.5),
            quantile(&self.delays, 0.99),
            self.kib
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_the_stream_is_cut() {
        let text = b"data: {\"client\":\"bench-00000012\"}\n\n\"client\":\"bench-000";
        assert_eq!(next(text, 0).unwrap(), Some((31, 12)));
        assert_eq!(next(text, 31).unwrap(), None);
        assert_eq!(next(b"", 0).unwrap(), None);
    }
}
