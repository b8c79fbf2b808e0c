//! SQLite databases for tests: a file each, copied from a migrated file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::servers;

/// How long a template's connections may take to close; they are closed by threads of their own.
const CLOSING: Duration = Duration::from_secs(10);

/// Makes the directory of one test's database; dropping it removes it.
pub(super) fn directory() -> anyhow::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("gantry-test-");
    match servers::variable(servers::FOLDER) {
        Some(folder) => builder.tempdir_in(folder),
        None => builder.tempdir(),
    }
    .context("cannot make a temporary directory")
}

/// Names the database file in a test's directory.
pub(super) fn file_in(directory: &Path) -> PathBuf {
    directory.join("test.db")
}

/// Writes a path as an address.
pub(super) fn url(path: &Path) -> anyhow::Result<String> {
    let path = path.to_str().context("the temporary directory's path is not Unicode")?;
    Ok(format!("sqlite://{path}"))
}

/// Returns a migrated file, made now if nobody has made it yet.
pub(super) async fn template(
    key: &str,
    migrate: impl AsyncFnOnce(String) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    let home = home()?;
    fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    let done = home.join(format!("{key}.db"));
    if done.exists() {
        return Ok(done);
    }
    // Tests run in many processes at once: one makes the template, the others wait at the lock. The lock is taken on
    // a thread for blocking work, since the one who holds it may be another task of this very thread.
    let lock = home.join(format!("{key}.lock"));
    let _held = tokio::task::spawn_blocking(move || lock_file(&lock)).await??;
    if done.exists() {
        return Ok(done);
    }
    let building = tempfile::Builder::new().prefix("building-").tempdir_in(&home)?;
    let file = file_in(building.path());
    migrate(url(&file)?).await?;
    closed(&file).await?;
    // Only a finished template gets the name that others look for: a killed test leaves none half made.
    fs::rename(&file, &done).context("the template's migrations made no database file")?;
    Ok(done)
}

/// Templates live where `cargo xtask test` says, and go with its run; else beside the test programs: private to the
/// user, shared by all processes, gone with the build.
fn home() -> anyhow::Result<PathBuf> {
    if let Some(folder) = servers::variable(servers::FOLDER) {
        return Ok(PathBuf::from(folder).join("templates"));
    }
    let program = std::env::current_exe().context("cannot find the test program")?;
    let folder = program
        .ancestors()
        .nth(2)
        .context("the test program stands in a build folder")?;
    Ok(folder.join("gantry-test-templates"))
}

fn lock_file(path: &Path) -> anyhow::Result<File> {
    let file = File::create(path).with_context(|| format!("cannot open {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// Waits until the last connection has folded the write-ahead log into the file, so that the file alone is a copy.
async fn closed(file: &Path) -> anyhow::Result<()> {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let folded = async {
        while log.exists() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    if tokio::time::timeout(CLOSING, folded).await.is_err() {
        bail!("a connection to the template is still open: migrate must close its connections before it returns");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::{Backend, TestDb};
    use super::*;

    /// Unique to this process, so that a template left by an earlier run cannot answer for this one.
    fn fresh(name: &str) -> String {
        format!("{name}-{}", std::process::id())
    }

    #[tokio::test]
    async fn a_template_is_made_once_and_copied_for_each() {
        let made = AtomicUsize::new(0);
        let name = fresh("once");
        let one = || {
            TestDb::from_template_on(Backend::Sqlite, &name, async |url: String| {
                made.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                fs::write(url.strip_prefix("sqlite://").unwrap(), "migrated")
            })
        };
        let (first, second) = tokio::join!(one(), one());
        let third = one().await;
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert_ne!(first.url(), second.url());
        for db in [&first, &second, &third] {
            let content = fs::read_to_string(db.url().strip_prefix("sqlite://").unwrap()).unwrap();
            assert_eq!(content, "migrated");
        }
    }

    #[tokio::test]
    #[should_panic(expected = "disk on fire")]
    async fn a_failed_migration_says_why() {
        TestDb::from_template_on(Backend::Sqlite, &fresh("fails"), async |_| {
            Err(std::io::Error::other("disk on fire"))
        })
        .await;
    }
}
