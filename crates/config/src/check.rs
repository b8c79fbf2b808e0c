//! What must hold between values that are well formed each: said with what to do about it.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::Path;

use gantry_kernel::Secret;

use crate::Config;

/// What was found wrong: dotted name and message.
type Found = Vec<(&'static str, String)>;

/// Finds everything that is wrong.
pub(crate) fn check(config: &Config) -> Vec<(String, String)> {
    let mut found = Found::new();
    secrets(config, &mut found);
    names(config, &mut found);
    http(config, &mut found);
    acme(config, &mut found);
    grpc(config, &mut found);
    stores(config, &mut found);
    password(config, &mut found);
    if config
        .events
        .retention_days
        .is_some_and(|days| !(3..=36_500).contains(&days))
    {
        found.push((
            "events.retention_days",
            "must be from 3 days, for what is told of events is tried for two, to 36500; leave it out to keep them for ever".to_owned(),
        ));
    }
    let mut found: Vec<(String, String)> = found.into_iter().map(|(path, text)| (path.to_owned(), text)).collect();
    for (name, limit) in &config.limits {
        if limit.max == Some(0) {
            found.push((
                format!("limits.{name}.max"),
                "must be 1 or more; to switch limits off set limits_enabled = false".to_owned(),
            ));
        }
        if limit
            .per_seconds
            .is_some_and(|seconds| !(1..=2_678_400).contains(&seconds))
        {
            found.push((
                format!("limits.{name}.per_seconds"),
                "must be from 1 second to 31 days (2678400)".to_owned(),
            ));
        }
    }
    found
}

fn secrets(config: &Config, found: &mut Found) {
    let chars = |secret: &Secret| secret.expose().chars().count();
    if config.root_api_key.as_ref().is_some_and(|key| chars(key) < 24) {
        found.push((
            "root_api_key",
            "is shorter than 24 characters and could be guessed; leave it out to have one made at first start, or make one with: openssl rand -hex 32".to_owned(),
        ));
    }
    if config
        .root_api_key
        .as_ref()
        .is_some_and(|key| key.expose().chars().any(|c| !c.is_ascii_graphic()))
    {
        found.push((
            "root_api_key",
            "must be of visible ASCII characters, for it travels in a header".to_owned(),
        ));
    }
    if config.cluster.secret.as_ref().is_some_and(|secret| chars(secret) < 32) {
        found.push((
            "cluster.secret",
            "is shorter than 32 characters; make one with: openssl rand -hex 32, and give it to every process"
                .to_owned(),
        ));
    }
    if config.secret_key.is_some() {
        let weak = config
            .secret_key_bytes()
            .is_none_or(|bytes| bytes.iter().all(|byte| Some(byte) == bytes.first()));
        if weak {
            found.push((
                "secret_key",
                "must be 32 random bytes in base64 or hexadecimal; make one with: openssl rand -base64 32".to_owned(),
            ));
        }
    }
}

fn names(config: &Config, found: &mut Found) {
    if config.data_dir.as_os_str().is_empty() {
        found.push((
            "data_dir",
            "must not be empty; write the path of a directory".to_owned(),
        ));
    }
    let label = |label: &str| {
        let inner = label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        inner && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    if config.login_domain.len() > 200 || !config.login_domain.split('.').all(label) {
        found.push((
            "login_domain",
            "must be a host name in lower case, without scheme and port, as in login.example.com".to_owned(),
        ));
    }
    if !is_url(&config.issuer, &["https://", "http://"]) {
        found.push(("issuer", "must be a URL, as in https://authrocket.com".to_owned()));
    }
    if let Some(endpoint) = &config.otel.endpoint {
        if endpoint.starts_with("https://") {
            found.push((
                "otel.endpoint",
                "cannot be https: let a collector beside Gantry take the spans over http and pass them on by TLS"
                    .to_owned(),
            ));
        } else if !is_url(endpoint, &["http://"]) {
            found.push((
                "otel.endpoint",
                "must be an OTLP gRPC address, as in http://127.0.0.1:4317".to_owned(),
            ));
        }
    }
    if !(0.0..=1.0).contains(&config.otel.sample_ratio) {
        found.push(("otel.sample_ratio", "must be a number from 0 to 1".to_owned()));
    }
    if config.smtp.port == 0 {
        found.push(("smtp.port", "must be a port, 1 to 65535".to_owned()));
    }
    if config.smtp.from.as_ref().is_some_and(|from| !from.contains('@')) {
        found.push(("smtp.from", "must be an e-mail address".to_owned()));
    }
    let proxy = config.egress.proxy.as_ref();
    if proxy.is_some_and(|proxy| !is_url(proxy.expose(), &["http://", "https://"])) {
        found.push((
            "egress.proxy",
            "must be a URL, as in http://proxy.example.com:3128".to_owned(),
        ));
    }
    if config.smtp.alerts_to.as_ref().is_some_and(|to| !to.contains('@')) {
        found.push(("smtp.alerts_to", "must be an e-mail address".to_owned()));
    }
    if config.smtp.user.is_some() != config.smtp.password.is_some() {
        found.push((
            "smtp.password",
            "is incomplete: set smtp.user and smtp.password together".to_owned(),
        ));
    }
    readable(found, "smtp.ca", config.smtp.ca.as_deref());
}

fn http(config: &Config, found: &mut Found) {
    let http = &config.http;
    within(found, "drain_ms", config.drain_ms, 0..=600_000);
    within(
        found,
        "http.max_body_bytes",
        http.max_body_bytes as u64,
        1_024..=67_108_864,
    );
    within(
        found,
        "http.max_header_bytes",
        http.max_header_bytes as u64,
        4_096..=1_048_576,
    );
    within(found, "http.request_timeout_ms", http.request_timeout_ms, 100..=600_000);
    within(
        found,
        "http.remembered_bytes",
        http.remembered_bytes,
        0..=1_099_511_627_776,
    );
    within(found, "http.tls.reload_seconds", http.tls.reload_seconds, 1..=86_400);
    for certificate in &http.tls.certificates {
        readable(found, "http.tls.certificates", Some(&certificate.cert));
        readable(found, "http.tls.certificates", Some(&certificate.key));
    }
    if http.plain_behind_proxy && http.trusted_proxies.is_empty() {
        found.push((
            "http.plain_behind_proxy",
            "needs the proxy's address in http.trusted_proxies".to_owned(),
        ));
    } else if is_open(http.addr) && http.tls.certificates.is_empty() && !http.plain_behind_proxy {
        found.push((
            "http.addr",
            "is not loopback, and passwords must not travel in the clear: set http.tls.certificates, or, when a proxy \
             ends TLS, http.plain_behind_proxy = true and http.trusted_proxies"
                .to_owned(),
        ));
    }
}

fn acme(config: &Config, found: &mut Found) {
    let acme = &config.acme;
    readable(found, "acme.ca", acme.ca.as_deref());
    if acme.eab_key.is_some() != acme.eab_key_id.is_some() {
        found.push((
            "acme.eab_key",
            "is incomplete: set acme.eab_key_id and acme.eab_key together".to_owned(),
        ));
    }
    let Some(directory) = &acme.directory else { return };
    if !is_url(directory, &["https://"]) {
        found.push((
            "acme.directory",
            "must be an https URL, as in https://ca.example.com/directory".to_owned(),
        ));
    }
    if !acme.terms_agreed {
        found.push((
            "acme.terms_agreed",
            "must be true before the authority is asked: read its terms of service first".to_owned(),
        ));
    }
}

fn grpc(config: &Config, found: &mut Found) {
    let tls = &config.grpc.tls;
    if tls.cert.is_some() != tls.key.is_some() || (tls.client_ca.is_some() && tls.cert.is_none()) {
        found.push((
            "grpc.tls",
            "is incomplete: set grpc.tls.cert and grpc.tls.key together".to_owned(),
        ));
    }
    readable(found, "grpc.tls.cert", tls.cert.as_deref());
    readable(found, "grpc.tls.key", tls.key.as_deref());
    readable(found, "grpc.tls.client_ca", tls.client_ca.as_deref());
    if is_open(config.grpc.addr) && tls.cert.is_none() && !config.grpc.plain_on_private_network {
        found.push((
            "grpc.addr",
            "is not loopback, and calls between machines carry secrets: set grpc.tls.cert, grpc.tls.key and \
             grpc.tls.client_ca, or, where nobody else is on that network, grpc.plain_on_private_network = true"
                .to_owned(),
        ));
    }
    let cluster = &config.cluster.tls;
    if cluster.cert.is_some() != cluster.key.is_some() {
        found.push((
            "cluster.tls",
            "is incomplete: set cluster.tls.cert and cluster.tls.key together".to_owned(),
        ));
    }
    readable(found, "cluster.tls.ca", cluster.ca.as_deref());
    readable(found, "cluster.tls.cert", cluster.cert.as_deref());
    readable(found, "cluster.tls.key", cluster.key.as_deref());
    let wires = [
        ("wires.auth", &config.wires.auth),
        ("wires.session", &config.wires.session),
        ("wires.event", &config.wires.event),
    ];
    for (path, url) in wires {
        if url
            .as_ref()
            .is_some_and(|url| !is_url(url, &["http://", "https://", "unix:///"]))
        {
            found.push((
                path,
                "must be a URL: http://host:port, https://host:port or unix:///path/to/socket".to_owned(),
            ));
        }
        if url.is_some() && config.cluster.secret.is_none() {
            found.push((
                path,
                "needs cluster.secret, the same in every process: make one with: openssl rand -hex 32".to_owned(),
            ));
        }
    }
}

fn stores(config: &Config, found: &mut Found) {
    let scheme =
        |secret: &Option<Secret>, schemes: &[&str]| secret.as_ref().is_none_or(|url| is_url(url.expose(), schemes));
    if !scheme(&config.database.url, &["postgres://", "postgresql://"]) {
        found.push((
            "database.url",
            "must be a URL, as in postgres://user:password@host:5432/gantry; leave it out for SQLite in data_dir"
                .to_owned(),
        ));
    }
    if !scheme(&config.redis.url, &["redis://", "rediss://"]) {
        found.push((
            "redis.url",
            "must be a URL, as in redis://host:6379; leave it out to count limits in memory".to_owned(),
        ));
    }
    within(
        found,
        "database.max_connections",
        u64::from(config.database.max_connections),
        1..=1_000,
    );
}

fn password(config: &Config, found: &mut Found) {
    let password = &config.password;
    within(found, "password.parallelism", u64::from(password.parallelism), 1..=16);
    within(found, "password.iterations", u64::from(password.iterations), 1..=32);
    let least = 8 * u64::from(password.parallelism.clamp(1, 16));
    within(
        found,
        "password.memory_kib",
        u64::from(password.memory_kib),
        least..=1_048_576,
    );
    within(found, "password.threads", password.threads as u64, 0..=1_024);
    within(found, "password.queue", password.queue as u64, 1..=100_000);
    let range = password.breached_range_url.as_deref();
    if range.is_some_and(|url| !is_url(url, &["https://", "http://"])) {
        found.push((
            "password.breached_range_url",
            "must be a URL, as in https://range.example/range: the first digits of a digest are appended to it"
                .to_owned(),
        ));
    }
}

fn within(found: &mut Found, path: &'static str, value: u64, range: RangeInclusive<u64>) {
    if !range.contains(&value) {
        found.push((path, format!("must be from {} to {}", range.start(), range.end())));
    }
}

fn readable(found: &mut Found, path: &'static str, file: Option<&Path>) {
    let Some(file) = file else { return };
    if let Err(error) = std::fs::File::open(file) {
        found.push((path, format!("names {}, which cannot be read: {error}", file.display())));
    }
}

/// Whether others than this machine reach an address.
fn is_open(addr: SocketAddr) -> bool {
    !addr.ip().to_canonical().is_loopback()
}

fn is_url(text: &str, schemes: &[&str]) -> bool {
    let rest = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(|c| c.is_ascii_graphic()))
}
