//! Who is measured, and what it is asked.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::http::{self, Answer};
use super::{Options, cpu, seed, start};
use crate::process::Process;
use crate::servers::Servers;

/// The password of every user, on both sides.
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Login,
    Session,
    Keys,
    /// A user's last fifty events.
    Events,
    /// The same where there are many, beside where there are few.
    EventsGrown,
    /// A change that makes an event.
    Append,
}

impl Request {
    /// Returns the name of the workload.
    pub(super) fn workload(self) -> &'static str {
        match self {
            Self::Login => "W1 login",
            Self::Session => "W2a session check",
            Self::Keys => "W6 keys",
            Self::Events => "W5 last 50 events",
            Self::EventsGrown => "W5 many:few",
            Self::Append => "append an event",
        }
    }

    /// Returns the goal: the share of the baseline's rate.
    pub(super) fn goal(self) -> f64 {
        match self {
            Self::Login | Self::Keys => 0.85,
            Self::Session => 0.75,
            Self::Events | Self::Append => 0.7,
            // At most 1.3 times the time.
            Self::EventsGrown => 0.77,
        }
    }

    /// Tells whether an answer is what it should be.
    pub(super) fn is_answered_by(self, answer: Answer<'_>) -> bool {
        let expected = match self {
            Self::Login | Self::Session => "\"token\":\"ey",
            Self::Keys => "\"keys\":[{",
            Self::Events | Self::EventsGrown => "\"id\":\"ev_",
            Self::Append => "{",
        };
        (200..300).contains(&answer.status) && answer.holds(expected)
    }
}

/// A server that has said that it is ready.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) process: Process,
    pub(super) address: SocketAddr,
    pub(super) took: Duration,
}

/// Room for a session's remembered answer, in bytes, and the room that there is by default.
const SESSION_ROOM: u64 = 3072;
const DEFAULT_ROOM: u64 = 16 * 1024 * 1024;

/// A running server with users and sessions, and the requests for them.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) address: SocketAddr,
    process: Process,
    /// Its memory when it was ready and had served nobody yet.
    pub(super) idle_kib: u64,
    logins: Arc<Vec<Vec<u8>>>,
    sessions: Arc<Vec<Vec<u8>>>,
    keys: Arc<Vec<Vec<u8>>>,
}

impl Subject {
    /// Starts the baseline; it fills its tables itself.
    pub(super) async fn ceiling(
        name: &str,
        program: &Path,
        servers: &Servers,
        options: &Options,
    ) -> anyhow::Result<Self> {
        let database = servers.new_database(name).await?;
        let mut command = Command::new(program);
        command.args(["--database", &database, "--password", PASSWORD]);
        command.args([
            "--users",
            &options.users().to_string(),
            "--sessions",
            &options.sessions.to_string(),
        ]);
        let started = start::until_ready(name, &mut command, &servers.directory().join(format!("{name}.log")))?;
        let host = started.address.to_string();
        let logins = (0..options.users()).map(|n| login(&host, &format!("user{n}@bench.example")));
        let sessions = (0..options.sessions).map(|n| session(&host, &format!("kss_{n:022}")));
        Ok(Self {
            name: name.to_owned(),
            address: started.address,
            idle_kib: cpu::memory_kib(started.process.id())?,
            process: started.process,
            logins: Arc::new(logins.collect()),
            sessions: Arc::new(sessions.collect()),
            keys: Arc::new(vec![keys(&host)]),
        })
    }

    /// Starts Gantry, all roles in one process, and fills it through its own API.
    pub(super) async fn gantry(program: &Path, servers: &Servers, options: &Options) -> anyhow::Result<Self> {
        let directory = servers.directory().join("gantry");
        std::fs::create_dir_all(&directory)?;
        let mut command = Command::new(program);
        command.arg("serve").envs(environment(&directory));
        command.env("DATABASE_URL", servers.new_database("gantry").await?);
        command.env("REDIS_URL", servers.redis_url());
        // What is measured is a check of a session that was checked before, however many sessions there are.
        let room = (u64::from(options.sessions) * SESSION_ROOM).max(DEFAULT_ROOM);
        command.env("GANTRY_HTTP__REMEMBERED_BYTES", room.to_string());
        let started = start::until_ready("gantry", &mut command, &directory.join("log"))?;
        let idle_kib = cpu::memory_kib(started.process.id())?;
        let seeded = seed::fill(started.address, options).await?;
        let host = seeded.host;
        Ok(Self {
            name: "gantry".to_owned(),
            address: started.address,
            process: started.process,
            idle_kib,
            logins: Arc::new(seeded.emails.iter().map(|email| login(&host, email)).collect()),
            sessions: Arc::new(seeded.sessions.iter().map(|id| session(&host, id)).collect()),
            keys: Arc::new(vec![keys(&host)]),
        })
    }

    /// Returns the ready-made requests of a kind.
    pub(super) fn requests(&self, request: Request) -> Arc<Vec<Vec<u8>>> {
        match request {
            Request::Login => self.logins.clone(),
            Request::Session => self.sessions.clone(),
            Request::Keys => self.keys.clone(),
            // Those have sides of their own.
            Request::Events | Request::EventsGrown | Request::Append => Arc::default(),
        }
    }

    /// Returns its processes.
    pub(super) fn process_ids(&self) -> Vec<u32> {
        vec![self.process.id()]
    }

    /// Returns its memory.
    pub(super) fn memory_kib(&self) -> anyhow::Result<u64> {
        cpu::memory_kib(self.process.id())
    }
}

/// The key that the first start installs and that the API is filled with.
pub(super) const ROOT_KEY: &str = "ks_BenchBenchBenchBenchBe-0123456789abcdef0123456789abcdef";

/// The limits that a crowd from one address would meet at once.
const LIMITS: [&str; 6] = ["CORE", "LOGIN", "LOGIN_REALM", "PASSWORD", "SESSION", "JWKS"];

/// What Gantry is told when it is measured: free ports, a directory of its own, and limits that are counted as ever but
/// not reached.
pub(super) fn environment(directory: &Path) -> Vec<(String, String)> {
    let mut all = vec![
        ("GANTRY_HTTP_ADDR".to_owned(), "127.0.0.1:0".to_owned()),
        ("GANTRY_GRPC_ADDR".to_owned(), "127.0.0.1:0".to_owned()),
        ("GANTRY_DATA_DIR".to_owned(), directory.display().to_string()),
        ("GANTRY_ROOT_API_KEY".to_owned(), ROOT_KEY.to_owned()),
    ];
    for limit in LIMITS {
        all.push((format!("GANTRY_LIMITS__{limit}__MAX"), "100000".to_owned()));
        all.push((format!("GANTRY_LIMITS__{limit}__PER_SECONDS"), "1".to_owned()));
    }
    all
}

fn login(host: &str, email: &str) -> Vec<u8> {
    let body = serde_json::json!({"email": email, "password": PASSWORD}).to_string();
    http::request("POST", "/v2/login", host, &[], Some(&body))
}

fn session(host: &str, id: &str) -> Vec<u8> {
    http::request("GET", &format!("/v2/session?session={id}"), host, &[], None)
}

fn keys(host: &str) -> Vec<u8> {
    http::request("GET", "/connect/jwks", host, &[], None)
}
