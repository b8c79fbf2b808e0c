//! `cargo xtask bench`: Gantry beside its baseline, in the same run, on the same servers.
//!
//! Machines are shared and noisy, so ratios and processor time per request count and absolute figures do not. Nothing
//! here is a test, and nothing is asserted but that the answers were right.

mod build;
mod cpu;
mod events;
mod hooks;
mod http;
mod json;
mod load;
mod open;
mod report;
mod scale;
mod seed;
mod start;
mod subject;
mod timing;

use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::servers::{Durability, Servers};
use load::Measured;
use report::{Cell, Report};
use subject::{Request, Subject};

/// What to measure, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Which workloads; all when none is named
    #[arg(value_enum, ignore_case = true)]
    workloads: Vec<Workload>,
    /// Seconds for each figure
    #[arg(long, default_value_t = 2.0, value_parser = seconds)]
    seconds: f64,
    /// Rounds, in which the two take turns; the median of their ratios is what counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: u32,
    /// Users to make on each side [default: 1000; for scale 1000000 on the large side]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    users: Option<u32>,
    /// Realms of the large side of scale
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    realms: u32,
    /// Events of the large side of W5
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u32).range(100_000..=200_000_000))]
    events: u32,
    /// Events of the small side of W5
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(10_000..=100_000_000))]
    few_events: u32,
    /// Measure scale, timing and hooks on SQLite in place of PostgreSQL
    #[arg(long)]
    sqlite: bool,
    /// Questions of each kind for timing, about users and about nobody
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    samples: u32,
    /// Sessions to make on each side
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    sessions: u32,
    /// Clients at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 16, 64])]
    clients: Vec<usize>,
    /// Measure the baseline beside itself: what this machine's noise makes of two equal things
    #[arg(long)]
    self_check: bool,
    /// How to print the figures
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// Log in
    W1,
    /// Check a session, read from the store each time
    W2,
    /// List a user's last fifty events among few and among many, append, and watch; takes minutes, and is left out unless named
    W5,
    /// Publish keys
    W6,
    /// Check sessions 300 times a second while 32 clients log in as fast as they can
    W9,
    /// Time from start to the ready line, five times, on a data directory that exists
    Start,
    /// Gets, finds and lists with 1,000,000 users in 10,000 realms beside 100 users; takes minutes, and is left out unless named
    Scale,
    /// Whether the time of an answer tells who has an account (T-08); takes minutes, and is left out unless named
    Timing,
    /// Webhooks delivered a second to a receiver on this machine, and the time from a change to its delivery; left out unless named
    Hooks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    Json,
}

const ALL: [Workload; 5] = [Workload::Start, Workload::W1, Workload::W2, Workload::W6, Workload::W9];
/// Those that start and fill what they measure themselves.
const APART: [Workload; 4] = [Workload::Scale, Workload::Timing, Workload::Hooks, Workload::W5];
/// How long each side runs before the first figure of a workload.
const WARM_UP: Duration = Duration::from_secs(2);

impl Options {
    /// The users of each side.
    fn users(&self) -> u32 {
        self.users.unwrap_or(1000)
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_e| "not a number".to_owned())?;
    let bounded = (0.1..=60.0).contains(&seconds);
    bounded
        .then_some(seconds)
        .ok_or_else(|| "between 0.1 and 60".to_owned())
}

/// Builds, starts, seeds, measures, prints.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        // The load comes from this very program: unoptimised it would be slower than what it measures.
        return build::again_in_release().await;
    }
    let mut workloads = if options.workloads.is_empty() {
        ALL.to_vec()
    } else {
        options.workloads.clone()
    };
    if workloads.contains(&Workload::Scale) {
        scale::run(&options).await?;
    }
    if workloads.contains(&Workload::Timing) {
        timing::run(&options).await?;
    }
    if workloads.contains(&Workload::Hooks) {
        hooks::run(&options).await?;
    }
    if workloads.contains(&Workload::W5) {
        events::run(&options).await?;
    }
    workloads.retain(|workload| !APART.contains(workload));
    if workloads.is_empty() {
        return Ok(());
    }
    let programs = build::release(options.self_check).await?;
    let servers = Servers::start(Durability::Real).await?;
    let mut report = Report::default();
    if workloads.contains(&Workload::Start)
        && let Some(gantry) = &programs.gantry
    {
        report.starts = start::measure(gantry, servers.directory()).await?;
    }
    let baseline = Subject::ceiling("ceiling", &programs.ceiling, &servers, &options).await?;
    let candidate = match &programs.gantry {
        Some(gantry) => Subject::gantry(gantry, &servers, &options).await?,
        None => Subject::ceiling("itself", &programs.ceiling, &servers, &options).await?,
    };
    report.candidate = candidate.name.clone();
    report.idle_kib = Some((candidate.idle_kib, baseline.idle_kib));
    for workload in workloads {
        match workload {
            Workload::Start | Workload::Scale | Workload::Timing | Workload::Hooks | Workload::W5 => {}
            Workload::W1 => {
                side_by_side(Request::Login, &candidate, &baseline, &servers, &options, &mut report).await?
            }
            Workload::W2 => {
                side_by_side(Request::Session, &candidate, &baseline, &servers, &options, &mut report).await?
            }
            Workload::W6 => side_by_side(Request::Keys, &candidate, &baseline, &servers, &options, &mut report).await?,
            Workload::W9 => {
                let time = Duration::from_secs_f64(options.seconds * 5.0);
                report.mixed.push((
                    candidate.name.clone(),
                    open::checks_under_logins(&candidate, time).await?,
                ));
                report
                    .mixed
                    .push((baseline.name.clone(), open::checks_under_logins(&baseline, time).await?));
            }
        }
    }
    match options.output {
        Output::Table => println!("{}", report.table()),
        Output::Json => println!("{}", report.json()),
    }
    report.void()
}

/// Lets the two take turns, at each number of clients, and keeps what came out.
async fn side_by_side(
    request: Request,
    candidate: &Subject,
    baseline: &Subject,
    servers: &Servers,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<()> {
    let time = Duration::from_secs_f64(options.seconds);
    for subject in [candidate, baseline] {
        load::closed(subject, request, 4, WARM_UP).await?;
    }
    for clients in &options.clients {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..options.rounds {
            // Who comes first changes, so that neither always finds the machine as the other left it.
            let first_ours = round % 2 == 0;
            for turn in [first_ours, !first_ours] {
                let (subject, into) = if turn {
                    (candidate, &mut ours)
                } else {
                    (baseline, &mut theirs)
                };
                into.push(measured(subject, request, *clients, time, servers).await?);
            }
        }
        let cell = Cell::new(request, *clients, ours, theirs, candidate.memory_kib()?);
        eprintln!("bench: {}", cell.line());
        report.cells.push(cell);
    }
    Ok(())
}

/// Measures once: requests, and the processor time of all who took part in them.
async fn measured(
    subject: &Subject,
    request: Request,
    clients: usize,
    time: Duration,
    servers: &Servers,
) -> anyhow::Result<Measured> {
    let roots: Vec<u32> = subject.process_ids().into_iter().chain(servers.process_ids()).collect();
    let before = cpu::used(&roots)?;
    let mut measured = load::closed(subject, request, clients, time).await?;
    measured.cpu = cpu::used(&roots)?.saturating_sub(before);
    if measured.good == 0 {
        let why = measured.unexpected_sample.clone();
        bail!(
            "{} gave no good answer; one of the others: {}",
            subject.name,
            why.context("none at all")?
        );
    }
    Ok(measured)
}
