//! Whether the time of an answer tells who has an account (T-08): the same questions about addresses that are users' and about
//! addresses that are nobody's, in turns, and what statistics make of the two.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;
use serde_json::{Value, json};

use super::http::{self, Connection};
use super::scale::{Template, call};
use super::subject::environment;
use super::{Options, Output, build, start};
use crate::home;
use crate::servers::{Durability, Servers};

/// Users, and addresses that are nobody's.
const ADDRESSES: u32 = 200;
/// Asked before the first that counts.
const WARM_UP: u32 = 100;
/// A difference of means beyond so many standard errors, or a distance between the two distributions beyond so many times what is
/// to be expected, comes by chance once in a hundred times.
const WELCH: f64 = 2.576;
const KOLMOGOROV: f64 = 1.628;

/// What is asked about an address.
#[derive(Debug, Clone, Copy)]
struct Question {
    name: &'static str,
    path: &'static str,
    status: u16,
    password: Option<&'static str>,
}

const QUESTIONS: [Question; 4] = [
    Question {
        name: "login, wrong password",
        path: "/v2/login",
        status: 422,
        password: Some("wrong horse battery"),
    },
    Question {
        name: "password/forgot",
        path: "/v2/password/forgot",
        status: 200,
        password: None,
    },
    Question {
        name: "login/email",
        path: "/v2/login/email",
        status: 200,
        password: None,
    },
    Question {
        name: "signup, verified first",
        path: "/v2/signup",
        status: 200,
        password: Some("correct horse battery"),
    },
];

/// What came of a question: microseconds.
#[derive(Debug)]
struct Found {
    name: &'static str,
    known: Vec<f64>,
    unknown: Vec<f64>,
}

/// Makes users, asks, and prints what the times tell.
pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let gantry = build::gantry().await?;
    let servers = Servers::start(Durability::Real).await?;
    let mut command = Command::new(gantry);
    let directory = servers.directory().join("timing");
    std::fs::create_dir_all(&directory)?;
    // Limits would tell how often somebody was asked for, to whom the benchmark asks thousands of times.
    command
        .arg("serve")
        .envs(environment(&directory))
        .env("GANTRY_LIMITS_ENABLED", "false");
    if !options.sqlite {
        command.env("DATABASE_URL", servers.new_database("timing").await?);
    }
    let started = start::until_ready("gantry", &mut command, &log(&directory))?;
    let template = Template::make(started.address).await?;
    let mut connection = Connection::open(started.address).await?;
    let realm = format!("/v2/realms/{}", template.realm);
    for n in 0..ADDRESSES {
        let user = json!({"email": address(true, n), "password": "correct horse battery"});
        let body = json!({"realm_id": template.realm, "user": user});
        call(&mut connection, "POST", "/v2/users", Some(body)).await?;
    }
    let settings = json!({"realm": {"email_verification": "preverify", "email_login": "both"}});
    call(&mut connection, "PUT", &realm, Some(settings)).await?;
    let mut all = Vec::new();
    for question in QUESTIONS {
        eprintln!("bench: {}, {} times each", question.name, options.samples);
        all.push(asked(&mut connection, &template.host, question, options.samples).await?);
    }
    match options.output {
        Output::Table => println!("{}", table(&all)),
        Output::Json => println!("{}", Value::from(all.iter().map(Found::json).collect::<Vec<_>>())),
    }
    Ok(())
}

fn log(directory: &Path) -> std::path::PathBuf {
    directory.join("log")
}

/// An address of either kind; both are as long.
fn address(known: bool, n: u32) -> String {
    let kind = if known { "user" } else { "none" };
    format!("{kind}{:03}@bench.example", n % ADDRESSES)
}

async fn asked(connection: &mut Connection, host: &str, question: Question, samples: u32) -> anyhow::Result<Found> {
    let mut found = Found {
        name: question.name,
        known: Vec::new(),
        unknown: Vec::new(),
    };
    for n in 0..WARM_UP + samples {
        // First the one, then the other, then the other way round: neither always comes after the work that the other left.
        let first = n % 2 == 0;
        for known in [first, !first] {
            let body = json!({"email": address(known, n), "password": question.password});
            let request = http::request("POST", question.path, host, &[], Some(&body.to_string()));
            let since = home::now();
            let status = connection.ask(&request).await?.status;
            let took = since.elapsed().as_secs_f64() * 1e6;
            ensure!(status == question.status, "{}: status {status}", question.name);
            match (n >= WARM_UP, known) {
                (true, true) => found.known.push(took),
                (true, false) => found.unknown.push(took),
                (false, _) => {}
            }
        }
    }
    found.known.sort_by(f64::total_cmp);
    found.unknown.sort_by(f64::total_cmp);
    Ok(found)
}

