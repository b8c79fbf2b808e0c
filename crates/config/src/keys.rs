//! The table of settings: each one's name, kind, names in the environment, and what it must be.

/// How a setting is read from a variable, and whether it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Ratio,
    Switch,
    /// A list, separated by commas in a variable.
    List,
    /// A TOML value, written as such in a variable.
    Inline,
    /// Never shown; may come from a file (`_file`, `*_FILE`).
    Secret,
    /// As a secret, but shown without its user and password.
    Url,
}

impl Kind {
    pub(crate) fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::Url)
    }
}

/// A setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its dotted name; `*` stands for any name.
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    /// What it must be, after "must be".
    pub(crate) must_be: &'static str,
    /// Variables beside the systematic one (`GANTRY_` and the path with `__` for dots).
    pub(crate) aliases: &'static [&'static str],
    /// Variables that other programs use too; a `GANTRY_` one goes before them.
    pub(crate) plain: &'static [&'static str],
}

const fn key(path: &'static str, kind: Kind, must_be: &'static str) -> Key {
    Key {
        path,
        kind,
        must_be,
        aliases: &[],
        plain: &[],
    }
}

impl Key {
    const fn alias(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    const fn plain(mut self, names: &'static [&'static str]) -> Self {
        self.plain = names;
        self
    }

    /// Whether a dotted name is this setting's.
    pub(crate) fn is(&self, path: &str) -> bool {
        let (mut ours, mut theirs) = (self.path.split('.'), path.split('.'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some("*"), Some(name)) if is_name(name) => {}
                (Some(a), Some(b)) if a == b => {}
                _ => return false,
            }
        }
    }
}

/// Whether a text can name a limit.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The systematic variable of a dotted name.
pub(crate) fn variable(path: &str) -> String {
    format!("GANTRY_{}", path.to_ascii_uppercase().replace('.', "__"))
}

/// The setting of a dotted name.
pub(crate) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.is(path))
}

const ADDRESS: &str = "an IP address and a port, as in 127.0.0.1:8080 or [::1]:8080";
const NETWORKS: &str =
    "networks, as in [\"10.0.0.0/8\", \"fd00::/8\", \"192.0.2.7\"] (in a variable: 10.0.0.0/8,fd00::/8)";
const NUMBER: &str = "a whole number, 0 or more";
const SWITCH: &str = "true or false";
const FILE: &str = "the path of a PEM file";
const WIRE: &str = "a URL: http://host:port, https://host:port or unix:///path/to/socket";
const TEXT: &str = "a text";

