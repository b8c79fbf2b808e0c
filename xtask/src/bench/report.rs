//! What came out, as a table for people or JSON for programs.

use std::time::Duration;

use anyhow::bail;
use serde_json::{Value, json};

use super::load::{Measured, count};
use super::subject::Request;

/// More unexpected answers than this share void a run.
const UNEXPECTED: f64 = 0.001;
/// The goals that are not a share of the baseline.
const START_MS: f64 = 60.0;
const IDLE_MIB: f64 = 40.0;

/// One workload at one number of clients.
#[derive(Debug)]
pub(super) struct Cell {
    request: Request,
    clients: usize,
    ours: Vec<Measured>,
    theirs: Vec<Measured>,
    memory_kib: u64,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) candidate: String,
    pub(super) cells: Vec<Cell>,
    pub(super) starts: Vec<Duration>,
    /// Memory of the candidate and of the baseline before the first request.
    pub(super) idle_kib: Option<(u64, u64)>,
    /// Session checks and logins at the same time, by name.
    pub(super) mixed: Vec<(String, (Measured, Measured))>,
}

impl Cell {
    pub(super) fn new(
        request: Request,
        clients: usize,
        ours: Vec<Measured>,
        theirs: Vec<Measured>,
        memory_kib: u64,
    ) -> Self {
        Self {
            request,
            clients,
            ours,
            theirs,
            memory_kib,
        }
    }

    /// Returns the median of the rounds' ratios: each round compares two measurements that stood side by side.
    fn ratio(&self) -> f64 {
        let pairs = self.ours.iter().zip(&self.theirs);
        median(pairs.map(|(ours, theirs)| ours.rate() / theirs.rate()).collect())
    }

    /// Returns how far the baseline's own rounds lie apart: a smaller difference than this is no difference.
    fn spread(&self) -> f64 {
        let rates: Vec<f64> = self.theirs.iter().map(Measured::rate).collect();
        let (low, high) = rates.iter().fold((f64::MAX, 0.0_f64), |(low, high), rate| {
            (low.min(*rate), high.max(*rate))
        });
        (high - low) / median(rates)
    }

    fn unexpected(&self) -> f64 {
        let all = || self.ours.iter().chain(&self.theirs);
        let wrong: u64 = all().map(|one| one.unexpected).sum();
        let good: u64 = all().map(|one| one.good).sum();
        count(wrong) / count(wrong + good).max(1.0)
    }

    /// Returns the cell as one line.
    pub(super) fn line(&self) -> String {
        let of = |all: &[Measured], figure: fn(&Measured) -> f64| median(all.iter().map(figure).collect());
        let goal = self.request.goal();
        let (ratio, spread) = (self.ratio(), self.spread());
        let verdict = if ratio >= goal { "ok" } else { "below" };
        format!(
            "{:<18}{:>8}{:>10.0}{:>10.0}{:>8.2}{:>7.0}%{:>7.2} {:<6}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{:>9.3}{:>9.3}{:>8.1}",
            self.request.workload(),
            self.clients,
            of(&self.ours, Measured::rate),
            of(&self.theirs, Measured::rate),
            ratio,
            spread * 100.0,
            goal,
            verdict,
            of(&self.ours, |one| one.quantile_ms(0.5)),
            of(&self.theirs, |one| one.quantile_ms(0.5)),
            of(&self.ours, |one| one.quantile_ms(0.99)),
            of(&self.theirs, |one| one.quantile_ms(0.99)),
            of(&self.ours, Measured::cpu_ms),
            of(&self.theirs, Measured::cpu_ms),
            mib(self.memory_kib),
        )
    }

    fn json(&self) -> Value {
        let side = |all: &[Measured]| {
            let rounds = all.iter().map(|one| {
                json!({
                    "good": one.good, "unexpected": one.unexpected, "seconds": one.time.as_secs_f64(),
                    "per_second": one.rate(), "p50_ms": one.quantile_ms(0.5), "p99_ms": one.quantile_ms(0.99),
                    "cpu_ms": one.cpu_ms(),
                })
            });
            rounds.collect::<Vec<Value>>()
        };
        json!({
            "workload": self.request.workload(), "clients": self.clients, "ratio": self.ratio(),
            "spread": self.spread(), "goal": self.request.goal(), "memory_kib": self.memory_kib,
            "candidate": side(&self.ours), "baseline": side(&self.theirs),
        })
    }
}

