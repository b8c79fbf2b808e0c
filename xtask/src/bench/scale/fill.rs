//! Fills a database by its own command-line client: what Gantry made once is copied there as often as it takes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::json;

use super::super::http::Connection;
use super::super::json as read;
use super::super::subject::PASSWORD;
use super::{Size, call};
use crate::home;
use crate::process::{Process, on_path};
use crate::servers::Servers;

/// How many users share an org.
pub(super) const TO_AN_ORG: u32 = 5;
/// One of so many users has a session.
const WITH_SESSION: u32 = 10;
/// Sessions that are asked for.
const ASKED: u32 = 10;

/// Where the rows go.
#[derive(Debug)]
pub(super) enum Database<'a> {
    Postgres {
        servers: &'a Servers,
        name: &'a str,
        url: String,
    },
    Sqlite(PathBuf),
}

/// The first of each kind, made by Gantry.
#[derive(Debug)]
pub(in crate::bench) struct Template {
    pub(in crate::bench) realm: String,
    pub(in crate::bench) host: String,
    pub(in crate::bench) user: String,
    org: String,
    membership: String,
    session: String,
}

/// The id of the nth row of a kind that this file makes: older than any that Gantry makes.
pub(super) fn id(prefix: &str, n: u32) -> String {
    format!("{prefix}_{n:022}")
}

impl Template {
    /// Makes a realm that serves, with one of each kind.
    pub(in crate::bench) async fn make(address: SocketAddr) -> anyhow::Result<Self> {
        let mut connection = Connection::open(address).await?;
        let realm = call(
            &mut connection,
            "POST",
            "/v2/realms",
            Some(json!({"realm": {"name": "Bench"}})),
        )
        .await?;
        let realm = read::text(&realm, "id")?;
        let mut make = async |kind: &str, object: serde_json::Value| {
            let mut body = object;
            if let Some(body) = body.as_object_mut() {
                body.insert("realm_id".to_owned(), json!(realm));
            }
            call(&mut connection, "POST", &format!("/v2/{kind}"), Some(body)).await
        };
        let app =
            json!({"client_app": {"client_type": "standard", "name": "Bench", "redirect_uris": ["http://localhost/"]}});
        make("client_apps", app).await?;
        let domain = make("domains", json!({"domain": {"domain_type": "loginrocket"}})).await?;
        let user = json!({"user": {"email": "first@bench.example", "password": PASSWORD, "first_name": "Bench", "last_name": "User"}});
        let user = read::text(&make("users", user).await?, "id")?;
        let org = read::text(&make("orgs", json!({"org": {"name": "Bench"}})).await?, "id")?;
        let membership = json!({"membership": {"user_id": user, "org_id": org, "permissions": ["team:owner"]}});
        let membership = read::text(&make("memberships", membership).await?, "id")?;
        let session = make("sessions", json!({"session": {"user_id": user}})).await?;
        let session = read::text(&session, "id")?;
        Ok(Self {
            host: format!("{}:{}", read::text(&domain, "fqdn")?, address.port()),
            // What opens a session is longer than the id of its row.
            session: session.chars().take("kss_".len() + 22).collect(),
            realm,
            user,
            org,
            membership,
        })
    }

    /// Opens some sessions of users of the first realm.
    pub(super) async fn sessions(&self, address: SocketAddr) -> anyhow::Result<Vec<String>> {
        let mut connection = Connection::open(address).await?;
        let mut made = Vec::new();
        for n in 1..=ASKED {
            let body = json!({"realm_id": self.realm, "session": {"user_id": id("usr", n)}});
            made.push(read::text(
                &call(&mut connection, "POST", "/v2/sessions", Some(body)).await?,
                "id",
            )?);
        }
        Ok(made)
    }
}

