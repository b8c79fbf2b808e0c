//! A closed loop: each client asks again as soon as it has its answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::http::{Answer, Connection};
use super::subject::{Request, Subject};
use crate::home;

/// What one measurement found.
#[derive(Debug, Default, Clone)]
pub(super) struct Measured {
    /// Answers that were what they should be.
    pub(super) good: u64,
    /// Answers that were not, and requests without one.
    pub(super) unexpected: u64,
    /// One of those, for a person to read.
    pub(super) unexpected_sample: Option<String>,
    pub(super) time: Duration,
    /// Processor time of all processes that took part, except the clients.
    pub(super) cpu: Duration,
    /// Time to each answer in microseconds, sorted.
    pub(super) latencies: Vec<u32>,
}

impl Measured {
    /// Returns good answers a second.
    pub(super) fn rate(&self) -> f64 {
        count(self.good) / self.time.as_secs_f64()
    }

    /// Returns processor milliseconds for each good answer.
    pub(super) fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / count(self.good)
    }

    /// Returns the time within which a share of the answers came, in milliseconds.
    pub(super) fn quantile_ms(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a length is a length"
        )]
        let at = (last as f64 * share).round() as usize;
        f64::from(self.latencies.get(at).copied().unwrap_or_default()) / 1000.0
    }

    /// Adds what one client found.
    pub(super) fn add(&mut self, other: Self) {
        self.good += other.good;
        self.unexpected += other.unexpected;
        self.unexpected_sample = self.unexpected_sample.take().or(other.unexpected_sample);
        self.latencies.extend(other.latencies);
    }

    /// Counts an answer.
    pub(super) fn note(&mut self, request: Request, answer: Answer<'_>, since: Instant) {
        self.latencies
            .push(u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX));
        if request.is_answered_by(answer) {
            self.good += 1;
        } else {
            self.unexpected += 1;
            let body: String = String::from_utf8_lossy(answer.body).chars().take(300).collect();
            self.unexpected_sample
                .get_or_insert_with(|| format!("{} {body}", answer.status));
        }
    }
}

/// Writes a count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^52")]
pub(super) fn count(number: u64) -> f64 {
    number as f64
}

/// Runs one kind of request for a time.
pub(super) async fn closed(
    subject: &Subject,
    request: Request,
    clients: usize,
    time: Duration,
) -> anyhow::Result<Measured> {
    closed_at(subject.address, subject.requests(request), request, clients, time).await
}

/// The same with requests that are ready.
pub(super) async fn closed_at(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    request: Request,
    clients: usize,
    time: Duration,
) -> anyhow::Result<Measured> {
    let start = home::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let connection = Connection::open(address).await?;
        tasks.spawn(ask(
            connection,
            requests.clone(),
            request,
            client,
            clients,
            start + time,
        ));
    }
    let mut sum = Measured::default();
    while let Some(found) = tasks.join_next().await {
        sum.add(found?);
    }
    sum.time = start.elapsed();
    sum.latencies.sort_unstable();
    Ok(sum)
}

/// One client: walks through the requests with a step of its own, so that no two ask the same at once.
async fn ask(
    mut connection: Connection,
    requests: Arc<Vec<Vec<u8>>>,
    request: Request,
    client: usize,
    clients: usize,
    end: Instant,
) -> Measured {
    let mut found = Measured::default();
    for bytes in requests.iter().cycle().skip(client * requests.len() / clients.max(1)) {
        let now = home::now();
        if now >= end {
            break;
        }
        match connection.ask(bytes).await {
            Ok(answer) => found.note(request, answer, now),
            Err(error) => {
                found.unexpected += 1;
                found.unexpected_sample = Some(format!("{error:#}"));
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_off_the_counts() {
        let measured = Measured {
            good: 500,
            time: Duration::from_secs(2),
            cpu: Duration::from_secs(1),
            latencies: (1..=1000).map(|n| n * 1000).collect(),
            ..Measured::default()
        };
        assert!((measured.rate() - 250.0).abs() < 1e-9);
        assert!((measured.cpu_ms() - 2.0).abs() < 1e-9);
        assert!((measured.quantile_ms(0.5) - 501.0).abs() < 1.1);
        assert!((measured.quantile_ms(0.99) - 990.0).abs() < 1.1);
        assert!((Measured::default().quantile_ms(0.99)).abs() < 1e-9);
    }
}
