//! Finds PostgreSQL, Redis and Pebble on this machine, or installs them with Debian's package tool.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use crate::process::{Process, on_path};

/// The oldest PostgreSQL that Gantry is tested with.
const OLDEST: u32 = 14;
/// Where Debian puts the programs that only a cluster's owner needs.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Debian asks this script before it starts a service.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// The programs that the servers are made of.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) postgres_bin: PathBuf,
    pub(super) postgres_version: u32,
    pub(super) redis: PathBuf,
}

impl Programs {
    /// Chooses how the cluster sorts text: as a person would, not by bytes, because that is what most installations
    /// have, and a query that needs the order of bytes must say so itself.
    pub(super) fn collation(&self) -> &'static [&'static str] {
        if self.postgres_version >= 15 {
            &["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"]
        } else {
            &["--locale=C"]
        }
    }
}

/// Returns the programs, installed now if they are missing.
pub(super) async fn find_or_install() -> anyhow::Result<Programs> {
    let (postgres, redis) = (find_postgres(), on_path("redis-server"));
    if let (Some((postgres_bin, postgres_version)), Some(redis)) = (postgres, redis) {
        return Ok(Programs {
            postgres_bin,
            postgres_version,
            redis,
        });
    }
    install().await?;
    let (postgres_bin, postgres_version) =
        find_postgres().with_context(|| format!("PostgreSQL {OLDEST} or newer was installed but is not found"))?;
    Ok(Programs {
        postgres_bin,
        postgres_version,
        redis: on_path("redis-server").context("Redis was installed but is not found")?,
    })
}

/// Finds the newest PostgreSQL that is new enough.
fn find_postgres() -> Option<(PathBuf, u32)> {
    let debian = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let debian = debian.map(|entry| entry.path().join("bin"));
    let path = on_path("postgres").and_then(|program| program.parent().map(Path::to_owned));
    debian
        .chain(path)
        .filter(|bin| {
            ["initdb", "pg_isready", "createdb"]
                .iter()
                .all(|program| bin.join(program).is_file())
        })
        .filter_map(|bin| Some((version(&bin)?, bin)))
        .filter(|(version, _)| *version >= OLDEST)
        .max()
        .map(|(version, bin)| (bin, version))
}

fn version(bin: &Path) -> Option<u32> {
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

fn parse_version(text: &str) -> Option<u32> {
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

async fn install() -> anyhow::Result<()> {
    let by_hand = format!(
        "the tests need PostgreSQL {OLDEST} or newer and Redis: install both (Debian: apt-get install postgresql \
         redis-server), or run `cargo xtask test --fast` for what can be tested without them"
    );
    println!("servers: PostgreSQL or Redis is missing, installing both with apt-get");
    let _quiet = KeepServicesDown::new();
    apt_install(&["postgresql", "redis-server"], &by_hand).await
}

/// Finds Pebble, the certificate authority that tests start for themselves, or installs it.
pub(crate) async fn pebble() -> anyhow::Result<()> {
    if on_path("pebble").is_some() {
        return Ok(());
    }
    println!("servers: Pebble is missing, installing it with apt-get");
    let by_hand = "the tests need Pebble, a certificate authority for tests: install it (Debian: apt-get install pebble), or run \
                   `cargo xtask test --fast` for what can be tested without it";
    apt_install(&["pebble"], by_hand).await?;
    on_path("pebble").map(drop).context(by_hand)
}

/// Finds Chromium and the program that drives it, or installs both.
pub(crate) async fn chromium() -> anyhow::Result<()> {
    let found = || on_path("chromium").zip(on_path("chromedriver"));
    if found().is_some() {
        return Ok(());
    }
    println!("servers: Chromium is missing, installing it with apt-get");
    let by_hand = "the tests need Chromium and its driver: install both (Debian: apt-get install chromium chromium-driver), or run \
                   `cargo xtask test --fast` for what can be tested without them";
    apt_install(&["chromium", "chromium-driver"], by_hand).await?;
    found().map(drop).context(by_hand)
}

/// Installs packages of Debian; `by_hand` says what to do where that fails.
pub(super) async fn apt_install(packages: &[&str], by_hand: &str) -> anyhow::Result<()> {
    if on_path("apt-get").is_none() {
        bail!("{by_hand}");
    }
    let install = [&["install", "-y", "--no-install-recommends"][..], packages].concat();
    for arguments in [&["update"][..], &install] {
        let mut command = apt_get();
        command.args(arguments).stdin(Stdio::null());
        let status = Process::command("apt-get", &mut command)?.wait().await?;
        ensure!(
            status.success(),
            "apt-get {} failed ({status}); {by_hand}",
            arguments.join(" ")
        );
    }
    Ok(())
}

/// Runs as root already, or through `sudo` if that asks for no password.
fn apt_get() -> Command {
    let root = fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    let mut command = if root {
        let mut command = Command::new("env");
        command.arg("DEBIAN_FRONTEND=noninteractive");
        command
    } else {
        let mut command = Command::new("sudo");
        command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"]);
        command
    };
    command.arg(OsString::from("apt-get"));
    command
}

/// Keeps Debian from starting the services it installs: the tests start private copies. Undone when dropped.
struct KeepServicesDown(bool);

impl KeepServicesDown {
    /// A machine that has a policy keeps it, and a plain user cannot set one: then the services may start, which
    /// costs memory but harms nothing.
    fn new() -> Self {
        let policy = Path::new(POLICY);
        let made = !policy.exists()
            && fs::write(policy, "#!/bin/sh\nexit 101\n").is_ok()
            && fs::set_permissions(policy, fs::Permissions::from_mode(0o755)).is_ok();
        Self(made)
    }
}

impl Drop for KeepServicesDown {
    fn drop(&mut self) {
        if self.0
            && let Err(error) = fs::remove_file(POLICY)
        {
            eprintln!("xtask: remove {POLICY} by hand: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_each_distribution_writes_them() {
        assert_eq!(
            parse_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_version("command not found"), None);
    }
}
