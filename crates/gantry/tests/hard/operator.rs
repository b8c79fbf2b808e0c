//! What operators type: each command's answer can be read by scripts, and each error says what to do.

use std::path::Path;

use serde_json::Value;

use crate::common::{Api, Authority, ROOT_KEY, Server, gantry, output, refused};

/// Runs a command with `--output json`, and reads what it prints.
fn json(dir: &Path, arguments: &[&str], code: i32) -> Value {
    let (got, out, err) =
        output(gantry(dir, &[arguments, &["--output", "json"]].concat()).env("GANTRY_HTTP_ADDR", "127.0.0.1:0"));
    assert_eq!(got, code, "{arguments:?}: {out}{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {arguments:?}: {out}"))
}

async fn served(dir: &Path) -> (Server, Api) {
    let mut command = gantry(dir, &["serve"]);
    command.env("GANTRY_ROOT_API_KEY", ROOT_KEY);
    let server = Server::start(&command).await;
    let api = Api::at(&server.http);
    (server, api)
}

#[test]
fn a_database_is_brought_up_to_date_and_that_can_be_seen() {
    let dir = tempfile::tempdir().unwrap();
    // Keys are of no use before.
    let early = refused(dir.path(), &["key", "list"], &[]);
    assert!(early.contains("gantry migrate"), "{early}");
    let missing = json(dir.path(), &["migrate", "--check"], 3);
    let missing = missing["missing"].as_array().unwrap();
    assert!(!missing.is_empty());
    assert_eq!(
        json(dir.path(), &["migrate"], 0)["applied"].as_array().unwrap().len(),
        missing.len()
    );
    assert_eq!(
        json(dir.path(), &["migrate", "--check"], 0)["missing"],
        Value::Array(vec![])
    );
    assert_eq!(json(dir.path(), &["migrate"], 0)["applied"], Value::Array(vec![]));
}

#[tokio::test]
async fn keys_are_made_listed_and_revoked_beside_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, api) = served(dir.path()).await;
    let realm = api.new_realm().await;
    let try_key = async |key: &str, realm: &str| {
        let request = api.anyone(reqwest::Method::GET, &format!("/v2/users?realm_id={realm}"));
        api.send(request.header("Authrocket-Api-Key", key)).await.status
    };
    let made = json(
        dir.path(),
        &["key", "create", "--name", "reports", "--permission", "read"],
        0,
    );
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert!(key.starts_with(id), "{made}");
    assert_eq!(try_key(key, &realm.id).await, 200, "it works from the next call on");
    let locked = json(dir.path(), &["key", "create", "--realm", &realm.id], 0);
    assert_eq!(try_key(locked["key"].as_str().unwrap(), &realm.id).await, 200);

    let (_, listed, _) = output(&mut gantry(dir.path(), &["key", "list", "--output", "json"]));
    for secret in [key, ROOT_KEY, locked["key"].as_str().unwrap()] {
        assert!(!listed.contains(secret.split('-').nth(1).unwrap()), "{listed}");
    }
    let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
    let found = |id: &str, listed: &[Value]| listed.iter().find(|key| key["id"] == id).cloned().unwrap();
    let entry = found(id, &listed);
    assert_eq!(
        (&entry["name"], &entry["permission"]),
        (&"reports".into(), &"read".into())
    );
    assert_eq!((&entry["realm_id"], &entry["revoked"]), (&Value::Null, &false.into()));
    assert_eq!(
        found(locked["id"].as_str().unwrap(), &listed)["realm_id"],
        realm.id.as_str()
    );

    assert_eq!(json(dir.path(), &["key", "revoke", id], 0)["revoked"], id);
    assert_eq!(try_key(key, &realm.id).await, 403, "and no more from the next call on");
    let again = refused(dir.path(), &["key", "revoke", id], &[]);
    assert!(again.contains(id) && again.contains("gantry key list"), "{again}");
    server.stop().await;
}

#[tokio::test]
async fn a_key_for_a_realm_that_is_not_there_is_refused_clearly() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, _) = served(dir.path()).await;
    let before = json(dir.path(), &["key", "list"], 0).as_array().unwrap().len();
    for realm in ["rl_0000000000000000000000", "demo", "'; drop table auth_api_keys"] {
        let said = refused(dir.path(), &["key", "create", "--realm", realm], &[]);
        assert!(said.contains(&format!("no realm {realm}:")), "{said}");
        assert!(
            !said.to_lowercase().contains("constraint") && !said.contains("row"),
            "{said}"
        );
    }
    assert_eq!(json(dir.path(), &["key", "list"], 0).as_array().unwrap().len(), before);
    server.stop().await;
}

