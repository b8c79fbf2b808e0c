//! What is refused, and that each refusal says where it came from and what to do.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use gantry_config::{ConfigError, Env, load};
use tempfile::TempDir;

fn refused(pairs: &[(&str, &str)]) -> String {
    load(None, &Env::from_pairs(pairs.iter().copied()))
        .unwrap_err()
        .to_string()
}

fn refused_file(text: &str) -> String {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gantry.toml");
    std::fs::write(&path, text).unwrap();
    let error: ConfigError = load(Some(&path), &Env::default()).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("gantry.toml"), "{error} does not name the file");
    error
}

#[test]
fn unknown_variables_are_errors_with_a_suggestion() {
    for (name, meant) in [
        ("GANTRY_HTPT_ADDR", "GANTRY_HTTP_ADDR"),
        ("GANTRY_HTTP__MAX_BODY", "GANTRY_HTTP__MAX_BODY_BYTES"),
        ("GANTRY_DATABASE_URL", "GANTRY_DATABASE__URL"),
        ("GANTRY_SECRET_KEYFILE", "GANTRY_SECRET_KEY_FILE"),
        ("GANTRY_LOGIN_DOMAIN_FILE", "GANTRY_LOGIN_DOMAIN"),
    ] {
        let error = refused(&[(name, "x")]);
        assert!(
            error.contains(&format!(
                "{name} (environment {name}): is not a setting; did you mean {meant}?"
            )),
            "{error}"
        );
    }
    let error = refused(&[("GANTRY_COLOUR", "blue")]);
    assert!(
        error.contains("GANTRY_COLOUR") && error.contains("gantry.default.toml"),
        "{error}"
    );
    assert!(refused(&[("GANTRY_LIMITS__LOGIN__MAXIMUM", "3")]).contains("is not a setting"));
}

