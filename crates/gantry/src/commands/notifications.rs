//! `gantry notifications`.

use std::process::ExitCode;

use gantry_config::Config;
use gantry_event::operator::{Deliveries, Delivery, Refused, Which};
use gantry_kernel::{Clock, SystemClock};
use serde_json::json;

use super::print;
use crate::check;
use crate::cli::{NotificationsCommand, Output, WhichNotifications};

pub(super) async fn run(config: Config, command: NotificationsCommand, output: Output) -> anyhow::Result<ExitCode> {
    let db = check::open_database(&config)?;
    if !db.pending().await.map_err(check::database_error)?.is_empty() {
        anyhow::bail!("the database is not up to date: run `gantry migrate` first");
    }
    let deliveries = Deliveries::of_database(db);
    match command {
        NotificationsCommand::List { which, max } => {
            let found = deliveries.list(&named(which), max).await.map_err(said)?;
            print(
                output,
                || found.iter().map(as_json).collect(),
                || found.iter().map(as_line).collect::<Vec<_>>().join("\n"),
            );
        }
        NotificationsCommand::Replay { id: Some(id), which } => {
            let now = SystemClock::new().now_ms();
            deliveries.replay_one(&which.realm, &id, now).await.map_err(said)?;
            print(
                output,
                || json!({ "replayed": 1 }),
                || format!("{id} is told once more"),
            );
        }
        NotificationsCommand::Replay { id: None, which } => {
            let replayed = replay(&deliveries, &named(which), output).await?;
            print(
                output,
                || json!({ "replayed": replayed }),
                || match replayed {
                    0 => "there is nothing to tell once more".to_owned(),
                    count => format!("{count} are told once more"),
                },
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Begins all anew, a part at a time, and tells how far it is.
async fn replay(deliveries: &Deliveries, which: &Which, output: Output) -> anyhow::Result<usize> {
    let (mut after, mut replayed) = (None, 0);
    loop {
        let now = SystemClock::new().now_ms();
        let part = deliveries.replay(which, after, now).await.map_err(said)?;
        replayed += part.count;
        if !part.more {
            return Ok(replayed);
        }
        if matches!(output, Output::Text) {
            eprintln!("{replayed} so far");
        }
        after = part.last;
    }
}

fn named(which: WhichNotifications) -> Which {
    Which {
        realm: which.realm,
        hook: which.hook,
        state: which.state,
        since: which.since,
        until: which.until,
    }
}

/// What is wrong, and what to do.
fn said(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::NotFound => {
            anyhow::anyhow!("not in this realm: `gantry notifications list` and GET /v2/hooks show the ids")
        }
        Refused::Inactive => anyhow::anyhow!("the hook is switched off: switch it on first (PUT /v2/hooks/:id)"),
        Refused::Wrong(fields) => anyhow::anyhow!(
            "{}",
            fields.iter().map(|field| hint(field)).collect::<Vec<_>>().join("; ")
        ),
        Refused::Store(error) => error.into(),
    }
}

/// What a field must be.
fn hint(field: &str) -> String {
    match field {
        "created_at_after" => {
            "--since is needed to tell once more what has not failed: a time in Unix seconds".to_owned()
        }
        "created_at_before" => "--until is a time in Unix seconds".to_owned(),
        _ => format!("--{field}: see --help for what it can be"),
    }
}

fn as_json(one: &Delivery) -> serde_json::Value {
    json!({
        "id": one.id, "hook_id": one.hook_id, "event_id": one.event_id, "event_type": one.event_type, "state": one.state,
        "attempts": one.attempts, "last_destination": one.destination, "last_result": one.result,
    })
}

fn as_line(one: &Delivery) -> String {
    let to = one.destination.as_deref().or(one.hook_id.as_deref()).unwrap_or("-");
    let result = one.result.as_deref().unwrap_or("-");
    format!(
        "{}  {:<11}  {:>2}  {:<28}  {to}  {result}",
        one.id, one.state, one.attempts, one.event_type
    )
}
