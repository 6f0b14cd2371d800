//! What an outcome says in one line.

use super::numbers::{count, counted, percent};
use super::visible::brief;
use crate::data::{Value, grouped};
use crate::evaluate::{Outcome, Verdict};
use crate::expectation::Nature;
use crate::suite::{Check, Thresholds};

/// The finding: what was seen, and why that is not right.
pub(super) fn finding(check: &Check, outcome: &Outcome) -> String {
    if outcome.verdict == Verdict::Error {
        let reason = outcome.reason.as_deref().unwrap_or("no reason is known");
        let help = outcome.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
        return format!("could not be evaluated: {reason}{help}");
    }
    let seen = match (&outcome.counts, &outcome.observed) {
        _ if outcome.vacuous => String::new(),
        (Some(counts), _) if counts.failing > 0 => {
            let rows = counted(counts.considered, "row", "rows");
            let verb = if counts.failing == 1 { "fails" } else { "fail" };
            let share = percent(counts.failing_percent());
            let frequent = frequent(outcome).map(|values| format!(": {values}")).unwrap_or_default();
            format!("{} of {rows} {verb} ({share}){frequent}", count(counts.failing))
        }
        (Some(_), _) | (None, Value::Null) => String::new(),
        // What a schema lists is told by the reason, where it is not as it must be.
        (None, Value::List(_)) if check.definition.nature == Nature::Schema => String::new(),
        (None, observed) if !check.group_by.is_empty() => groups(outcome, observed),
        (None, Value::Struct(fields)) => named(fields),
        (None, observed) => format!("observed {}", shown(observed)),
    };
    let thresholds = outcome
        .counts
        .filter(|counts| counts.failing > 0 && check.thresholds != Thresholds::default())
        .map(|_| match check.thresholds {
            Thresholds { warn: None, fail: Some(limit) } if outcome.uncapped == Verdict::Pass => {
                limit.allowed()
            }
            thresholds => thresholds.to_string(),
        });
    let parts = [Some(seen).filter(|seen| !seen.is_empty()), thresholds, outcome.reason.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// How many groups there are and fail, and the first of those: `1 of 5 groups fails: F (observed 3)`.
fn groups(outcome: &Outcome, observed: &Value) -> String {
    const MOST: usize = 3;
    let number = |name| observed.field(name).and_then(Value::as_count);
    let (Some(all), Some(failing)) = (number("groups"), number("failing")) else { return shown(observed) };
    let all = counted(all, "group", "groups");
    if failing == 0 {
        return all;
    }
    let verb = if failing == 1 { "fails" } else { "fail" };
    let rows = outcome.samples.rows.iter().take(MOST).map(|row| {
        let keys: Vec<_> = row.key.iter().map(|(_, key)| quoted(key)).collect();
        let value = row.values.iter().find(|(name, value)| name == "observed" && !value.is_null());
        let value = value.map_or_else(String::new, |(_, value)| format!(" ({})", shown(value)));
        format!("{}{value}", keys.join(" "))
    });
    let mut first: Vec<String> = rows.collect();
    if u64::try_from(first.len()).is_ok_and(|shown| (1..failing).contains(&shown)) {
        first.push("…".to_owned());
    }
    let first = if first.is_empty() { String::new() } else { format!(": {}", first.join(", ")) };
    format!("{} of {all} {verb}{first}", count(failing))
}

/// The commonest failing values: `"X" ×9, "?" ×3`.
fn frequent(outcome: &Outcome) -> Option<String> {
    const MOST: usize = 3;
    let samples = &outcome.samples;
    let exact = outcome.counts.is_some_and(|counts| counts.failing == samples.counted);
    let values =
        samples.frequent.iter().filter(|(value, _)| !value.is_null()).take(MOST).map(|(value, times)| {
            let value = quoted(value);
            if exact && *times > 1 { format!("{value} ×{}", count(*times)) } else { value }
        });
    let values: Vec<_> = values.collect();
    let more = samples.frequent.len() > MOST || !exact;
    (!values.is_empty()).then(|| format!("{}{}", values.join(", "), if more { ", …" } else { "" }))
}

fn quoted(value: &Value) -> String {
    const MOST: usize = 40;
    match value {
        Value::String(text) => format!("\"{}\"", brief(&text.replace('"', "\\\""), MOST)),
        // Often an identifier: as it stands, without thousands.
        other => brief(&other.to_string(), MOST),
    }
}

/// A value, cut short.
pub(super) fn shown(value: &Value) -> String {
    const MOST: usize = 60;
    match value {
        Value::Integer(_) | Value::Decimal(_) | Value::Float(_) | Value::Exact(_) => {
            grouped(&value.to_string())
        }
        Value::Struct(fields) => named(fields),
        other => brief(&other.to_string(), MOST),
    }
}

/// What several values are called, and they: `self 14,976, other 14,976`.
fn named(fields: &[(String, Value)]) -> String {
    fields.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(", ")
}
