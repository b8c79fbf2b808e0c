//! What processes cost, as the kernel counts it: processor time and memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use anyhow::Context;

/// The kernel counts in hundredths of a second on every machine that Rust's standard Linux targets run on.
const TICK: Duration = Duration::from_millis(10);

/// One process as `/proc/<id>/stat` shows it.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    parent: u32,
    /// User and system time, its own and that of its ended children.
    ticks: u64,
}

/// Returns the processor time that these processes and all that descend from them have used.
pub(super) fn used(roots: &[u32]) -> anyhow::Result<Duration> {
    let all = processes()?;
    let ticks: u64 = family(&all, roots)
        .iter()
        .filter_map(|id| all.get(id))
        .map(|stat| stat.ticks)
        .sum();
    Ok(TICK * u32::try_from(ticks)?)
}

/// Returns the memory of a process and its descendants, shared pages divided among those who share them.
pub(super) fn memory_kib(root: u32) -> anyhow::Result<u64> {
    let all = processes()?;
    let mut sum = 0;
    for id in family(&all, &[root]) {
        let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        sum += number
            .context("the kernel tells no proportional set size")?
            .parse::<u64>()?;
    }
    Ok(sum)
}

fn processes() -> anyhow::Result<BTreeMap<u32, Stat>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // One that has just ended is counted by its parent.
        if let Some(stat) = fs::read_to_string(format!("/proc/{id}/stat"))
            .ok()
            .and_then(|text| parse(&text))
        {
            all.insert(id, stat);
        }
    }
    Ok(all)
}

fn family(all: &BTreeMap<u32, Stat>, roots: &[u32]) -> BTreeSet<u32> {
    let mut found: BTreeSet<u32> = roots.iter().copied().collect();
    loop {
        let more: Vec<u32> = all
            .iter()
            .filter(|(id, stat)| found.contains(&stat.parent) && !found.contains(id))
            .map(|(id, _)| *id)
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// Reads a line of `/proc/<id>/stat`. The name in brackets may hold anything, so fields count from its end.
fn parse(text: &str) -> Option<Stat> {
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let parent = fields.get(1)?.parse().ok()?;
    let ticks = fields
        .get(11..15)?
        .iter()
        .map(|field| field.parse::<u64>())
        .sum::<Result<u64, _>>()
        .ok()?;
    Some(Stat { parent, ticks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whatever_the_name() {
        let line = "42 (a) b (c) S 7 1 1 0 -1 4194304 100 0 0 0 11 22 3 4 20 0 8 0 100 1 1";
        assert_eq!(parse(line), Some(Stat { parent: 7, ticks: 40 }));
        assert_eq!(parse("nonsense"), None);
    }

    #[test]
    fn this_process_uses_time_and_memory() {
        let id = std::process::id();
        let before = used(&[id]).unwrap();
        let mut sum = 0_u64;
        while used(&[id]).unwrap() == before {
            sum = (0..100_000_u64).fold(sum, |sum, n| std::hint::black_box(sum.wrapping_add(n)));
        }
        assert!(memory_kib(id).unwrap() > 100, "{sum}");
    }

    #[test]
    fn a_family_reaches_grandchildren() {
        let stat = |parent| Stat { parent, ticks: 1 };
        let all = BTreeMap::from([(2, stat(1)), (3, stat(2)), (4, stat(3)), (5, stat(1))]);
        assert_eq!(family(&all, &[2]), BTreeSet::from([2, 3, 4]));
    }
}
