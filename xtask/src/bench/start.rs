//! From starting a process to its ready line.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use super::subject::{self, Started};
use crate::home;

/// How long a server may take until it is ready.
const READY: Duration = Duration::from_secs(60);
const TIMES: usize = 5;

/// Starts the program five times on a data directory that exists, and returns the times to its ready line.
pub(super) async fn measure(gantry: &Path, directory: &Path) -> anyhow::Result<Vec<Duration>> {
    let data = directory.join("start");
    std::fs::create_dir_all(&data)?;
    // The first start makes the directory's content and is not counted.
    let mut times = Vec::new();
    for _ in 0..=TIMES {
        let mut command = Command::new(gantry);
        command.arg("serve").envs(subject::environment(&data));
        times.push(until_ready("gantry", &mut command, &data.join("log"))?.took);
    }
    Ok(times.split_off(1))
}

/// Starts a server and waits for the line in which it says that it is ready and where.
pub(super) fn until_ready(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Started> {
    let errors = std::fs::File::create(log)?;
    let start = home::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
    let mut process = crate::process::Process::command(name, command)?;
    let output = process.output().context("no standard output")?;
    let (sender, lines) = std::sync::mpsc::channel();
    // The pipe is read to its end, or a server that goes on writing would stand still once it is full.
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more once the line was found.
            let _ = sender.send(line);
        }
    });
    loop {
        let left = READY.saturating_sub(start.elapsed());
        let Ok(line) = lines.recv_timeout(left) else {
            let words = std::fs::read_to_string(log).unwrap_or_default();
            bail!("{name} was not ready within {READY:?}; it said:\n{words}");
        };
        if let Some(address) = address_in(&line) {
            return Ok(Started {
                took: start.elapsed(),
                address: address.parse().with_context(|| format!("no address: {line}"))?,
                process,
            });
        }
    }
}

fn address_in(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("http=http://")?;
    before
        .ends_with(" ready ")
        .then(|| rest.split_whitespace().next())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_names_the_address() {
        let line = "gantry ready http=http://127.0.0.1:8080 grpc=http://127.0.0.1:50051";
        assert_eq!(address_in(line), Some("127.0.0.1:8080"));
        assert_eq!(address_in("listening http=http://127.0.0.1:1"), None);
    }

    #[test]
    fn one_that_never_gets_ready_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo hello; echo no database >&2"]);
        let error = until_ready("sh", &mut command, &folder.path().join("log"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("no database"), "{error}");
    }
}