#[test]
fn addresses_that_are_none_are_refused() {
    for (name, value) in [
        ("GANTRY_PASSWORD__BREACHED_RANGE_URL", "range.example"),
        ("GANTRY_SMTP__ALERTS_TO", "operators"),
        ("GANTRY_METRICS__ADDR", "9464"),
        ("GANTRY_EGRESS__PROXY", "proxy.example:3128"),
    ] {
        let error = refused(&[(name, value)]);
        assert!(error.contains(name) && error.contains("must be"), "{error}");
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let others = [
        ("GANTRY_TEST_REDIS_URL", "redis://x"),
        ("GANTRY_TEST_DB", "postgres"),
        ("HOME", "/"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
    ];
    assert!(load(None, &Env::from_pairs(others)).is_ok());
}

#[test]
fn unknown_keys_in_a_file_are_errors_with_a_suggestion() {
    for (text, told) in [
        ("[http]\nadr = \"x\"", "http.adr (file"),
        ("[http]\nadr = \"x\"", "did you mean http.addr?"),
        ("datadir = \"x\"", "did you mean data_dir?"),
        ("[htpt]\naddr = \"x\"", "did you mean http?"),
        ("[http]\nmax_body = 1", "did you mean http.max_body_bytes?"),
        ("memory_kib = 1", "did you mean password.memory_kib?"),
        ("[limits.login]\nmaximum = 3", "did you mean limits.login.max?"),
        ("[limits.Log-in]\nmax = 3", "limits.Log-in"),
        ("http = 3", "is a section: write [http]"),
        ("data_dir_file = \"x\"", "is not a setting"),
    ] {
        let error = refused_file(text);
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[test]
fn values_that_cannot_be_say_what_they_must_be() {
    for (name, value, told) in [
        ("GANTRY_HTTP_ADDR", "localhost:8080", "an IP address and a port"),
        ("GANTRY_HTTP__MAX_BODY_BYTES", "many", "a whole number"),
        ("GANTRY_HTTP__MAX_BODY_BYTES", "-1", "a whole number"),
        ("GANTRY_HTTP__MAX_BODY_BYTES", "1", "from 1024 to 67108864"),
        ("GANTRY_EGRESS_ALLOW", "10.0.0.0/8,everything", "networks"),
        ("GANTRY_EGRESS_ALLOW_HTTP", "maybe", "true or false"),
        ("GANTRY_SMTP_PORT", "70000", "a port"),
        ("GANTRY_SMTP_PORT", "0", "a port"),
        ("GANTRY_LOG__FORMAT", "xml", "text or json"),
        ("GANTRY_REDIS__ON_START", "hope", "continue or refuse"),
        ("GANTRY_PASSWORD__ALGORITHM", "md5", "argon2id"),
        ("GANTRY_PASSWORD__MEMORY_KIB", "4", "from 8 to"),
        ("GANTRY_LIMITS__LOGIN__MAX", "0", "limits_enabled = false"),
        ("GANTRY_LIMITS__LOGIN__PER_SECONDS", "0", "from 1 second"),
        ("GANTRY_LIMITS__LOGIN__ON_OUTAGE", "panic", "memory, allow or refuse"),
        (
            "GANTRY_LOGIN_DOMAIN",
            "https://login.example.com",
            "a host name in lower case",
        ),
        ("GANTRY_LOGIN_DOMAIN", "login..example.com", "a host name in lower case"),
        ("GANTRY_ISSUER", "example.com", "a URL"),
        ("OTEL_TRACES_SAMPLER_ARG", "1.5", "from 0 to 1"),
        ("OTEL_TRACES_SAMPLER_ARG", "NaN", "from 0 to 1"),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "https://collector:4317",
            "cannot be https",
        ),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "collector:4317",
            "as in http://127.0.0.1:4317",
        ),
        ("DATABASE_URL", "mysql://x/y", "leave it out for SQLite"),
        ("REDIS_URL", "cache:6379", "as in redis://host:6379"),
        ("GANTRY_WIRES__AUTH", "auth:50051", "unix:///path/to/socket"),
        ("GANTRY_GRPC__TLS__CERT", "/nowhere/cert.pem", "cannot be read"),
        (
            "GANTRY_HTTP__TLS__CERTIFICATES",
            "[{ cert = \"/nowhere/cert.pem\" }]",
            "[{ cert = \"chain.pem\", key = \"key.pem\" }]",
        ),
        (
            "GANTRY_HTTP__TLS__CERTIFICATES",
            "[{ cert = \"/nowhere/c\", key = \"/nowhere/k\" }]",
            "/nowhere/c, which cannot be read",
        ),
    ] {
        let error = refused(&[(name, value)]);
        assert!(error.contains(told), "{name}={value}: {error}");
        assert!(
            error.contains(&format!("environment {name}")),
            "{name}={value}: {error} does not name the source"
        );
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let error = refused_file(
        "color = 1\nlogin_domain = 3\n[http]\naddr = \"x\"\nmax_body_bytes = \"x\"\n[password]\nqueue = 0\n",
    );
    for name in [
        "color",
        "login_domain",
        "http.addr",
        "http.max_body_bytes",
        "password.queue",
    ] {
        assert!(error.contains(&format!("\n  {name} (")), "{name} is missing in {error}");
    }
    assert_eq!(error.lines().count(), 6, "{error}");
}

#[test]
fn t_40_weak_secrets_are_refused_with_the_way_to_make_one() {
    for (name, value, told) in [
        ("GANTRY_ROOT_API_KEY", "hunter2", "openssl rand -hex 32"),
        ("GANTRY_ROOT_API_KEY", "12345678901234567890123", "24 characters"),
        ("GANTRY_ROOT_API_KEY", "1234567890 1234567890 1234", "visible ASCII"),
        (
            "GANTRY_CLUSTER_SECRET",
            "1234567890123456789012345678901",
            "openssl rand -hex 32",
        ),
        ("GANTRY_SECRET_KEY", "c2hvcnQ=", "openssl rand -base64 32"),
        (
            "GANTRY_SECRET_KEY",
            "not base64 at all, is it?",
            "openssl rand -base64 32",
        ),
        (
            "GANTRY_SECRET_KEY",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "random",
        ),
    ] {
        let error = refused(&[(name, value)]);
        assert!(error.contains(told), "{name}: {error}");
        assert!(!error.contains(value), "{error} quotes the secret");
    }
}

#[test]
fn secret_keys_are_taken_as_the_usual_tools_write_them() {
    for text in [
        "-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_8",
        "+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8=",
        "fb00000000000000000000000000000000000000000000000000000000000001",
    ] {
        let loaded = load(None, &Env::from_pairs([("GANTRY_SECRET_KEY", text)])).unwrap();
        assert_eq!(loaded.config.secret_key_bytes().unwrap()[0], 0xFB);
    }
}

#[test]
fn plain_http_stays_at_home_or_behind_a_named_proxy() {
    let open = ("GANTRY_HTTP_ADDR", "0.0.0.0:8080");
    let behind = ("GANTRY_HTTP__PLAIN_BEHIND_PROXY", "true");
    let proxy = ("GANTRY_HTTP__TRUSTED_PROXIES", "172.16.0.0/12");
    assert!(refused(&[open]).contains("http.tls.certificates"));
    assert!(refused(&[open, behind]).contains("http.trusted_proxies"));
    assert!(refused(&[open, proxy]).contains("http.plain_behind_proxy"));
    assert!(load(None, &Env::from_pairs([open, behind, proxy])).is_ok());
    for home in ["127.0.0.2:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
        assert!(
            load(None, &Env::from_pairs([("GANTRY_HTTP_ADDR", home)])).is_ok(),
            "{home}"
        );
    }
}

#[test]
fn plain_grpc_stays_at_home_or_on_a_private_network() {
    let open = ("GANTRY_GRPC_ADDR", "[::]:50051");
    assert!(refused(&[open]).contains("grpc.tls.client_ca"));
    assert!(
        load(
            None,
            &Env::from_pairs([open, ("GANTRY_GRPC__PLAIN_ON_PRIVATE_NETWORK", "true")])
        )
        .is_ok()
    );
}

#[test]
fn services_elsewhere_need_the_clusters_secret() {
    let wire = ("GANTRY_WIRES__EVENT", "unix:///run/gantry/event.sock");
    assert!(refused(&[wire]).contains("needs cluster.secret"));
    let secret = ("GANTRY_CLUSTER_SECRET", "0123456789abcdef0123456789abcdef");
    assert!(load(None, &Env::from_pairs([wire, secret])).is_ok());
}

#[test]
fn t_33_no_error_and_no_printout_shows_a_secret() {
    const CANARY: &str = "CANARY-0123456789-0123456789-0123456789";
    // Wrong type, broken line, wrong scheme, wrong bytes: each of them mentions the setting, none the value.
    for text in [
        format!("root_api_key = [\"{CANARY}\"]"),
        format!("root_api_key = {{ x = \"{CANARY}\" }}"),
        format!("secret_key = \"{CANARY}\""),
        format!("secret_key = \"{CANARY}"),
        format!("secret_key = {CANARY}"),
        format!("[database]\nurl = \"{CANARY}\""),
        format!("[redis]\nurl = [\"{CANARY}\"]"),
        format!("[cluster]\nsecret_file = [\"{CANARY}\"]"),
    ] {
        let error = refused_file(&text);
        assert!(!error.contains("CANARY"), "{error}");
    }
    let url = format!("postgres://gantry:{CANARY}@db:5432/gantry?password={CANARY}");
    let env = Env::from_pairs([
        ("GANTRY_ROOT_API_KEY", CANARY),
        ("GANTRY_CLUSTER_SECRET", CANARY),
        ("GANTRY_SECRET_KEY", "Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZMTI="),
        ("DATABASE_URL", &url),
        ("REDIS_URL", &format!("redis://:{CANARY}@cache:6379")),
    ]);
    let loaded = load(None, &env).unwrap();
    for text in [
        loaded.to_toml(),
        loaded.to_json().to_string(),
        format!("{loaded:?}"),
        format!("{env:?}"),
    ] {
        assert!(!text.contains("CANARY") && !text.contains("Q0FOQVJZ"), "{text}");
    }
    let shown = loaded.to_toml();
    assert!(
        shown.contains("root_api_key = \"(hidden)\" # environment GANTRY_ROOT_API_KEY"),
        "{shown}"
    );
    assert!(
        shown.contains("url = \"postgres://***@db:5432/gantry\" # environment DATABASE_URL"),
        "{shown}"
    );
}
