//! `gantry key`.

use std::process::ExitCode;

use gantry_auth::{KeyInfo, Setup};
use gantry_config::Config;
use gantry_db::StoreError;

use super::print;
use crate::check;
use crate::cli::{KeyCommand, Output};

pub(super) async fn run(config: Config, command: KeyCommand, output: Output) -> anyhow::Result<ExitCode> {
    let db = check::open_database(&config)?;
    if !db.pending().await.map_err(check::database_error)?.is_empty() {
        anyhow::bail!("the database is not up to date: run `gantry migrate` first");
    }
    let setup = Setup::of_database(db);
    match command {
        KeyCommand::Create(new) => {
            let made = setup
                .create_key(&new.name, new.permission.word(), new.realm.clone())
                .await;
            let (id, key) = match (made, new.realm) {
                (Err(StoreError::Missing(_)), Some(realm)) => {
                    anyhow::bail!("there is no realm {realm}: GET /v2/realms lists them")
                }
                (made, _) => made?,
            };
            let json = || serde_json::json!({ "id": id.as_str(), "key": key.expose() });
            print(output, json, || {
                format!("{}\n(shown this once; its id is {id})", key.expose())
            });
        }
        KeyCommand::List => {
            let keys = setup.list_keys().await?;
            print(
                output,
                || keys.iter().map(as_json).collect(),
                || keys.iter().map(as_line).collect::<Vec<_>>().join("\n"),
            );
        }
        KeyCommand::Revoke { id } => {
            if !setup.revoke_key(&id).await? {
                anyhow::bail!("no key {id} that is not revoked: `gantry key list` shows the ids");
            }
            print(
                output,
                || serde_json::json!({ "revoked": id }),
                || format!("revoked {id}"),
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(key: &KeyInfo) -> serde_json::Value {
    serde_json::json!({
        "id": key.id,
        "name": key.name,
        "permission": key.permission,
        "realm_id": key.realm_id,
        "created_at": key.created_at as f64 / 1000.0,
        "revoked": key.revoked_at.is_some(),
    })
}

fn as_line(key: &KeyInfo) -> String {
    let realm = key.realm_id.as_deref().unwrap_or("account-wide");
    let state = if key.revoked_at.is_some() { "revoked" } else { "active" };
    format!(
        "{}  {:6}  {:7}  {:26}  {}",
        key.id, key.permission, state, realm, key.name
    )
}
