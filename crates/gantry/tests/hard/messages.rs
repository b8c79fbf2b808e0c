//! What the program says to people: errors that tell what to do, and help that shows how.

use std::path::Path;
use std::process::Command;

use crate::common::{gantry, output, refused};

/// What is typed, with which settings, and what must be said.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn errors_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().map(|addr| (addr.to_string(), taken)).unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let away = format!("postgres://gantry:hunter2@{closed}/gantry");
    let cluster = ("GANTRY_CLUSTER_SECRET", "0123456789abcdef0123456789abcdef");
    let database = ("DATABASE_URL", away.as_str());
    let serve: &[&str] = &["serve"];
    let auth: &[&str] = &["serve", "--role", "auth"];
    let gateway: &[&str] = &["serve", "--role", "gateway"];
    let cases: &[Case<'_>] = &[
        (
            serve,
            &[("GANTRY_HTTP_ADDR", "localhost:80")],
            &["GANTRY_HTTP_ADDR", "127.0.0.1:8080"],
        ),
        (
            serve,
            &[("GANTRY_HTTP_ADDR", "0.0.0.0:0")],
            &["http.tls.certificates", "http.trusted_proxies"],
        ),
        (
            serve,
            &[("GANTRY_GRPC_ADDR", "0.0.0.0:0")],
            &["grpc.tls.cert", "grpc.plain_on_private_network"],
        ),
        (
            serve,
            &[("GANTRY_HTTP_ADDR", &taken.0)],
            &[&taken.0, "GANTRY_HTTP_ADDR"],
        ),
        (
            serve,
            &[("GANTRY_GRPC_ADDR", &taken.0)],
            &[&taken.0, "GANTRY_GRPC_ADDR"],
        ),
        (
            serve,
            &[("DATABASE_URL", "mysql://gantry:hunter2@db/gantry")],
            &["postgres://user:password@host:5432/gantry"],
        ),
        (serve, &[database], &["DATABASE_URL"]),
        (
            serve,
            &[("GANTRY_ROOT_API_KEY", "hunter2")],
            &["root_api_key", "openssl rand"],
        ),
        (
            serve,
            &[("GANTRY_SECRET_KEY", "hunter2")],
            &["secret_key", "openssl rand -base64 32"],
        ),
        (
            serve,
            &[("GANTRY_CLUSTER_SECRET", "hunter2")],
            &["cluster.secret", "openssl rand -hex 32"],
        ),
        (
            serve,
            &[("GANTRY_HTPT_ADDR", "127.0.0.1:1")],
            &["did you mean GANTRY_HTTP_ADDR?"],
        ),
        (
            serve,
            &[("GANTRY_LIMITS__LOGON__MAX", "3")],
            &["limits.logon", "login", "session"],
        ),
        (serve, &[("GANTRY_CONFIG", "nowhere.toml")], &["nowhere.toml"]),
        (serve, &[("GANTRY_LOG__FILTER", "a=b=c")], &["log.filter", "info"]),
        (serve, &[("REDIS_URL", "cache")], &["redis://host:6379"]),
        (auth, &[], &["GANTRY_CLUSTER_SECRET", "openssl rand -hex 32"]),
        (auth, &[cluster], &["DATABASE_URL"]),
        (
            auth,
            &[cluster, database],
            &["GANTRY_WIRES__SESSION=http://session:50051"],
        ),
        (&["serve", "--role", "session"], &[cluster], &["DATABASE_URL"]),
        (gateway, &[cluster], &["GANTRY_WIRES__AUTH=http://auth:50051"]),
        (
            gateway,
            &[cluster, ("GANTRY_WIRES__AUTH", "auth:50051")],
            &["http://host:port"],
        ),
        (
            gateway,
            &[
                cluster,
                ("GANTRY_WIRES__AUTH", "https://auth:50051"),
                ("GANTRY_WIRES__SESSION", "https://session:50051"),
                ("GANTRY_WIRES__EVENT", "https://event:50051"),
            ],
            &["cluster.tls.ca", "cluster.tls.cert", "cluster.tls.key"],
        ),
        (
            &["serve", "--role", "bouncer"],
            &[],
            &["gateway", "auth", "session", "event"],
        ),
        (&["migrate"], &[database], &["DATABASE_URL"]),
        (&["key", "list"], &[database], &["DATABASE_URL"]),
        (
            &["dev"],
            &[("GANTRY_DATA_DIR", "/proc/nobody")],
            &["/proc/nobody", "GANTRY_DATA_DIR"],
        ),
        (&["serv"], &[], &["serve"]),
    ];
    for (arguments, settings, told) in cases {
        let said = refused(dir.path(), arguments, settings);
        for part in *told {
            assert!(
                said.contains(part),
                "{arguments:?} {settings:?} should say {part:?}:\n{said}"
            );
        }
        for inside in ["panicked", "RUST_BACKTRACE", "Err(", "Error {"] {
            assert!(!said.contains(inside), "{arguments:?} {settings:?}:\n{said}");
        }
    }
}

/// Every command, with those below it.
fn commands(dir: &Path, path: Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
    arguments.push("--help");
    let (code, help, _) = output(&mut gantry(dir, &arguments));
    assert_eq!(code, 0, "{path:?}");
    let below = help.split("Commands:\n").nth(1).unwrap_or_default();
    for line in below.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            commands(dir, [path.clone(), vec![name.to_owned()]].concat(), found);
        }
    }
    found.push((path, help));
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let dir = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    commands(dir.path(), Vec::new(), &mut found);
    let names: Vec<String> = found.iter().map(|(path, _)| path.join(" ")).collect();
    for known in [
        "dev",
        "serve",
        "migrate",
        "doctor",
        "health",
        "config",
        "key create",
        "key list",
        "key revoke",
        "",
    ] {
        assert!(names.iter().any(|name| name == known), "{names:?}");
    }
    for (path, help) in &found {
        let example = format!("gantry {}", path.join(" "));
        let examples = help
            .split("Example")
            .nth(1)
            .unwrap_or_else(|| panic!("{example} has no example:\n{help}"));
        assert!(examples.contains(example.trim()), "{help}");
    }
    let (code, version, _) = output(Command::new(env!("CARGO_BIN_EXE_gantry")).arg("--version"));
    assert!(code == 0 && version.starts_with("gantry 0."), "{version}");
}