/// Every setting, in the order of the manual.
pub(crate) const KEYS: &[Key] = &[
    key("data_dir", Kind::Text, "the path of a directory"),
    key("root_api_key", Kind::Secret, TEXT),
    key("login_domain", Kind::Text, "a host name, as in login.example.com"),
    key("dns_server", Kind::Text, "an address and port, as in 10.0.0.2:53"),
    key("issuer", Kind::Text, "a URL, as in https://authrocket.com"),
    key("secret_key", Kind::Secret, "32 bytes in base64 or hexadecimal"),
    key("limits_enabled", Kind::Switch, SWITCH),
    key("dummy_provider", Kind::Switch, SWITCH),
    key("drain_ms", Kind::Number, NUMBER),
    key("http.addr", Kind::Text, ADDRESS).alias(&["GANTRY_HTTP_ADDR"]),
    key("http.trusted_proxies", Kind::List, NETWORKS),
    key("http.plain_behind_proxy", Kind::Switch, SWITCH),
    key("http.max_body_bytes", Kind::Number, NUMBER),
    key("http.max_header_bytes", Kind::Number, NUMBER),
    key("http.request_timeout_ms", Kind::Number, NUMBER),
    key("http.hsts_seconds", Kind::Number, NUMBER),
    key("http.remembered_bytes", Kind::Number, NUMBER),
    key("http.v1", Kind::Switch, SWITCH),
    key(
        "http.tls.certificates",
        Kind::Inline,
        "a list of files, as in [{ cert = \"chain.pem\", key = \"key.pem\" }]",
    ),
    key("http.tls.reload_seconds", Kind::Number, NUMBER),
    key("grpc.addr", Kind::Text, ADDRESS).alias(&["GANTRY_GRPC_ADDR"]),
    key("grpc.socket", Kind::Text, "the path of a socket to make"),
    key("grpc.plain_on_private_network", Kind::Switch, SWITCH),
    key("grpc.tls.cert", Kind::Text, FILE),
    key("grpc.tls.key", Kind::Text, FILE),
    key("grpc.tls.client_ca", Kind::Text, FILE),
    key("cluster.secret", Kind::Secret, TEXT).alias(&["GANTRY_CLUSTER_SECRET"]),
    key("cluster.tls.ca", Kind::Text, FILE),
    key("cluster.tls.cert", Kind::Text, FILE),
    key("cluster.tls.key", Kind::Text, FILE),
    key("wires.auth", Kind::Text, WIRE),
    key("wires.session", Kind::Text, WIRE),
    key("wires.event", Kind::Text, WIRE),
    key(
        "database.url",
        Kind::Url,
        "a URL, as in postgres://user:password@host:5432/gantry",
    )
    .plain(&["DATABASE_URL"]),
    key("database.max_connections", Kind::Number, NUMBER),
    key("redis.url", Kind::Url, "a URL, as in redis://host:6379").plain(&["REDIS_URL"]),
    key("redis.cluster", Kind::Switch, SWITCH),
    key("redis.on_start", Kind::Text, "continue or refuse"),
    key("password.algorithm", Kind::Text, "argon2id"),
    key("password.memory_kib", Kind::Number, NUMBER),
    key("password.iterations", Kind::Number, NUMBER),
    key("password.parallelism", Kind::Number, NUMBER),
    key("password.threads", Kind::Number, NUMBER),
    key("password.queue", Kind::Number, NUMBER),
    key(
        "password.breached_range_url",
        Kind::Text,
        "a URL, as in https://range.example/range",
    ),
    key("limits.*.max", Kind::Number, NUMBER),
    key("limits.*.per_seconds", Kind::Number, NUMBER),
    key("limits.*.on_outage", Kind::Text, "memory, allow or refuse"),
    key("smtp.host", Kind::Text, "a host name").alias(&["GANTRY_SMTP_HOST"]),
    key("smtp.port", Kind::Number, "a port").alias(&["GANTRY_SMTP_PORT"]),
    key("smtp.user", Kind::Text, TEXT),
    key("smtp.password", Kind::Secret, TEXT),
    key("smtp.from", Kind::Text, "an e-mail address"),
    key("smtp.from_name", Kind::Text, TEXT),
    key("smtp.tls", Kind::Text, "auto, starttls, wrapped or off"),
    key("smtp.ca", Kind::Text, FILE),
    key("smtp.alerts_to", Kind::Text, "an e-mail address"),
    key("egress.allow", Kind::List, NETWORKS).alias(&["GANTRY_EGRESS_ALLOW"]),
    key("egress.allow_http", Kind::Switch, SWITCH).alias(&["GANTRY_EGRESS_ALLOW_HTTP"]),
    key(
        "egress.proxy",
        Kind::Url,
        "a URL, as in http://user:password@proxy.example.com:3128",
    ),
    key("events.retention_days", Kind::Number, NUMBER),
    key("events.watchers", Kind::Number, NUMBER),
    key(
        "acme.directory",
        Kind::Text,
        "a URL, as in https://ca.example.com/directory",
    ),
    key("acme.terms_agreed", Kind::Switch, SWITCH),
    key("acme.contact", Kind::Text, "an e-mail address"),
    key("acme.ca", Kind::Text, FILE),
    key("acme.eab_key_id", Kind::Text, TEXT),
    key("acme.eab_key", Kind::Secret, TEXT),
    key("log.format", Kind::Text, "text or json"),
    key(
        "log.filter",
        Kind::Text,
        "a level (info), or levels by target (warn,gantry_auth=debug)",
    ),
    key("metrics.addr", Kind::Text, ADDRESS),
    key("otel.endpoint", Kind::Text, "a URL, as in http://127.0.0.1:4317").plain(&["OTEL_EXPORTER_OTLP_ENDPOINT"]),
    key("otel.service_name", Kind::Text, TEXT).plain(&["OTEL_SERVICE_NAME"]),
    key("otel.sample_ratio", Kind::Ratio, "a number from 0 to 1").plain(&["OTEL_TRACES_SAMPLER_ARG"]),
    key("otel.trusted_callers", Kind::List, NETWORKS),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use toml::{Table, Value};

    use super::*;
    use crate::{Config, MANUAL};

    /// The fields that a section takes, out of serde's mouth.
    fn fields(section: &str) -> BTreeSet<String> {
        let text = if section.is_empty() {
            "zzz = 1".to_owned()
        } else {
            format!("[{section}]\nzzz = 1")
        };
        let error = text
            .parse::<Table>()
            .unwrap()
            .try_into::<Config>()
            .unwrap_err()
            .to_string();
        let (_, list) = error.split_once("expected ").unwrap();
        list.lines()
            .next()
            .unwrap()
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    /// The names that the table has in a section: settings and sections below.
    fn listed(section: &str) -> BTreeSet<String> {
        let prefix = if section.is_empty() {
            String::new()
        } else {
            format!("{section}.")
        };
        let below = KEYS.iter().filter_map(|key| key.path.strip_prefix(&prefix));
        below.map(|rest| rest.split('.').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_table_and_the_sections_have_the_same_names() {
        let mut sections: BTreeSet<&str> = BTreeSet::from([""]);
        for key in KEYS {
            sections.extend(key.path.match_indices('.').map(|(at, _)| key.path.split_at(at).0));
        }
        sections.remove("limits");
        for section in sections {
            let concrete = section.replace('*', "login");
            assert_eq!(fields(&concrete), listed(section), "[{section}]");
        }
    }

    #[test]
    fn the_manual_has_every_setting_and_no_other() {
        let text = MANUAL.replace("#: ", "");
        let mut found = Vec::new();
        names("", text.parse::<Table>().unwrap(), &mut found);
        let known: Vec<&str> = KEYS
            .iter()
            .map(|key| key.path)
            .filter(|path| !path.contains('*'))
            .collect();
        found.sort();
        let mut sorted = known.clone();
        sorted.sort_unstable();
        assert_eq!(found, sorted);
    }

    fn names(prefix: &str, table: Table, found: &mut Vec<String>) {
        for (name, value) in table {
            let path = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}.{name}")
            };
            match value {
                Value::Table(inner) => names(&path, inner, found),
                _ => found.push(path),
            }
        }
    }

    #[test]
    fn no_variable_has_two_meanings() {
        let mut seen = BTreeSet::new();
        for key in KEYS {
            let own: BTreeSet<String> = [variable(key.path)]
                .into_iter()
                .chain(key.aliases.iter().chain(key.plain).map(|name| (*name).to_owned()))
                .collect();
            for name in own {
                assert!(seen.insert(name.clone()), "{name}");
            }
        }
    }
}
