//! The OpenID Connect provider that tests sign in at: a program for Node.js, which each test starts for itself.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::install::apt_install;
use crate::home;
use crate::process::{Process, on_path};

/// The oldest Node.js that the provider runs on; Debian 12 has it.
const OLDEST: u32 = 18;
/// Where the provider stands in the repository.
const SOURCE: &str = "crates/gantry/tests/idp";
/// The program.
const PROGRAM: &str = "server.mjs";
/// What says which packages it is made of, each by its digest.
const PACKAGES: [&str; 2] = ["package.json", "package-lock.json"];

/// The provider, ready to be started.
#[derive(Debug)]
pub(crate) struct Oidc {
    node: PathBuf,
    program: PathBuf,
}

impl Oidc {
    /// Finds Node.js or installs it, and installs the provider's packages into the target directory, once for each version of them.
    pub(crate) async fn install() -> anyhow::Result<Self> {
        let (node, npm) = node().await?;
        let source = home::root()?.join(SOURCE);
        let place = home::target()?.join(format!("oidc-{:016x}", digest(&source)?));
        if !place.join("node_modules").is_dir() {
            packages(&npm, &source, &place).await?;
        }
        // The program is looked for beside its packages. It may be read while it is replaced, so it is replaced as a whole.
        let new = tempfile::NamedTempFile::new_in(&place)?;
        fs::copy(source.join(PROGRAM), new.path())?;
        let program = place.join(PROGRAM);
        new.persist(&program)?;
        Ok(Self { node, program })
    }

    /// Returns what tests read from the environment to start it.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("GANTRY_TEST_NODE", self.node.display().to_string()),
            ("GANTRY_TEST_OIDC", self.program.display().to_string()),
        ]
    }
}

/// Finds Node.js and its package tool, or installs both.
async fn node() -> anyhow::Result<(PathBuf, PathBuf)> {
    let by_hand = format!(
        "the tests need Node.js {OLDEST} or newer and npm: install both (Debian: apt-get install nodejs npm), or run \
         `cargo xtask test --fast` for what can be tested without them"
    );
    let find = || on_path("node").zip(on_path("npm"));
    if find().is_none() {
        println!("servers: Node.js or npm is missing, installing both with apt-get");
        apt_install(&["nodejs", "npm"], &by_hand).await?;
    }
    let (node, npm) = find().with_context(|| by_hand.clone())?;
    let output = Command::new(&node)
        .arg("--version")
        .output()
        .context("cannot run node")?;
    let version = parse_version(&String::from_utf8_lossy(&output.stdout));
    ensure!(
        version.is_some_and(|version| version >= OLDEST),
        "{} is too old; {by_hand}",
        node.display()
    );
    Ok((node, npm))
}

fn parse_version(text: &str) -> Option<u32> {
    text.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Names a set of packages.
fn digest(source: &Path) -> anyhow::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for name in PACKAGES {
        let path = source.join(name);
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        text.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Installs the packages, exactly those of the lock file. They appear at their place all at once: what was broken off is not taken
/// for whole.
async fn packages(npm: &Path, source: &Path, place: &Path) -> anyhow::Result<()> {
    let parent = place.parent().context("the target directory has a parent")?;
    fs::create_dir_all(parent)?;
    let new = tempfile::Builder::new().prefix("oidc-").tempdir_in(parent)?;
    for name in PACKAGES {
        fs::copy(source.join(name), new.path().join(name))?;
    }
    println!("servers: installing the packages of the OpenID Connect provider with npm");
    let mut command = Command::new(npm);
    command.current_dir(new.path()).stdin(Stdio::null());
    // None of the packages needs a script to be installed, and none may run one.
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let status = Process::command("npm", &mut command)?.wait().await?;
    ensure!(
        status.success(),
        "npm ci failed ({status}); `cargo xtask test --fast` tests what needs no provider"
    );
    match fs::rename(new.path(), place) {
        // Its directory is somewhere else now, so there is nothing to remove.
        Ok(()) => drop(new.keep()),
        // Another run was faster.
        Err(_taken) if place.join("node_modules").is_dir() => {}
        Err(error) => return Err(error).with_context(|| format!("cannot make {}", place.display())),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read() {
        assert_eq!(parse_version("v18.20.8\n"), Some(18));
        assert_eq!(parse_version("v20.0.0-nightly"), Some(20));
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn every_package_is_known_by_its_digest_and_by_no_address() {
        let text = fs::read_to_string(home::root().unwrap().join(SOURCE).join("package-lock.json")).unwrap();
        let lock: serde_json::Value = serde_json::from_str(&text).unwrap();
        let packages = lock["packages"].as_object().unwrap();
        assert!(packages.len() > 10);
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            assert!(package["integrity"].is_string(), "{name}");
            assert!(package.get("resolved").is_none(), "{name}");
        }
    }
}