impl Database<'_> {
    /// The address that Gantry is given; it finds its own file by itself.
    pub(super) fn url(&self) -> Option<&str> {
        match self {
            Self::Postgres { url, .. } => Some(url),
            Self::Sqlite(_) => None,
        }
    }

    /// A number as 22 digits, the end of an id.
    fn digits(&self, number: &str) -> String {
        match self {
            Self::Postgres { .. } => format!("lpad(({number})::text, 22, '0')"),
            Self::Sqlite(_) => format!("printf('%022d', {number})"),
        }
    }

    /// The numbers up to one, as a table `g` with a column `n`.
    fn numbers(&self, last: u32) -> String {
        match self {
            Self::Postgres { .. } => format!("generate_series(1, {last}) AS g (n)"),
            Self::Sqlite(_) => format!("(SELECT value AS n FROM generate_series(1, {last})) AS g"),
        }
    }

    /// Runs statements. What triggers count and foreign keys watch over is written down beside.
    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        let mut command = match self {
            Self::Postgres { servers, name, .. } => {
                let mut command = servers.psql(name);
                command.args([
                    "--command",
                    "SET session_replication_role = replica; SET synchronous_commit = off",
                ]);
                command.args(["--command", sql]);
                command
            }
            Self::Sqlite(path) => {
                let program = on_path("sqlite3").context("install sqlite3 (Debian: apt-get install sqlite3)")?;
                let mut command = Command::new(program);
                command.arg("-bail").arg(path).args([
                    ".dbconfig enable_trigger off",
                    "PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;",
                    sql,
                ]);
                command
            }
        };
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let status = Process::command("the database's client", &mut command)?.wait().await?;
        ensure!(status.success(), "the database refused: {sql}");
        Ok(())
    }
}

/// Makes all rows of an installation, and tells a person who waits how far it is.
pub(super) async fn all(name: &str, database: &Database<'_>, size: &Size, template: &Template) -> anyhow::Result<()> {
    let start = home::now();
    for (what, sql) in statements(database, size, template) {
        let since = home::now();
        database.run(&sql).await?;
        let (took, all) = (since.elapsed().as_secs_f64(), start.elapsed().as_secs_f64());
        eprintln!("bench: {name}: {what} in {took:.1} s, {all:.0} s in all");
    }
    Ok(())
}