#[tokio::test]
async fn health_is_asked_plainly_by_grpc_and_by_https() {
    let dir = tempfile::tempdir().unwrap();
    let papers = Authority::new(dir.path(), "public").papers(dir.path(), "site");
    let mut command = gantry(dir.path(), &["serve"]);
    command.env(
        "GANTRY_HTTP__TLS__CERTIFICATES",
        format!("[{{ cert = {:?}, key = {:?} }}]", papers.cert, papers.key),
    );
    let mut secured = Server::start(&command).await;
    assert!(secured.http.starts_with("https://"));
    let place = |url: &str| url.split("://").nth(1).unwrap().to_owned();
    let (http, grpc) = (place(&secured.http), place(&secured.grpc));
    let ask = |arguments: &[&str], code: i32| {
        let mut all = vec!["health", "--output", "json"];
        all.extend(arguments);
        let mut again = gantry(dir.path(), &all);
        // As in its container: the same settings as the server's.
        for (name, value) in command.get_envs() {
            again.env(name, value.unwrap());
        }
        let (got, out, err) = output(&mut again);
        assert_eq!(got, code, "{out}{err}");
        serde_json::from_str::<Value>(&out).unwrap()
    };
    assert_eq!(ask(&["--addr", &http], 0)["ready"], true);
    assert_eq!(ask(&["--grpc", "--addr", &grpc], 0)["ready"], true);
    secured.stop().await;
    let gone = ask(&["--addr", &http], 1);
    assert!(
        gone["ready"] == false && !gone["why"].as_str().unwrap().is_empty(),
        "{gone}"
    );
    assert_eq!(ask(&["--grpc", "--addr", &grpc], 1)["ready"], false);

    let (mut plain, _) = served(dir.path()).await;
    assert_eq!(
        json(dir.path(), &["health", "--addr", &place(&plain.http)], 0)["ready"],
        true
    );
    plain.stop().await;
    // Somebody else at that address is not Gantry.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let stranger = json(
        dir.path(),
        &["health", "--addr", &silent.local_addr().unwrap().to_string()],
        1,
    );
    assert!(stranger["why"].as_str().unwrap().contains("3 seconds"), "{stranger}");
}

#[test]
fn the_doctor_looks_at_everything_and_says_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let findings = json(dir.path(), &["doctor"], 0);
    let whats: Vec<&str> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        whats,
        ["settings", "data_dir", "database", "redis", "http.addr", "grpc.addr"]
    );
    assert!(
        findings
            .as_array()
            .unwrap()
            .iter()
            .all(|finding| finding["good"] == true),
        "{findings}"
    );

    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut ill = gantry(dir.path(), &["doctor", "--output", "json"]);
    ill.env("DATABASE_URL", format!("postgres://gantry:hunter2@{closed}/gantry"))
        .env("REDIS_URL", format!("redis://:hunter2@{closed}"))
        .env("GANTRY_DATA_DIR", "/proc/nobody/gantry");
    let (code, out, err) = output(&mut ill);
    assert_eq!(code, 1, "{out}{err}");
    assert!(!out.contains("hunter2") && !err.contains("hunter2"), "{out}{err}");
    let findings: Vec<Value> = serde_json::from_str(&out).unwrap();
    for (what, told) in [
        ("data_dir", "GANTRY_DATA_DIR"),
        ("database", "DATABASE_URL"),
        ("redis", "REDIS_URL"),
    ] {
        let finding = findings.iter().find(|finding| finding["what"] == what).unwrap();
        assert_eq!(finding["good"], false, "{finding}");
        assert!(finding["text"].as_str().unwrap().contains(told), "{finding}");
    }
}

#[test]
fn the_settings_in_force_are_shown_without_their_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let secret = "hunter2hunter2hunter2hunter2hunter2";
    let ask = |output_as: &str| {
        let mut command = gantry(dir.path(), &["config", "--output", output_as]);
        command
            .env("GANTRY_ROOT_API_KEY", secret)
            .env("GANTRY_CLUSTER_SECRET", secret)
            .env("DATABASE_URL", format!("postgres://gantry:{secret}@db.example/gantry"));
        let (code, out, err) = output(&mut command);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(!out.contains("hunter2"), "{out}");
        out
    };
    let shown: Value = serde_json::from_str(&ask("json")).unwrap();
    assert_eq!(shown["http.addr"]["source"], "environment GANTRY_HTTP_ADDR");
    assert!(
        shown["database.url"]["value"].as_str().unwrap().contains("db.example"),
        "{shown}"
    );
    assert!(ask("text").contains("root_api_key = \"(hidden)\""));
    let (code, manual, _) = output(&mut gantry(dir.path(), &["config", "--manual"]));
    assert!(code == 0 && manual.contains("drain_ms"), "{manual}");
}
