//! The servers that tests need: private copies on free loopback ports, in a temporary directory, gone afterwards.

mod install;
mod oidc;
mod port;
mod postgres;
mod redis;

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::home;
use crate::process::{Account, Process, on_path};

pub(crate) use install::{chromium, pebble};
pub(crate) use oidc::Oidc;
pub(crate) use postgres::Durability;

/// How long a server may take until it answers.
const READY: Duration = Duration::from_secs(60);
/// How often it is asked.
const ASK: Duration = Duration::from_millis(20);
/// How often a person who waits is told so.
const TELL: Duration = Duration::from_secs(2);

/// PostgreSQL and Redis, running; dropping this stops them and removes their files.
#[derive(Debug)]
pub(crate) struct Servers {
    // Fields drop in this order: the servers end before their directory goes.
    redis: redis::Redis,
    postgres: postgres::Postgres,
    directory: TempDir,
}

impl Servers {
    /// Finds the servers, installs what is missing, starts them and waits until both answer.
    pub(crate) async fn start(durability: Durability) -> anyhow::Result<Self> {
        let start = home::now();
        let programs = install::find_or_install().await?;
        let directory = tempfile::Builder::new().prefix("gantry-servers-").tempdir()?;
        // Others may pass through but not look around: the servers run under an account of their own.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o711))?;
        let account = account()?;
        let [for_postgres, for_redis] = port::free()?;
        let (postgres, redis) = tokio::try_join!(
            postgres::Postgres::start(&programs, directory.path(), for_postgres, account.as_ref(), durability),
            redis::Redis::start(&programs.redis, directory.path(), for_redis, account.as_ref()),
        )?;
        println!(
            "servers: PostgreSQL {} on port {} (process {}), Redis on port {} (process {}), ready in {:.1} s",
            programs.postgres_version,
            postgres.port,
            postgres.process.id(),
            redis.port,
            redis.process.id(),
            start.elapsed().as_secs_f64()
        );
        Ok(Self {
            redis,
            postgres,
            directory,
        })
    }

    /// Returns what tests read from the environment to find the servers.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("GANTRY_TEST_PG_URL", self.postgres.url("postgres")),
            ("GANTRY_TEST_REDIS_URL", self.redis.url()),
        ]
    }

    /// Returns the address of the Redis.
    pub(crate) fn redis_url(&self) -> String {
        self.redis.url()
    }

    /// Makes an empty database and returns its address.
    pub(crate) async fn new_database(&self, name: &str) -> anyhow::Result<String> {
        self.postgres.new_database(name).await
    }

    /// Returns PostgreSQL's command-line client, on its way to a database.
    pub(crate) fn psql(&self, database: &str) -> Command {
        self.postgres.psql(database)
    }

    /// Returns the servers' processes.
    pub(crate) fn process_ids(&self) -> [u32; 2] {
        [self.postgres.process.id(), self.redis.process.id()]
    }

    /// Returns the directory that goes when the servers go.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }
}

/// Starts the servers for a developer and keeps them until a signal drops this.
pub(crate) async fn keep(durability: Durability) -> anyhow::Result<()> {
    let oidc = Oidc::install().await?;
    pebble().await?;
    chromium().await?;
    let servers = Servers::start(durability).await?;
    println!("paste this where you run tests; ctrl-c here stops the servers\n");
    for (name, value) in servers.environment().into_iter().chain(oidc.environment()) {
        println!("export {name}='{value}'");
    }
    std::future::pending().await
}

/// Makes a server's directory, owned by the account that it runs as.
fn own_directory(parent: &Path, name: &str, account: Option<&Account>) -> anyhow::Result<PathBuf> {
    let path = parent.join(name);
    fs::create_dir(&path)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
    if let Some(account) = account {
        chown(&path, Some(account.uid), Some(account.gid))
            .with_context(|| format!("cannot give {} to another account", path.display()))?;
    }
    Ok(path)
}

/// Chooses the account for the servers: PostgreSQL refuses to run as root, and Redis without a password should not.
fn account() -> anyhow::Result<Option<Account>> {
    if id("-u", None)? != Some(0) {
        return Ok(None);
    }
    ensure!(
        on_path("setpriv").is_some(),
        "root needs setpriv (util-linux) to start servers as another user"
    );
    for name in ["postgres", "nobody"] {
        if let (Some(uid), Some(gid)) = (id("-u", Some(name))?, id("-g", Some(name))?) {
            return Ok(Some(Account { uid, gid }));
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody")
}

fn id(what: &str, user: Option<&str>) -> anyhow::Result<Option<u32>> {
    let output = Command::new("id")
        .arg(what)
        .args(user)
        .output()
        .context("cannot run id")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
}

/// Waits until a server answers, fails when it has ended or the time is up, and tells a person who waits.
async fn ready(name: &str, process: &mut Process, mut answers: impl AsyncFnMut() -> bool) -> anyhow::Result<()> {
    let start = home::now();
    let mut told = Duration::ZERO;
    while !answers().await {
        if let Some(status) = process.ended()? {
            bail!("{name} ended at once ({status}); it said:\n{}", process.last_words());
        }
        let waited = start.elapsed();
        if waited > READY {
            bail!(
                "{name} did not answer within {READY:?}; it said:\n{}",
                process.last_words()
            );
        }
        if waited - told >= TELL {
            told = waited;
            println!("servers: waiting for {name} for {} s", waited.as_secs());
        }
        tokio::time::sleep(ASK).await;
    }
    Ok(())
}

/// Makes a password that nobody can guess, safe inside an address.
fn password() -> anyhow::Result<String> {
    use std::io::Read;
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
