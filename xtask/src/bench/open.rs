//! An open loop: requests come when they come, however the server fares; latency counts from when one should have been sent.

use std::time::Duration;

use anyhow::ensure;
use tokio::task::JoinSet;

use super::http::Connection;
use super::load::{self, Measured};
use super::subject::{Request, Subject};
use crate::home;

const CHECKS_A_SECOND: u32 = 300;
/// Connections for the checks; more than ever wait at once unless the server is stuck.
const CONNECTIONS: u32 = 60;
const LOGIN_CLIENTS: usize = 32;

/// Checks sessions at a steady rate while others log in as fast as they can; returns both.
pub(super) async fn checks_under_logins(subject: &Subject, time: Duration) -> anyhow::Result<(Measured, Measured)> {
    let logins = load::closed(subject, Request::Login, LOGIN_CLIENTS, time);
    let (checks, logins) = tokio::try_join!(steady(subject, time), logins)?;
    ensure!(
        checks.good > 0 && logins.good > 0,
        "{} gave no good answer",
        subject.name
    );
    Ok((checks, logins))
}

async fn steady(subject: &Subject, time: Duration) -> anyhow::Result<Measured> {
    let requests = subject.requests(Request::Session);
    let start = home::now();
    let gap = Duration::from_secs(1) / CHECKS_A_SECOND;
    let mut tasks = JoinSet::new();
    for first in 0..CONNECTIONS {
        let mut connection = Connection::open(subject.address).await?;
        let requests = requests.clone();
        tasks.spawn(async move {
            let mut found = Measured::default();
            // Each connection has every n-th moment of the schedule.
            for (moment, bytes) in (first..).step_by(CONNECTIONS as usize).zip(requests.iter().cycle()) {
                let due = start + gap * moment;
                if due >= start + time {
                    break;
                }
                tokio::time::sleep_until(due.into()).await;
                match connection.ask(bytes).await {
                    Ok(answer) => found.note(Request::Session, answer, due),
                    Err(error) => {
                        found.unexpected += 1;
                        found.unexpected_sample = Some(format!("{error:#}"));
                        break;
                    }
                }
            }
            found
        });
    }
    let mut sum = Measured::default();
    while let Some(found) = tasks.join_next().await {
        sum.add(found?);
    }
    sum.time = start.elapsed();
    sum.latencies.sort_unstable();
    Ok(sum)
}
