//! A process that ends when its owner does, whatever ends the owner.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context;

use crate::home;

/// How long a process may take to end once asked to.
const ENDING: Duration = Duration::from_secs(15);
/// How often a process is looked at while we wait for it.
const LOOK: Duration = Duration::from_millis(10);

/// A running process; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    /// The signal that asks it to end at once but in order.
    signal: &'static str,
    log: Option<PathBuf>,
}

/// The account that a server runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Process {
    /// Starts a server whose output goes to a log file. It gets a process group of its own, so that ctrl-c reaches
    /// the chore and not the server, and it is told to end when the chore is killed and can tell nobody.
    pub(crate) fn server(
        name: &str,
        command: &mut Command,
        log: &Path,
        signal: &'static str,
        account: Option<&Account>,
    ) -> anyhow::Result<Self> {
        let file = File::create(log).with_context(|| format!("cannot make {}", log.display()))?;
        let mut wrapped = wrapped(command, signal, account);
        wrapped.process_group(0);
        wrapped.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let mut process = Self::spawn(name, &mut wrapped, signal)?;
        process.log = Some(log.to_owned());
        Ok(process)
    }

    /// Starts a command that speaks to the person at the terminal.
    pub(crate) fn command(name: &str, command: &mut Command) -> anyhow::Result<Self> {
        Self::spawn(name, command, "TERM")
    }

    fn spawn(name: &str, command: &mut Command, signal: &'static str) -> anyhow::Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self {
            name: name.to_owned(),
            child,
            signal,
            log: None,
        })
    }

    /// Returns the process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Hands over its standard output, if that was asked for and nobody has it yet.
    pub(crate) fn output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Returns how it ended, if it has.
    pub(crate) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("cannot look at {}", self.name))
    }

    /// Waits for its end.
    pub(crate) async fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Returns the last lines that it logged, for a message about its failure.
    pub(crate) fn last_words(&self) -> String {
        let text = self.log.as_ref().and_then(|log| std::fs::read_to_string(log).ok());
        let text = text.unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines
            .get(lines.len().saturating_sub(15)..)
            .unwrap_or_default()
            .join("\n")
    }

    fn end(&mut self) -> anyhow::Result<()> {
        if self.ended()?.is_some() {
            return Ok(());
        }
        tell(self.id(), self.signal)?;
        let start = home::now();
        while self.ended()?.is_none() {
            if start.elapsed() > ENDING {
                self.child.kill()?;
                self.child.wait()?;
                break;
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("xtask: {} may still run as process {}: {error:#}", self.name, self.id());
        }
    }
}

/// Sends a signal by the shell's own `kill`, which every Unix has and which needs no unsafe code here.
pub(crate) fn tell(id: u32, signal: &str) -> anyhow::Result<()> {
    let status = Command::new("sh")
        .args(["-c", "kill -s \"$0\" \"$1\"", signal, &id.to_string()])
        .stderr(Stdio::null())
        .status()?;
    anyhow::ensure!(status.success(), "signal {signal} was refused");
    Ok(())
}

/// Runs a command as another account if one is given.
pub(crate) fn as_account(command: &Command, account: Option<&Account>) -> Command {
    match account {
        Some(account) => through_setpriv(command, None, Some(account)),
        None => copy(command),
    }
}

fn wrapped(command: &Command, signal: &str, account: Option<&Account>) -> Command {
    if on_path("setpriv").is_some() {
        through_setpriv(command, Some(signal), account)
    } else {
        // Without util-linux there is no such promise, and no root either: `servers` has checked that.
        copy(command)
    }
}

fn through_setpriv(command: &Command, signal: Option<&str>, account: Option<&Account>) -> Command {
    let mut outer = Command::new("setpriv");
    if let Some(account) = account {
        outer.args([
            format!("--reuid={}", account.uid),
            format!("--regid={}", account.gid),
            "--clear-groups".to_owned(),
        ]);
    }
    if let Some(signal) = signal {
        outer.arg(format!("--pdeathsig={signal}"));
    }
    outer.arg(command.get_program()).args(command.get_args());
    inherit(&mut outer, command);
    outer
}

fn copy(command: &Command) -> Command {
    let mut same = Command::new(command.get_program());
    same.args(command.get_args());
    inherit(&mut same, command);
    same
}

fn inherit(to: &mut Command, from: &Command) {
    if let Some(directory) = from.get_current_dir() {
        to.current_dir(directory);
    }
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
}

/// Finds a program on the search path, and in the places for administrators that a plain user's path may lack.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = home::variable("PATH").unwrap_or_default();
    let places = path.split(':').chain(["/usr/local/sbin", "/usr/sbin", "/sbin"]);
    places
        .map(|place| Path::new(place).join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_process_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::server(
            "sleeper",
            Command::new("sleep").arg("600"),
            &folder.path().join("log"),
            "TERM",
            None,
        )
        .unwrap();
        let id = process.id();
        assert!(Path::new(&format!("/proc/{id}")).exists());
        drop(process);
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }

    #[tokio::test]
    async fn last_words_are_the_end_of_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "for i in $(seq 40); do echo line $i; done; exit 3"]);
        let mut process = Process::server("talker", &mut command, &folder.path().join("log"), "TERM", None).unwrap();
        assert_eq!(process.wait().await.unwrap().code(), Some(3));
        let words = process.last_words();
        assert!(words.starts_with("line 26") && words.ends_with("line 40"), "{words}");
    }
}
