//! Fills Gantry through its own API, as a customer would.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::http::{self, Connection};
use super::subject::{PASSWORD, ROOT_KEY};
use super::{Options, json as read};
use crate::home;

/// Connections that fill at once.
const CLIENTS: usize = 16;

/// What was made.
#[derive(Debug)]
pub(super) struct Seeded {
    /// The realm's LoginRocket host.
    pub(super) host: String,
    pub(super) emails: Vec<String>,
    pub(super) sessions: Vec<String>,
}

/// Makes a realm with a client app and a domain, users with a password, an org for each, and sessions.
pub(super) async fn fill(address: SocketAddr, options: &Options) -> anyhow::Result<Seeded> {
    let start = home::now();
    let mut connection = Connection::open(address).await?;
    let realm = make(
        &mut connection,
        address,
        "realms",
        "",
        json!({"realm": {"name": "Bench"}}),
    )
    .await?;
    let realm = read::text(&realm, "id")?;
    let app =
        json!({"client_app": {"client_type": "standard", "name": "Bench", "redirect_uris": ["http://localhost/"]}});
    make(&mut connection, address, "client_apps", &realm, app).await?;
    let domain = json!({"domain": {"domain_type": "loginrocket"}});
    let host = read::text(
        &make(&mut connection, address, "domains", &realm, domain).await?,
        "fqdn",
    )?;

    let emails: Vec<String> = (0..options.users()).map(|n| format!("user{n}@bench.example")).collect();
    let users = emails.iter().map(|email| {
        let user = json!({"user": {"email": email, "password": PASSWORD, "first_name": "Bench", "last_name": "User"}});
        ("users", user)
    });
    let users = make_all(address, &realm, users.collect()).await?;
    let sessions = (0..options.sessions as usize)
        .zip(users.iter().cycle())
        .map(|(_, user)| ("sessions", json!({"session": {"user_id": user}})));
    let sessions = make_all(address, &realm, sessions.collect()).await?;
    check_all(address, &format!("{host}:{}", address.port()), &sessions).await?;
    let (users, made) = (users.len(), sessions.len());
    eprintln!(
        "bench: filled gantry with {users} users and {made} sessions in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok(Seeded {
        host: format!("{host}:{}", address.port()),
        emails,
        sessions,
    })
}

/// Checks each session twice, as a browser does that logged in a moment ago: a session that a back end made gets the browser's token with
/// its first check, and what the second is told the gateway remembers. What is measured is every check that follows.
async fn check_all(address: SocketAddr, host: &str, sessions: &[String]) -> anyhow::Result<()> {
    let all = Arc::new(sessions.to_vec());
    let mut tasks = JoinSet::new();
    for first in 0..CLIENTS {
        let (all, host) = (all.clone(), host.to_owned());
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let own = all.iter().skip(first).step_by(CLIENTS);
            for id in own.clone().chain(own) {
                let request = http::request("GET", &format!("/v2/session?session={id}"), &host, &[], None);
                read::good("GET /v2/session", connection.ask(&request).await?)?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(part) = tasks.join_next().await {
        part??;
    }
    Ok(())
}

/// Makes many things at once and returns their ids in the order in which they were asked for.
async fn make_all(address: SocketAddr, realm: &str, all: Vec<(&'static str, Value)>) -> anyhow::Result<Vec<String>> {
    let all = Arc::new(all);
    let mut tasks = JoinSet::new();
    for first in 0..CLIENTS {
        let (all, realm) = (all.clone(), realm.to_owned());
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut made = Vec::new();
            for (place, (path, body)) in all.iter().enumerate().skip(first).step_by(CLIENTS) {
                let object = make(&mut connection, address, path, &realm, body.clone()).await?;
                made.push((place, read::text(&object, "id")?));
            }
            anyhow::Ok(made)
        });
    }
    let mut made = Vec::new();
    while let Some(part) = tasks.join_next().await {
        made.extend(part??);
    }
    made.sort_unstable();
    Ok(made.into_iter().map(|(_, id)| id).collect())
}

async fn make(
    connection: &mut Connection,
    address: SocketAddr,
    path: &str,
    realm: &str,
    body: Value,
) -> anyhow::Result<Value> {
    let mut headers = vec![("authrocket-api-key", ROOT_KEY)];
    if !realm.is_empty() {
        headers.push(("authrocket-realm", realm));
    }
    let body = body.to_string();
    let request = http::request(
        "POST",
        &format!("/v2/{path}"),
        &address.to_string(),
        &headers,
        Some(&body),
    );
    read::good(&format!("POST /v2/{path}"), connection.ask(&request).await?)
}