impl Found {
    /// The difference of the means in standard errors (Welch).
    fn welch(&self) -> f64 {
        let ((a, error_a), (b, error_b)) = (mean(&self.known), mean(&self.unknown));
        (a - b) / (error_a + error_b).sqrt().max(f64::MIN_POSITIVE)
    }

    /// The largest distance between the two distributions, as a share of what chance exceeds once in a hundred times
    /// (Kolmogorov and Smirnov).
    fn distance(&self) -> f64 {
        let (n, m) = (count(&self.known), count(&self.unknown));
        let below =
            |all: &[f64], value: f64| count(all.get(..all.partition_point(|one| *one <= value)).unwrap_or_default());
        let gap = |value: &f64| (below(&self.known, *value) / n - below(&self.unknown, *value) / m).abs();
        let largest = self.known.iter().chain(&self.unknown).map(gap).fold(0.0, f64::max);
        largest / (KOLMOGOROV * ((n + m) / (n * m)).sqrt())
    }

    fn tells(&self) -> bool {
        self.welch().abs() > WELCH || self.distance() > 1.0
    }

    fn json(&self) -> Value {
        json!({
            "question": self.name,
            "samples": self.known.len(),
            "known_median_us": median(&self.known),
            "unknown_median_us": median(&self.unknown),
            "welch_t": self.welch(),
            "kolmogorov_smirnov": self.distance(),
            "tells": self.tells(),
        })
    }
}

fn count(all: &[f64]) -> f64 {
    u32::try_from(all.len()).map_or(f64::MAX, f64::from)
}

/// The mean, and the square of its standard error.
fn mean(all: &[f64]) -> (f64, f64) {
    let n = count(all).max(2.0);
    let mean = all.iter().sum::<f64>() / n;
    let variance = all.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, variance / n)
}

fn median(all: &[f64]) -> f64 {
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn table(all: &[Found]) -> String {
    let mut text = format!(
        "{:<24} {:>7} {:>12} {:>12} {:>9} {:>9}  {}\n",
        "question", "samples", "user us", "nobody us", "Welch t", "KS / 1 %", "tells"
    );
    for found in all {
        text.push_str(&format!(
            "{:<24} {:>7} {:>12.0} {:>12.0} {:>9.2} {:>9.2}  {}\n",
            found.name,
            found.known.len(),
            median(&found.known),
            median(&found.unknown),
            found.welch(),
            found.distance(),
            if found.tells() { "YES" } else { "no" },
        ));
    }
    text.push_str("Medians in microseconds. By chance alone one line in fifty says YES: what matters is whether the same line says it again.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(known: impl Iterator<Item = u32>, unknown: impl Iterator<Item = u32>) -> Found {
        Found {
            name: "test",
            known: known.map(f64::from).collect(),
            unknown: unknown.map(f64::from).collect(),
        }
    }

    #[test]
    fn what_is_the_same_tells_nothing_and_what_is_not_does() {
        let same = found(
            (0..2000).map(|n| 1000 + n % 100),
            (0..2000).map(|n| 1000 + (n * 7) % 100),
        );
        assert!(same.welch().abs() < 0.01);
        let mut shifted = found((0..2000).map(|n| 1010 + n / 20), (0..2000).map(|n| 1000 + n / 20));
        assert!(shifted.welch() > WELCH && shifted.distance() > 1.0 && shifted.tells());
        // The same mean, spread otherwise: only the distributions tell.
        shifted.known = (0..2000)
            .map(|n| f64::from(if n < 1000 { 900 } else { 1199 }))
            .collect();
        assert!(
            shifted.welch().abs() < 1.0 && shifted.distance() > 1.0,
            "{}",
            shifted.welch()
        );
    }
}
