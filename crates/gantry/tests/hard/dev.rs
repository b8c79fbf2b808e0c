//! `gantry dev` in an empty directory: what a newcomer sees, and what they paste.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::{Api, Server, gantry, until};

/// Pastes a line into a shell.
fn paste(line: &str) -> Value {
    let output = Command::new("sh").args(["-c", line]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "curl must be installed for this test; {line}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {line}: {text}"))
}

/// What stands behind a label.
fn told<'a>(lines: &'a [String], label: &str) -> &'a str {
    let line = lines.iter().find(|line| line.trim_start().starts_with(label));
    let line = line.unwrap_or_else(|| panic!("no {label:?} in {lines:#?}"));
    line.split_whitespace().last().unwrap()
}

async fn first_start(dir: &Path) -> Server {
    let mut server = Server::start(&gantry(dir, &["dev"])).await;
    for _ in 0..3 {
        server.process.line("curl ").await;
    }
    server
}

#[tokio::test]
async fn a_newcomer_signs_a_user_in_by_pasting() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = first_start(dir.path()).await;
    let lines = server.process.seen().to_vec();
    assert!(
        lines[0].starts_with("gantry ready http=http://127.0.0.1:"),
        "{lines:#?}"
    );
    assert!(lines[0].contains(" grpc=http://127.0.0.1:"), "{lines:#?}");
    let (key, password) = (told(&lines, "API key"), told(&lines, "Password"));
    let (host, realm) = (told(&lines, "LoginRocket host"), told(&lines, "Demo realm"));
    assert!(key.starts_with("ks_") && password.len() >= 20 && realm.starts_with("rl_"));
    let port = server.http.rsplit(':').next().unwrap();
    assert!(host.ends_with(&format!(".localhost:{port}")), "{host}");

    let pasted: Vec<&String> = lines.iter().filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(pasted.len(), 3, "{lines:#?}");
    let login = paste(pasted[0]);
    assert_eq!(login["result"], "full_login", "{login}");
    let users = paste(pasted[1]);
    assert_eq!(users["collection"][0]["email"], told(&lines, "Demo user"), "{users}");
    // The line may be pasted before the events of the login have arrived: they have within moments.
    until("the login's event", async || {
        let events = paste(pasted[2]);
        let types = events["collection"].as_array().unwrap().iter();
        let found = types
            .filter(|event| event["event_type"] == "user.login.succeeded")
            .count();
        (found == 1).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn the_second_start_knows_everybody_and_shows_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = first_start(dir.path()).await;
    let lines = server.process.seen().to_vec();
    let (key, password) = (told(&lines, "API key").to_owned(), told(&lines, "Password").to_owned());
    let host = told(&lines, "LoginRocket host").to_owned();
    server.stop().await;

    let mut server = Server::start(&gantry(dir.path(), &["dev"])).await;
    let api = Api::at(&server.http);
    let body = serde_json::json!({"email": "demo@example.com", "password": password});
    let host = host.trim_start_matches("http://").split(':').next().unwrap();
    let login = api
        .anyone(reqwest::Method::POST, "/v2/login")
        .header("Host", host)
        .json(&body);
    assert_eq!(api.send(login).await.expect(200)["result"], "full_login");
    let realms = api
        .anyone(reqwest::Method::GET, "/v2/realms")
        .header("Authrocket-Api-Key", &key);
    let realms = api.send(realms).await.expect(200);
    assert_eq!(
        realms["collection"].as_array().unwrap().len(),
        1,
        "no second demo: {realms}"
    );
    server.stop().await;
    let said = server.process.seen().join("\n");
    let log = server.process.log();
    for secret in [&password, &key] {
        assert!(!said.contains(secret) && !log.contains(secret), "{said}\n{log}");
    }
    assert!(!said.contains("ks_") && !said.contains("curl"), "{said}");
}

#[tokio::test]
async fn everything_can_be_read_by_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&gantry(dir.path(), &["dev", "--output", "json"])).await;
    let line = server.process.line("{").await;
    let told: Value = serde_json::from_str(&line).unwrap();
    assert!(told["api_key"].as_str().unwrap().starts_with("ks_"), "{told}");
    assert_eq!(told["demo"]["email"], "demo@example.com");
    server.stop().await;
}

#[tokio::test]
async fn t_40_nobody_else_on_the_machine_reads_what_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = first_start(dir.path()).await;
    let data = dir.path().join("gantry-data");
    let private = |path: &Path| {
        let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    };
    let look = || {
        private(&data);
        let files = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = files.inspect(|path| private(path)).collect();
        files
            .iter()
            .filter_map(|path| path.file_name()?.to_str())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // While it runs (the write-ahead log holds the same data) and afterwards.
    let files = look();
    for name in ["gantry.db", "gantry.db-wal", "secret.key"] {
        assert!(files.iter().any(|file| file == name), "{files:?}");
    }
    server.stop().await;
    look();
}