fn statements(database: &Database<'_>, size: &Size, template: &Template) -> Vec<(&'static str, String)> {
    let Size { users, first, realms } = *size;
    let Template {
        realm,
        user,
        org,
        membership,
        session,
        ..
    } = template;
    let (d, numbers) = (|number: &str| database.digits(number), |last| database.numbers(last));
    let (n, orgs) = (d("n"), users.div_ceil(TO_AN_ORG));
    // Realm 0 is the template itself: it has the first orgs, and the others share the rest.
    let realm_of = |org: &str| {
        let other = d(&format!("1 + ({org}) % {}", realms - 1));
        format!(
            "CASE WHEN {org} <= {} THEN '{realm}' ELSE 'rl_' || {other} END",
            first.div_ceil(TO_AN_ORG)
        )
    };
    let (org_of, of_user) = (
        format!("((n - 1) / {TO_AN_ORG} + 1)"),
        realm_of(&format!("((n - 1) / {TO_AN_ORG} + 1)")),
    );
    let org_id = d(&org_of);
    let (all_realms, all_users, all_orgs) = (numbers(realms - 1), numbers(users), numbers(orgs));
    let realm_row = "public_name, environment, state, custom, default_locale, available_locales, email_verification, email_login, org_mode, signup, \
        name_field, org_name_field, password_field, username_field, allowed_origins, lr_features, look, access_token_minutes, jwt_algo, \
        jwt_minutes, jwt_scopes, session_minutes, created_at, updated_at, wiped_to, deleted_at";
    let tidy = match database {
        // As PostgreSQL's own housekeeping would, some minutes later.
        Database::Postgres { .. } => "VACUUM ANALYZE",
        Database::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE);",
    };
    vec![
        (
            "realms",
            format!(
                "INSERT INTO auth_realms (id, name, {realm_row}) SELECT 'rl_' || {n}, 'Realm ' || n, {realm_row} \
             FROM auth_realms AS t, {all_realms} WHERE t.id = '{realm}'"
            ),
        ),
        (
            "client apps",
            format!(
                "INSERT INTO auth_client_apps (id, realm_id, client_type, name, state, redirect_uris, created_at, updated_at) \
             SELECT 'app_' || {n}, 'rl_' || {n}, client_type, name, state, redirect_uris, created_at, updated_at \
             FROM auth_client_apps AS t, {all_realms} WHERE t.realm_id = '{realm}'"
            ),
        ),
        (
            "domains",
            format!(
                "INSERT INTO auth_domains (id, realm_id, domain_type, subdomain, fqdn, state, dns_state, created_at, updated_at) \
             SELECT 'dom_' || {n}, 'rl_' || {n}, domain_type, 'realm' || n, 'realm' || n || '.bench.example', state, dns_state, \
             created_at, updated_at FROM auth_domains AS t, {all_realms} WHERE t.realm_id = '{realm}'"
            ),
        ),
        (
            "auth providers",
            format!(
                "INSERT INTO auth_providers (id, realm_id, provider_type, state, min_length, created_at, updated_at) \
             SELECT 'ap_' || {n}, 'rl_' || {n}, provider_type, state, min_length, created_at, updated_at \
             FROM auth_providers AS t, {all_realms} WHERE t.realm_id = '{realm}' AND provider_type = 'password'"
            ),
        ),
        (
            "users",
            format!(
                "INSERT INTO auth_users (id, realm_id, state, email, email_verification, first_name, last_name, reference, custom, created_at, \
             updated_at) SELECT 'usr_' || {n}, {of_user}, state, 'user' || n || '@bench.example', email_verification, first_name, last_name, \
             'ref' || n, custom, created_at, updated_at FROM auth_users AS t, {all_users} WHERE t.id = '{user}'"
            ),
        ),
        (
            "credentials",
            format!(
                "INSERT INTO auth_credentials (id, realm_id, user_id, auth_provider_id, credential_type, secret, state, created_at, updated_at) \
             SELECT 'crd_' || {n}, u.realm_id, u.id, p.id, credential_type, secret, t.state, t.created_at, t.updated_at \
             FROM {all_users} JOIN auth_users AS u ON u.id = 'usr_' || {n} \
             JOIN auth_providers AS p ON p.realm_id = u.realm_id AND p.provider_type = 'password' \
             CROSS JOIN (SELECT * FROM auth_credentials WHERE user_id = '{user}' LIMIT 1) AS t"
            ),
        ),
        (
            "orgs",
            format!(
                "INSERT INTO auth_orgs (id, realm_id, state, name, name_key, custom, created_at, updated_at) \
             SELECT 'org_' || {n}, {}, state, 'Org ' || n, 'org ' || n, custom, created_at, updated_at \
             FROM auth_orgs AS t, {all_orgs} WHERE t.id = '{org}'",
                realm_of("n")
            ),
        ),
        (
            "memberships",
            format!(
                "INSERT INTO auth_memberships (id, realm_id, org_id, user_id, permissions, created_at, updated_at) \
             SELECT 'mb_' || {n}, {of_user}, 'org_' || {org_id}, 'usr_' || {n}, permissions, created_at, updated_at \
             FROM auth_memberships AS t, {all_users} WHERE t.id = '{membership}'"
            ),
        ),
        (
            "versions",
            format!(
                "INSERT INTO auth_versions (id, number, timed) SELECT 'usr_' || {n}, 1, false FROM {all_users}; \
             INSERT INTO auth_versions (id, number, timed) SELECT 'rl_' || {n}, 1, false FROM {all_realms}"
            ),
        ),
        (
            "sessions",
            format!(
                "INSERT INTO session_sessions (id, realm_id, user_id, client_app_id, ip, client, created_at, expires_at) \
             SELECT 'kss_' || {n}, {of_user}, 'usr_' || {n}, client_app_id, ip, client, created_at, expires_at \
             FROM session_sessions AS t, {all_users} WHERE t.id = '{session}' AND n % {WITH_SESSION} = 1"
            ),
        ),
        ("housekeeping", tidy.to_owned()),
    ]
}
