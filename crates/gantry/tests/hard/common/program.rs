//! The program itself, started as people start it.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use gantry_testkit::process::Process;

/// The account-wide manage key of every installation that these tests make.
pub(crate) const ROOT_KEY: &str = "ks_0000000000000000000root-00000000000000000000000000000000";

/// `gantry` in a directory of its own, on free ports, with cheap passwords, knowing nothing else of the environment.
pub(crate) fn gantry(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gantry"));
    command
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("GANTRY_HTTP_ADDR", "127.0.0.1:0")
        .env("GANTRY_GRPC_ADDR", "127.0.0.1:0")
        .env("GANTRY_PASSWORD__MEMORY_KIB", "64")
        .env("GANTRY_PASSWORD__ITERATIONS", "1");
    command
}

/// Runs a command that ends by itself.
pub(crate) fn output(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Runs a command that must fail, with settings, and returns what it says.
pub(crate) fn refused(dir: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let mut command = gantry(dir, arguments);
    for (name, value) in settings {
        command.env(name, value);
    }
    let (code, out, err) = output(&mut command);
    assert_ne!(code, 0, "{arguments:?} {settings:?}: {out}{err}");
    assert_eq!(out, "", "{arguments:?} {settings:?}");
    for (_, value) in settings {
        assert!(!err.contains("hunter2"), "{value}: {err}");
    }
    err
}

/// A Gantry that has said that it is ready.
pub(crate) struct Server {
    pub(crate) process: Process,
    /// The addresses of its ready line, as URLs; empty where it has none.
    pub(crate) http: String,
    pub(crate) grpc: String,
    pub(crate) metrics: String,
}

impl Server {
    pub(crate) async fn start(command: &Command) -> Self {
        let mut process = Process::start(command);
        let line = process.line("gantry ready").await;
        let part = |name: &str| {
            let found = line.split(' ').find_map(|part| part.strip_prefix(name));
            found.unwrap_or_default().to_owned()
        };
        Self {
            http: part("http="),
            grpc: part("grpc="),
            metrics: part("metrics="),
            process,
        }
    }

    /// Ends it as an operator does, who wants to hear that all went well.
    pub(crate) async fn stop(&mut self) {
        self.process.signal("TERM");
        let status = self.process.ended().await;
        assert_eq!(status.code(), Some(0), "{}", self.process.log());
    }
}

/// Asks again until the answer is there; for what another process does in its own time. Fails after half a minute.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    loop {
        pause.tick().await;
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "not in half a minute: {what}");
    }
}
