//! Writes what a history holds as text for people.

use std::fmt::Write as _;

use super::compare::{RunDiff, SuiteRunDiff};
use super::record::{CheckRecord, RunRecord};
use super::timeline::{CheckAt, Timeline};
use crate::data::{counted, thousands};
use crate::evaluate::Verdict;
use crate::gate::tally;
use crate::report::{display_width, growth, minute, padded, visible};

/// Returns the runs, a line each: when, the gate, counts of checks, and the id.
#[must_use]
pub fn runs_text(runs: &[&RunRecord]) -> String {
    let rows = runs.iter().map(|run| {
        let checks = || run.suites.iter().flat_map(|suite| &suite.checks);
        vec![
            minute(run.started_at),
            gate(run.gate).to_owned(),
            counted(run.suites.len() as u64, "suite", "suites"),
            tally(|verdict| checks().filter(|check| check.verdict == verdict).count() as u64),
            visible(&run.id),
        ]
    });
    aligned(&rows.collect::<Vec<_>>())
}

/// Returns what a check came to, a line for each of the newest runs.
#[must_use]
pub fn timeline_text(id: &str, timeline: &Timeline<'_>, most: usize) -> String {
    let mut text = format!("{} of {}\n\n", visible(id), visible(timeline.suite));
    let rows = timeline.runs.iter().enumerate().take(most).map(|(place, CheckAt { run, suite, check })| {
        let before = timeline.runs.get(place + 1).map(|before| &before.check.fingerprint);
        let is_changed = before.is_some_and(|before| *before != check.fingerprint);
        vec![
            minute(run.started_at),
            suite.version.map_or_else(String::new, |version| format!("v{version}")),
            check.verdict.name().to_owned(),
            found(check),
            if is_changed { "demands something else than before".to_owned() } else { String::new() },
        ]
    });
    text.push_str(&aligned(&rows.collect::<Vec<_>>()));
    text
}

/// Returns what has changed from one run to another.
#[must_use]
pub fn diff_text(diff: &RunDiff) -> String {
    let mut text = format!("{} → {}\n", visible(&diff.old), visible(&diff.new));
    for suite in &diff.suites {
        let _ = write!(text, "\n{}\n", head(suite));
        for (what, ids) in [
            ("newly failing", &suite.newly_failing),
            ("fixed", &suite.fixed),
            ("still failing", &suite.still_failing),
            ("new", &suite.new),
            ("weaker", &suite.weaker),
            ("stronger", &suite.stronger),
            ("changed", &suite.changed),
            ("gone", &suite.gone),
        ] {
            if !ids.is_empty() {
                let ids: Vec<String> = ids.iter().map(|id| visible(id)).collect();
                let _ = writeln!(text, "  {what}: {}", ids.join(", "));
            }
        }
    }
    text
}

/// `silver/orders  v3 → v4  1,200 → 1,310 rows (+9.2 %)  gate passed → FAILED`
fn head(suite: &SuiteRunDiff) -> String {
    let mut parts = vec![visible(&suite.suite)];
    match (suite.old_version, suite.version) {
        (Some(old), Some(new)) if old != new => parts.push(format!("v{old} → v{new}")),
        (_, Some(version)) | (Some(version), None) => parts.push(format!("v{version}")),
        (None, None) => {}
    }
    if let (Some(old), Some(new)) = (suite.old_rows, suite.rows) {
        parts.push(rows(old, new));
    }
    parts.push(match (suite.old_gate, suite.gate) {
        (Some(old), Some(new)) if old != new => format!("gate {} → {}", gate(old), gate(new)),
        (_, Some(is)) => format!("gate {}", gate(is)),
        (_, None) => "not in the later run".to_owned(),
    });
    parts.join("  ")
}

fn rows(old: u64, new: u64) -> String {
    let counts = |rows: u64| thousands(&rows.to_string());
    if old == new {
        return format!("{} rows", counts(new));
    }
    let percent = growth(old, new).map(|percent| format!(" ({percent})")).unwrap_or_default();
    format!("{} → {} rows{percent}", counts(old), counts(new))
}

/// `3 of 1,200 rows fail`, or the measured value.
fn found(check: &CheckRecord) -> String {
    match (check.failing, check.considered, check.observed) {
        (Some(failing), Some(considered), _) => {
            let verb = if failing == 1 { "fails" } else { "fail" };
            format!("{} of {} {verb}", thousands(&failing.to_string()), counted(considered, "row", "rows"))
        }
        (_, _, Some(observed)) => format!("observed {observed}"),
        _ => String::new(),
    }
}

const fn gate(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass | Verdict::Warn => "passed",
        Verdict::Fail => "FAILED",
        Verdict::Error => "COULD NOT TELL",
        Verdict::Skip => "skipped",
    }
}

/// Returns rows whose columns stand below each other.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| display_width(cell))
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        // A column that no row fills takes no room.
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let cells: Vec<String> = cells.map(|(cell, width)| padded(cell, *width)).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
