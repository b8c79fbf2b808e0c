//! What the questions cost, small beside large.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::load::Measured;
use super::{Cost, Size};

/// Writes everything for a person.
pub(super) fn text(large: &Size, costs: &[Cost], [small, big]: [Duration; 2], meanwhile: &Measured) -> String {
    let mut lines = vec![
        format!(
            "\n100 users beside {} users in {} realms, {} of them in the one that is asked (times in ms, one client)",
            large.users, large.realms, large.first
        ),
        format!(
            "{:<26}{:>9}{:>9}{:>8}{:>9}{:>9}{:>8}",
            "", "p50", "large", "ratio", "p99", "large", "ratio"
        ),
    ];
    lines.extend(costs.iter().map(line));
    lines.push(format!(
        "reset of the realm: answered in {:.0} ms, and in {:.0} ms with {} users; the lists are empty then",
        small.as_secs_f64() * 1000.0,
        big.as_secs_f64() * 1000.0,
        large.first
    ));
    lines.push(format!(
        "users of other realms while those are removed: p50 {:.2}, p99 {:.2}",
        meanwhile.quantile_ms(0.5),
        meanwhile.quantile_ms(0.99)
    ));
    lines.join("\n")
}

/// Writes one question's line.
pub(super) fn line(cost: &Cost) -> String {
    let mut line = format!("{:<26}", cost.name);
    for share in [0.5, 0.99] {
        let (small, large) = (cost.small.quantile_ms(share), cost.large.quantile_ms(share));
        line.push_str(&format!("{small:>9.2}{large:>9.2}{:>8.2}", large / small));
    }
    line
}

/// Writes everything for a program.
pub(super) fn json(costs: &[Cost], [small, large]: [Duration; 2], meanwhile: &Measured) -> Value {
    let side = |one: &Measured| json!({"asked": one.latencies.len(), "p50_ms": one.quantile_ms(0.5), "p99_ms": one.quantile_ms(0.99)});
    let cells = costs
        .iter()
        .map(|cost| json!({"question": cost.name, "small": side(&cost.small), "large": side(&cost.large)}));
    json!({
        "cells": cells.collect::<Vec<_>>(),
        "reset_ms": {"small": small.as_secs_f64() * 1000.0, "large": large.as_secs_f64() * 1000.0},
        "while_removing": side(meanwhile),
    })
}
