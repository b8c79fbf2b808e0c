//! Which layer counts, under which names, and what is remembered about it.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use std::path::{Path, PathBuf};

use gantry_config::{Env, Loaded, LogFormat, OnOutage, OnStart, Source, load};
use tempfile::TempDir;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn from_env(pairs: &[(&str, &str)]) -> Loaded {
    load(None, &Env::from_pairs(pairs.iter().copied())).unwrap()
}

fn file(dir: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn environment(name: &str) -> Source {
    Source::Environment(name.to_owned())
}

#[test]
fn defaults_are_those_of_the_design() {
    let loaded = from_env(&[]);
    let config = &loaded.config;
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:8080");
    assert_eq!(config.grpc.addr.to_string(), "127.0.0.1:50051");
    assert_eq!(config.data_dir, Path::new("./gantry-data"));
    assert_eq!(config.login_domain, "localhost");
    assert_eq!(config.issuer, "https://authrocket.com");
    assert!(config.egress.allow.is_empty() && !config.egress.allow_http);
    assert!(config.http.trusted_proxies.is_empty() && config.limits_enabled);
    assert!(config.root_api_key.is_none() && config.secret_key.is_none() && config.database.url.is_none());
    assert_eq!(loaded.source("http.addr"), Source::Default);
    assert_eq!(loaded.file, None);
}

#[test]
fn environment_goes_before_file_and_file_before_default() {
    let dir = TempDir::new().unwrap();
    let path = file(
        &dir,
        "a.toml",
        "login_domain = \"file.test\"\n[http]\nmax_body_bytes = 2048\nmax_header_bytes = 5000\n",
    );
    let env = Env::from_pairs([("GANTRY_HTTP__MAX_BODY_BYTES", "4096")]);
    let loaded = load(Some(&path), &env).unwrap();
    assert_eq!(loaded.config.http.max_body_bytes, 4096);
    assert_eq!(
        loaded.source("http.max_body_bytes"),
        environment("GANTRY_HTTP__MAX_BODY_BYTES")
    );
    assert_eq!(loaded.config.http.max_header_bytes, 5000);
    assert_eq!(loaded.source("http.max_header_bytes"), Source::File(path.clone()));
    assert_eq!(loaded.config.login_domain, "file.test");
    assert_eq!(loaded.config.http.request_timeout_ms, 15_000);
    assert_eq!(loaded.file, Some(path));
}

#[test]
fn one_file_is_read_the_one_asked_for_first() {
    let dir = TempDir::new().unwrap();
    let asked = file(&dir, "asked.toml", "login_domain = \"asked.test\"");
    let named = file(&dir, "named.toml", "login_domain = \"named.test\"");
    file(&dir, "gantry.toml", "login_domain = \"found.test\"");
    let found = Env::from_pairs::<String, String>([]).in_dir(dir.path());
    let both = Env::from_pairs([("GANTRY_CONFIG", named.to_str().unwrap())]).in_dir(dir.path());
    assert_eq!(load(Some(&asked), &both).unwrap().config.login_domain, "asked.test");
    assert_eq!(load(None, &both).unwrap().config.login_domain, "named.test");
    assert_eq!(load(None, &found).unwrap().config.login_domain, "found.test");
    let elsewhere = TempDir::new().unwrap();
    let none = Env::from_pairs::<String, String>([]).in_dir(elsewhere.path());
    assert_eq!(load(None, &none).unwrap().config.login_domain, "localhost");
}

#[test]
fn a_file_that_was_asked_for_must_be_there() {
    let error = load(Some(Path::new("/nowhere/gantry.toml")), &Env::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("/nowhere/gantry.toml") && error.contains("cannot be read"),
        "{error}"
    );
}

#[test]
fn every_flat_name_of_the_design_works() {
    let loaded = from_env(&[
        ("GANTRY_HTTP_ADDR", "[::1]:0"),
        ("GANTRY_GRPC_ADDR", "127.0.0.1:0"),
        ("GANTRY_DATA_DIR", "/tmp/x"),
        ("GANTRY_ROOT_API_KEY", SECRET),
        ("GANTRY_LOGIN_DOMAIN", "login.example.com"),
        ("GANTRY_ISSUER", "https://id.example.com"),
        ("GANTRY_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ("GANTRY_CLUSTER_SECRET", SECRET),
        ("GANTRY_SMTP_HOST", "mail"),
        ("GANTRY_SMTP_PORT", "1025"),
        ("GANTRY_EGRESS_ALLOW", "127.0.0.0/8, 10.1.2.3,::1"),
        ("GANTRY_EGRESS_ALLOW_HTTP", "true"),
        ("DATABASE_URL", "postgres://gantry:pw@db/gantry"),
        ("REDIS_URL", "redis://cache:6379"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
        ("OTEL_SERVICE_NAME", "login"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
    ]);
    let config = &loaded.config;
    assert_eq!(config.http.addr.to_string(), "[::1]:0");
    assert_eq!(config.grpc.addr.to_string(), "127.0.0.1:0");
    assert_eq!(config.data_dir, Path::new("/tmp/x"));
    assert_eq!(config.root_api_key.as_ref().unwrap().expose(), SECRET);
    assert_eq!(config.login_domain, "login.example.com");
    assert_eq!(config.issuer, "https://id.example.com");
    assert_eq!(config.secret_key_bytes().unwrap().as_slice(), SECRET.as_bytes());
    assert_eq!(config.cluster.secret.as_ref().unwrap().expose(), SECRET);
    assert_eq!((config.smtp.host.as_deref(), config.smtp.port), (Some("mail"), 1025));
    let allowed: Vec<String> = config.egress.allow.iter().map(ToString::to_string).collect();
    assert_eq!(allowed, ["127.0.0.0/8", "10.1.2.3/32", "::1/128"]);
    assert!(config.egress.allow_http);
    assert_eq!(
        config.database.url.as_ref().unwrap().expose(),
        "postgres://gantry:pw@db/gantry"
    );
    assert_eq!(config.redis.url.as_ref().unwrap().expose(), "redis://cache:6379");
    assert_eq!(config.otel.endpoint.as_deref(), Some("http://collector:4317"));
    assert_eq!(config.otel.service_name.as_deref(), Some("login"));
    assert_eq!(config.otel.sample_ratio, 0.25);
    assert_eq!(loaded.source("database.url"), environment("DATABASE_URL"));
}

#[test]
fn nested_names_reach_everything() {
    let loaded = from_env(&[
        ("GANTRY_LIMITS__LOGIN__MAX", "31"),
        ("GANTRY_LIMITS__LOGIN_REALM__ON_OUTAGE", "refuse"),
        ("GANTRY_LIMITS_ENABLED", "off"),
        ("GANTRY_LOG__FORMAT", "json"),
        ("GANTRY_REDIS__ON_START", "refuse"),
        ("GANTRY_HTTP__TRUSTED_PROXIES", "10.0.0.0/8"),
        ("GANTRY_OTEL__SAMPLE_RATIO", "1"),
    ]);
    let config = &loaded.config;
    assert_eq!(config.limits["login"].max, Some(31));
    assert_eq!(config.limits["login"].per_seconds, None);
    assert_eq!(config.limits["login_realm"].on_outage, Some(OnOutage::Refuse));
    assert!(!config.limits_enabled);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.redis.on_start, OnStart::Refuse);
    assert_eq!(config.http.trusted_proxies.len(), 1);
    assert_eq!(
        loaded.source("limits.login.max"),
        environment("GANTRY_LIMITS__LOGIN__MAX")
    );
}

#[test]
fn the_composed_topology_loads() {
    let loaded = from_env(&[
        ("GANTRY_DATA_DIR", "/var/lib/gantry"),
        ("GANTRY_HTTP_ADDR", "0.0.0.0:8080"),
        ("GANTRY_GRPC_ADDR", "0.0.0.0:50051"),
        ("GANTRY_HTTP__PLAIN_BEHIND_PROXY", "true"),
        ("GANTRY_HTTP__TRUSTED_PROXIES", "172.28.77.1"),
        ("GANTRY_GRPC__PLAIN_ON_PRIVATE_NETWORK", "true"),
        ("GANTRY_CLUSTER_SECRET", SECRET),
        ("GANTRY_WIRES__AUTH", "http://auth:50051"),
        ("GANTRY_WIRES__SESSION", "http://session:50051"),
        ("GANTRY_WIRES__EVENT", "http://event:50051"),
        ("REDIS_URL", "redis://:pw@redis:6379"),
        ("DATABASE_URL", "postgres://gantry:pw@postgres:5432/gantry"),
        (
            "GANTRY_SECRET_KEY",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        ),
        (
            "GANTRY_ROOT_API_KEY",
            "ks_0123456789abcdefghijkl-0123456789abcdef0123456789abcdef",
        ),
        ("GANTRY_LOGIN_DOMAIN", "localhost"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
        ("OTEL_SERVICE_NAME", "gantry-gateway"),
        ("GANTRY_SMTP_HOST", "mail"),
        ("GANTRY_SMTP_PORT", "1025"),
    ]);
    assert_eq!(loaded.config.wires.event.as_deref(), Some("http://event:50051"));
}

#[test]
fn certificates_are_a_list_in_file_and_variable() {
    let dir = TempDir::new().unwrap();
    let (cert, key) = (file(&dir, "c.pem", "x"), file(&dir, "k.pem", "x"));
    let list = format!("[{{ cert = {cert:?}, key = {key:?} }}]");
    let loaded = from_env(&[
        ("GANTRY_HTTP__TLS__CERTIFICATES", &list),
        ("GANTRY_HTTP_ADDR", "0.0.0.0:443"),
    ]);
    assert_eq!(loaded.config.http.tls.certificates[0].key, key);
    let path = file(
        &dir,
        "a.toml",
        &format!("[[http.tls.certificates]]\ncert = {cert:?}\nkey = {key:?}\n"),
    );
    assert_eq!(
        load(Some(&path), &Env::default()).unwrap().config.http.tls,
        loaded.config.http.tls
    );
}

#[test]
fn a_gantry_name_goes_before_a_plain_one() {
    let loaded = from_env(&[
        ("DATABASE_URL", "postgres://a/a"),
        ("GANTRY_DATABASE__URL", "postgres://b/b"),
    ]);
    assert_eq!(loaded.config.database.url.as_ref().unwrap().expose(), "postgres://b/b");
    assert_eq!(loaded.source("database.url"), environment("GANTRY_DATABASE__URL"));
}

#[test]
fn port_moves_the_port_and_leaves_the_host() {
    let loaded = from_env(&[("PORT", "3000")]);
    assert_eq!(loaded.config.http.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(loaded.source("http.addr"), environment("PORT"));
    let loaded = from_env(&[("PORT", "3000"), ("GANTRY_HTTP_ADDR", "127.0.0.2:1")]);
    assert_eq!(loaded.config.http.addr.to_string(), "127.0.0.2:3000");
    let error = load(None, &Env::from_pairs([("PORT", "http")]))
        .unwrap_err()
        .to_string();
    assert!(error.contains("PORT (environment PORT): must be a port"), "{error}");
}

#[test]
fn an_empty_variable_is_not_set() {
    let loaded = from_env(&[
        ("GANTRY_SMTP_HOST", ""),
        ("GANTRY_HTTP_ADDR", ""),
        ("DATABASE_URL", ""),
        ("GANTRY_NONSENSE", ""),
    ]);
    assert_eq!(loaded.config.smtp.host, None);
    assert_eq!(loaded.source("http.addr"), Source::Default);
}

#[test]
fn a_secret_is_read_from_a_file_of_its_own() {
    let dir = TempDir::new().unwrap();
    let secret = file(&dir, "secret", &format!("{SECRET}\r\n"));
    let secret = secret.to_str().unwrap();
    let url = file(&dir, "url", "postgres://gantry:pw@db/gantry\n");
    let loaded = from_env(&[
        ("GANTRY_CLUSTER_SECRET_FILE", secret),
        ("DATABASE_URL_FILE", url.to_str().unwrap()),
    ]);
    assert_eq!(loaded.config.cluster.secret.as_ref().unwrap().expose(), SECRET);
    assert_eq!(
        loaded.config.database.url.as_ref().unwrap().expose(),
        "postgres://gantry:pw@db/gantry"
    );
    assert_eq!(
        loaded.source("cluster.secret"),
        environment("GANTRY_CLUSTER_SECRET_FILE")
    );

    let path = file(
        &dir,
        "a.toml",
        &format!("root_api_key_file = {secret:?}\n[cluster]\nsecret_file = {secret:?}\n"),
    );
    let loaded = load(Some(&path), &Env::default()).unwrap();
    assert_eq!(loaded.config.root_api_key.as_ref().unwrap().expose(), SECRET);
    assert_eq!(loaded.config.cluster.secret.as_ref().unwrap().expose(), SECRET);
}

#[test]
fn a_secret_file_must_be_there_and_hold_something() {
    let dir = TempDir::new().unwrap();
    let empty = file(&dir, "empty", "\n");
    for (path, told) in [
        ("/nowhere/secret", "cannot read the file /nowhere/secret"),
        (empty.to_str().unwrap(), "is empty"),
    ] {
        let error = load(None, &Env::from_pairs([("GANTRY_SECRET_KEY_FILE", path)]))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("GANTRY_SECRET_KEY_FILE") && error.contains(told),
            "{error}"
        );
    }
}

#[test]
fn a_setting_is_set_once_in_a_layer() {
    let dir = TempDir::new().unwrap();
    let secret = file(&dir, "secret", SECRET);
    let pairs = [
        [
            ("GANTRY_HTTP_ADDR", "127.0.0.1:1"),
            ("GANTRY_HTTP__ADDR", "127.0.0.1:2"),
        ],
        [
            ("GANTRY_SECRET_KEY", "x"),
            ("GANTRY_SECRET_KEY_FILE", secret.to_str().unwrap()),
        ],
        [("REDIS_URL", "redis://a"), ("REDIS_URL_FILE", secret.to_str().unwrap())],
    ];
    for pair in pairs {
        let error = load(None, &Env::from_pairs(pair)).unwrap_err().to_string();
        assert!(
            error.contains(pair[0].0) && error.contains(pair[1].0) && error.contains("keep one"),
            "{error}"
        );
    }
    let path = file(
        &dir,
        "a.toml",
        &format!("secret_key = \"x\"\nsecret_key_file = {secret:?}\n"),
    );
    let error = load(Some(&path), &Env::default()).unwrap_err().to_string();
    assert!(error.contains("secret_key") && error.contains("twice"), "{error}");
}
