//! A real process under test: its output read line by line, signals sent to it, gone when the test is.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::NamedTempFile;
use tokio::sync::mpsc;

/// How long anything that a process is waited for may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running process. Dropping it kills it by its id.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    seen: Vec<String>,
    log: NamedTempFile,
}

impl Process {
    /// Starts a command; its standard output is read line by line, its standard error kept.
    ///
    /// # Panics
    /// When it cannot be started.
    #[expect(
        clippy::expect_used,
        reason = "a test without its process must fail loudly and at once"
    )]
    pub fn start(command: &Command) -> Self {
        let log = NamedTempFile::new().expect("a temporary file");
        let mut wrapped = mortal(command);
        wrapped
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.reopen().expect("the file again"))
            // A signal to the terminal's group is for the test runner, which then ends its tests.
            .process_group(0);
        let mut child = wrapped.spawn().expect("the program of this test can be started");
        let output = child.stdout.take().expect("standard output is piped");
        let (tell, lines) = mpsc::unbounded_channel();
        // A thread, because it ends by itself with the process, whatever becomes of the test's runtime.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            lines,
            seen: Vec::new(),
            log,
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote to standard error so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap_or_default()
    }

    /// What it wrote to standard output, as far as it was waited for.
    pub fn seen(&self) -> &[String] {
        &self.seen
    }

    /// Waits for a line on standard output that begins with a text, and returns it.
    ///
    /// # Panics
    /// When the process ends or a minute passes before it.
    pub async fn line(&mut self, start: &str) -> String {
        self.line_that(start, |line| line.starts_with(start)).await
    }

    /// Waits for a line on standard output that holds a text, and returns it.
    ///
    /// # Panics
    /// When the process ends or a minute passes before it.
    pub async fn line_with(&mut self, part: &str) -> String {
        self.line_that(part, |line| line.contains(part)).await
    }

    async fn line_that(&mut self, wanted: &str, is_it: impl Fn(&str) -> bool) -> String {
        loop {
            match tokio::time::timeout(PATIENCE, self.lines.recv()).await {
                Ok(Some(line)) => {
                    self.seen.push(line.clone());
                    if is_it(&line) {
                        return line;
                    }
                }
                Ok(None) => panic!("ended without a line {wanted:?}: {}", self.words()),
                Err(_late) => panic!("no line {wanted:?} in a minute: {}", self.words()),
            }
        }
    }

    /// Waits until it has ended, and tells how.
    ///
    /// # Panics
    /// When it still runs after a minute.
    #[expect(clippy::expect_used, reason = "a child of ours that nobody else waits for")]
    pub async fn ended(&mut self) -> ExitStatus {
        // Its output ends when it does: nothing it starts inherits it.
        loop {
            match tokio::time::timeout(PATIENCE, self.lines.recv()).await {
                Ok(Some(line)) => self.seen.push(line),
                Ok(None) => return self.child.wait().expect("a child can be waited for"),
                Err(_late) => panic!("still running after a minute: {}", self.words()),
            }
        }
    }

    /// Sends a signal by its name, `TERM`, by the shell's own `kill`: no unsafe code is needed for it.
    ///
    /// # Panics
    /// When the process is gone.
    #[expect(clippy::expect_used, reason = "every Unix has a shell")]
    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let status = Command::new("sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name, &id])
            .status();
        assert!(
            status.expect("a shell").success(),
            "signal {name} was refused: {}",
            self.words()
        );
    }

    /// Kills it at once (SIGKILL) and waits for its end.
    pub fn kill(&mut self) {
        // The only error is a process that has ended already.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }

    fn words(&self) -> String {
        format!("{}\n{}", self.seen.join("\n"), self.log())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("── process {} ──\n{}", self.id(), self.words());
        }
    }
}

/// The command, told to die with the thread that starts it where util-linux is there to say so: a test runner that kills
/// a test would otherwise leave its processes behind.
fn mortal(command: &Command) -> Command {
    let has_setpriv = ["/usr/bin/setpriv", "/bin/setpriv"]
        .iter()
        .any(|path| std::path::Path::new(path).is_file());
    let mut outer = if has_setpriv {
        let mut outer = Command::new("setpriv");
        outer.arg("--pdeathsig=KILL").arg(command.get_program());
        outer
    } else {
        Command::new(command.get_program())
    };
    outer.args(command.get_args());
    // A test says all that its process may know of the world.
    outer.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            outer.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    outer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]).env("PATH", "/usr/bin:/bin");
        Process::start(&command)
    }

    #[tokio::test]
    async fn its_lines_and_its_end_are_seen() {
        let mut process = shell("echo one; echo two; echo secret >&2; exit 3");
        assert_eq!(process.line("tw").await, "two");
        assert_eq!(process.ended().await.code(), Some(3));
        assert_eq!((process.seen().len(), process.log().trim()), (2, "secret"));
    }

    #[tokio::test]
    async fn it_gets_signals() {
        let mut process = shell("trap 'echo told; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        process.line("ready").await;
        process.signal("TERM");
        assert_eq!(process.ended().await.code(), Some(7));
    }

    #[tokio::test]
    async fn a_dropped_process_is_gone() {
        let mut process = shell("echo ready; exec sleep 600");
        process.line("ready").await;
        let folder = format!("/proc/{}", process.id());
        assert!(std::path::Path::new(&folder).exists());
        drop(process);
        assert!(!std::path::Path::new(&folder).exists());
    }
}