impl Report {
    /// Writes everything for a person.
    pub(super) fn table(&self) -> String {
        let mut lines = Vec::new();
        if !self.cells.is_empty() {
            lines.push(format!(
                "\n{} beside the ceiling (rates a second, times in ms, memory in MiB)",
                self.candidate
            ));
            lines.push(format!(
                "{:<18}{:>8}{:>10}{:>10}{:>8}{:>8}{:>7} {:<6}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>8}",
                "workload",
                "clients",
                "rate",
                "ceiling",
                "ratio",
                "noise",
                "goal",
                "",
                "p50",
                "ceiling",
                "p99",
                "ceiling",
                "cpu",
                "ceiling",
                "memory"
            ));
            lines.extend(self.cells.iter().map(Cell::line));
        }
        if let Some((ours, theirs)) = self.idle_kib {
            let (ours, theirs) = (mib(ours), mib(theirs));
            lines.push(format!(
                "idle memory: {ours:.1} MiB (ceiling {theirs:.1}, goal {IDLE_MIB:.0})"
            ));
        }
        if !self.starts.is_empty() {
            let all: Vec<f64> = self.starts.iter().map(ms).collect();
            let list: Vec<String> = all.iter().map(|one| format!("{one:.0}")).collect();
            let (middle, list) = (median(all), list.join(" "));
            lines.push(format!(
                "start to ready: {middle:.0} ms (each: {list}; goal {START_MS:.0})"
            ));
        }
        for (name, (checks, logins)) in &self.mixed {
            lines.push(format!(
                "W9 {name}: {:.0} session checks/s with p50 {:.2} and p99 {:.2} ms, while {:.0} logins/s",
                checks.rate(),
                checks.quantile_ms(0.5),
                checks.quantile_ms(0.99),
                logins.rate()
            ));
        }
        lines.join("\n")
    }

    /// Writes everything for a program.
    pub(super) fn json(&self) -> Value {
        let mixed = self.mixed.iter().map(|(name, (checks, logins))| {
            json!({"name": name, "checks_per_second": checks.rate(), "p50_ms": checks.quantile_ms(0.5),
                   "p99_ms": checks.quantile_ms(0.99), "logins_per_second": logins.rate()})
        });
        json!({
            "candidate": self.candidate,
            "cells": self.cells.iter().map(Cell::json).collect::<Vec<_>>(),
            "start_ms": self.starts.iter().map(ms).collect::<Vec<_>>(),
            "idle_kib": self.idle_kib.map(|(ours, _)| ours),
            "idle_kib_baseline": self.idle_kib.map(|(_, theirs)| theirs),
            "mixed": mixed.collect::<Vec<_>>(),
        })
    }

    /// Refuses a run in which too many answers were not what they should be.
    pub(super) fn void(&self) -> anyhow::Result<()> {
        if let Some(cell) = self.cells.iter().find(|cell| cell.unexpected() > UNEXPECTED) {
            let all = cell.ours.iter().chain(&cell.theirs);
            let sample = all
                .filter_map(|one| one.unexpected_sample.clone())
                .next()
                .unwrap_or_default();
            let (share, name) = (cell.unexpected() * 100.0, cell.request.workload());
            bail!(
                "void: {share:.2} % unexpected answers at {name} with {} clients, such as: {sample}",
                cell.clients
            );
        }
        for (name, (checks, logins)) in &self.mixed {
            let wrong = count(checks.unexpected + logins.unexpected);
            if wrong / (wrong + count(checks.good + logins.good)) > UNEXPECTED {
                let sample = checks.unexpected_sample.as_ref().or(logins.unexpected_sample.as_ref());
                bail!("void: too many unexpected answers at W9 of {name}, such as: {sample:?}");
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "memory in KiB stays far below 2^52")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

fn ms(time: &Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(good: u64, unexpected: u64) -> Measured {
        Measured {
            good,
            unexpected,
            unexpected_sample: (unexpected > 0).then(|| "500 oops".to_owned()),
            time: Duration::from_secs(1),
            ..Measured::default()
        }
    }

    fn cell(ours: &[(u64, u64)], theirs: &[(u64, u64)]) -> Cell {
        let all = |side: &[(u64, u64)]| side.iter().map(|(good, wrong)| measured(*good, *wrong)).collect();
        Cell::new(Request::Session, 4, all(ours), all(theirs), 1024)
    }

    #[test]
    fn the_ratio_is_the_median_of_the_rounds() {
        let cell = cell(&[(80, 0), (10, 0), (90, 0)], &[(100, 0), (100, 0), (100, 0)]);
        assert!((cell.ratio() - 0.8).abs() < 1e-9);
        assert!(cell.spread().abs() < 1e-9);
        assert!(cell.line().contains(" ok "), "{}", cell.line());
    }

    #[test]
    fn unexpected_answers_void_the_run() {
        let report = |ours| Report {
            cells: vec![cell(&[ours], &[(1000, 0)])],
            ..Report::default()
        };
        assert!(report((1000, 2)).void().is_ok());
        let error = report((1000, 3)).void().unwrap_err().to_string();
        assert!(error.contains("500 oops"), "{error}");
    }
}
