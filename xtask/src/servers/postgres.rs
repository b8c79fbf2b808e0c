//! A private PostgreSQL cluster: loopback only, a password of its own, gone with its directory.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::install::Programs;
use super::{own_directory, password, ready};
use crate::process::{Account, Process, as_account};

/// The superuser of the private cluster.
const USER: &str = "gantry";

/// What a commit promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing: the cluster does not outlive the run, so waiting for the disk would only make the tests slower.
    /// No test may take this as a model: what must survive a power cut is measured by `bench`.
    ThrowAway,
    /// As in production: a commit is on the disk.
    Real,
}

/// A running cluster; dropping it stops it.
#[derive(Debug)]
pub(super) struct Postgres {
    pub(super) process: Process,
    pub(super) port: u16,
    password: String,
    createdb: PathBuf,
}

impl Postgres {
    pub(super) async fn start(
        programs: &Programs,
        directory: &Path,
        port: u16,
        account: Option<&Account>,
        durability: Durability,
    ) -> anyhow::Result<Self> {
        let password = password()?;
        let home = own_directory(directory, "postgres", account)?;
        let data = home.join("data");
        create(programs, &home, &data, account, &password)?;
        let mut command = Command::new(programs.postgres_bin.join("postgres"));
        command.current_dir(&home).arg("-D").arg(&data);
        for setting in settings(port, durability) {
            command.args(["-c", &setting]);
        }
        // INT asks PostgreSQL to end at once without waiting for its clients.
        let log = directory.join("postgres.log");
        let mut process = Process::server("PostgreSQL", &mut command, &log, "INT", account)?;
        let pg_isready = programs.postgres_bin.join("pg_isready");
        ready("PostgreSQL", &mut process, async || answers(&pg_isready, port)).await?;
        Ok(Self {
            process,
            port,
            password,
            createdb: programs.postgres_bin.join("createdb"),
        })
    }

    /// Makes an empty database and returns its address.
    pub(super) async fn new_database(&self, name: &str) -> anyhow::Result<String> {
        let mut command = Command::new(&self.createdb);
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        command
            .args(["--username", USER, "--no-password", name])
            .env("PGPASSWORD", &self.password);
        let status = Process::command("createdb", &mut command)?.wait().await?;
        ensure!(status.success(), "cannot make the database {name}");
        Ok(self.url(name))
    }

    /// Returns the command-line client, on its way to a database; it ends at the first failure.
    pub(super) fn psql(&self, database: &str) -> Command {
        let mut command = Command::new(self.createdb.with_file_name("psql"));
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--username", USER, "--no-password", "--dbname", database]);
        command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
        command.env("PGPASSWORD", &self.password);
        command
    }

    /// Returns the address of a database as clients write it.
    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }
}

/// Makes the cluster. Everybody needs the password, since any account of this machine reaches the loopback address.
fn create(
    programs: &Programs,
    home: &Path,
    data: &Path,
    account: Option<&Account>,
    password: &str,
) -> anyhow::Result<()> {
    let secret = secret_file(home, account, password)?;
    let mut initdb = Command::new(programs.postgres_bin.join("initdb"));
    initdb
        .current_dir(home)
        .arg("-D")
        .arg(data)
        .arg("--pwfile")
        .arg(&secret);
    // Plain passwords cost the client nothing, and the loopback address is nobody's wire.
    initdb.args([
        "--username",
        USER,
        "--auth",
        "password",
        "--no-sync",
        "--encoding",
        "UTF8",
    ]);
    initdb.args(programs.collation());
    let output = as_account(&initdb, account)
        .stdin(Stdio::null())
        .output()
        .context("cannot run initdb")?;
    ensure!(
        output.status.success(),
        "initdb failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::remove_file(secret)?;
    Ok(())
}

fn secret_file(home: &Path, account: Option<&Account>, password: &str) -> anyhow::Result<PathBuf> {
    use std::io::Write;
    let path = home.join("password");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    writeln!(file, "{password}")?;
    if let Some(account) = account {
        chown(&path, Some(account.uid), Some(account.gid))?;
    }
    Ok(path)
}

fn settings(port: u16, durability: Durability) -> Vec<String> {
    let mut settings = vec![
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        // No socket file: the path of a temporary directory may be longer than one may be.
        "unix_socket_directories=".to_owned(),
        // Tests run in many processes with a pool each.
        "max_connections=200".to_owned(),
    ];
    if durability == Durability::ThrowAway {
        settings.extend(["fsync", "synchronous_commit", "full_page_writes"].map(|name| format!("{name}=off")));
    }
    settings
}

fn answers(pg_isready: &Path, port: u16) -> bool {
    let status = Command::new(pg_isready)
        .args(["--quiet", "--host", "127.0.0.1", "--port", &port.to_string()])
        .status();
    status.is_ok_and(|status| status.success())
}
