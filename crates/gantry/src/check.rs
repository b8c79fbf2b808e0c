//! What must be true before a process starts, and what `gantry doctor` looks at; each failure says what to do.

use gantry_config::{Config, OnStart};
use gantry_db::Db;
use gantry_kernel::Secret;
use gantry_limits::RedisConfig;
use gantry_proto::auth::v2::ResolveHostRequest;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_rpc::Wire;

use crate::{Roles, StartError};

/// Looks at the settings as a whole.
pub(crate) fn before_start(config: &Config, roles: Roles) -> Result<(), StartError> {
    let refuse = |text: &str| Err(StartError::Config(text.to_owned()));
    if !roles.is_all() {
        if config.cluster.secret.is_none() {
            return refuse(
                "cluster.secret is not set: services in several processes know each other by it; set GANTRY_CLUSTER_SECRET to the \
                 output of `openssl rand -hex 32` in each of them",
            );
        }
        if roles.any_service() && config.database.url.is_none() {
            return refuse("services in several processes share a PostgreSQL database: set DATABASE_URL=postgres://…");
        }
    }
    let (tls, addr) = (&config.grpc.tls, config.grpc.addr);
    let plain = tls.cert.is_none();
    if roles.any_service() && plain && !addr.ip().is_loopback() && !config.grpc.plain_on_private_network {
        return Err(StartError::Config(format!(
            "gRPC on {addr} would be plain: set grpc.tls.cert, grpc.tls.key and grpc.tls.client_ca (mutual TLS), or listen on \
             127.0.0.1, or, where the network is private, set grpc.plain_on_private_network"
        )));
    }
    let mine = &config.cluster.tls;
    let wires = [
        ("auth", roles.auth, &config.wires.auth),
        ("session", roles.session, &config.wires.session),
        ("event", roles.event, &config.wires.event),
    ];
    for (name, here, url) in wires {
        let secured = url.as_ref().is_some_and(|url| url.starts_with("https://"));
        if !here && secured && (mine.ca.is_none() || mine.cert.is_none() || mine.key.is_none()) {
            return Err(StartError::Config(format!(
                "wires.{name} is https: set cluster.tls.ca, cluster.tls.cert and cluster.tls.key, the authority of the services \
                 and what this process shows them"
            )));
        }
    }
    let names = gantry_proto::RPCS
        .iter()
        .flat_map(|rpc| rpc.limits)
        .map(|limit| limit.name);
    let names: std::collections::BTreeSet<_> = names.collect();
    for name in config.limits.keys() {
        if !names.contains(name.as_str()) {
            let known: Vec<_> = names.into_iter().collect();
            return Err(StartError::Config(format!(
                "limits.{name}: there is no such limit; there are {}",
                known.join(", ")
            )));
        }
    }
    Ok(())
}

/// Opens the database that is configured: a file in the data directory unless there is a URL.
pub(crate) fn open_database(config: &Config) -> Result<Db, StartError> {
    let url = match &config.database.url {
        Some(url) => url.expose().to_owned(),
        None => format!("sqlite://{}", config.data_dir.join("gantry.db").display()),
    };
    let mut settings = gantry_db::Config::new(url);
    settings.max_connections = usize::try_from(config.database.max_connections).unwrap_or(8).max(1);
    Db::open(&settings).map_err(|error| match &config.database.url {
        Some(_) => StartError::Database(format!("{error}; check DATABASE_URL")),
        None => StartError::Database(format!("{error}; set GANTRY_DATA_DIR to a directory of this user")),
    })
}

/// Why a database cannot be brought up to date, or looked at, and what to do.
pub(crate) fn database_error(error: impl std::fmt::Display) -> StartError {
    StartError::Database(format!(
        "{error}; is the database up, and is database.url (DATABASE_URL) right?"
    ))
}

/// Where Redis is, when it is configured.
pub(crate) fn redis_settings(config: &Config) -> Option<RedisConfig> {
    let url = config.redis.url.as_ref()?;
    // The limiter knows a cluster by its scheme.
    let url = match url.expose().split_once("://") {
        Some((scheme, rest)) if config.redis.cluster => Secret::new(format!("{scheme}+cluster://{rest}")),
        _ => url.clone(),
    };
    Some(RedisConfig::new(url))
}

/// Whether this installation has decided not to work without Redis.
pub(crate) fn redis_is_required(config: &Config) -> bool {
    config.redis.on_start == OnStart::Refuse
}

/// Whether Auth answers at all; a host that nobody has is as good an answer as any.
pub(crate) async fn auth_answers(auth: Wire) -> Result<(), ()> {
    let request = ResolveHostRequest {
        host: "readiness.invalid".to_owned(),
    };
    match AuthClient::new(auth).resolve_host(request).await {
        Ok(_) => Ok(()),
        Err(status) if status.code() == tonic::Code::NotFound => Ok(()),
        Err(_away) => Err(()),
    }
}
