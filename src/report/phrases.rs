//! Phrases an outcome in one line.

use serde_json::Value as Json;

use super::numbers::{count, percent};
use super::visible::brief;
use crate::data::{Exact, Value, counted, grouped};
use crate::evaluate::{Counts, Outcome, Verdict};
use crate::expectation::Nature;
use crate::suite::{Check, Limit, Thresholds};

/// Returns the finding: what was observed, the thresholds, and the reason for the verdict. May be empty.
pub(super) fn finding(check: &Check, outcome: &Outcome) -> String {
    if outcome.verdict == Verdict::Error {
        let reason = outcome.reason.as_deref().unwrap_or("no reason is known");
        let help = outcome.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
        return format!("could not be evaluated: {reason}{help}");
    }
    let seen = match (&outcome.counts, &*outcome.observed) {
        _ if outcome.vacuous => String::new(),
        (Some(counts), _) if counts.failing > 0 => rows(check, outcome, *counts),
        (Some(_), _) | (None, Value::Null) => String::new(),
        // The reason says how a list of the schema differs from the expected one.
        (None, Value::List(_)) if check.definition.nature == Nature::Schema => String::new(),
        (None, observed) if !check.group_by.is_empty() => groups(check, outcome, observed),
        (None, Value::Struct(fields)) => {
            let apart = apart(check, fields).map(|apart| format!(", {apart} apart")).unwrap_or_default();
            format!("{}{apart}", named(fields, &bounds(check)))
        }
        // Names of types are written as in suites, without quotes.
        (None, Value::String(name)) if check.definition.nature == Nature::Schema => {
            format!("observed {}", brief(name, 60))
        }
        (None, observed) => format!("observed {}", shown(observed, &bounds(check))),
    };
    let failing =
        outcome.counts.filter(|counts| counts.failing > 0 && check.thresholds != Thresholds::default());
    let thresholds =
        failing.filter(|_| allowed(check, outcome).is_none()).map(|_| check.thresholds.to_string());
    let parts = [
        Some(seen).filter(|seen| !seen.is_empty()),
        thresholds,
        outcome.reason.as_deref().map(str::to_owned),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns a phrase on the failing rows. Where a limit allows them, the rows only fall short: a tick must not
/// stand beside "rows fail".
fn rows(check: &Check, outcome: &Outcome, counts: Counts) -> String {
    let share = percent(counts.failing_percent());
    let failing = count(counts.failing);
    let allowed = allowed(check, outcome);
    match (allowed, check.definition.id) {
        (Some(limit @ Limit::Count { .. }), "not_null") => {
            format!("{failing} null ({share}), {}", limit.allowed())
        }
        (Some(limit), "not_null") => format!("{share} null, {}", limit.allowed()),
        (allowed, _) => {
            let of = counted(counts.considered, "row", "rows");
            let frequent = frequent(outcome).map(|values| format!(": {values}")).unwrap_or_default();
            match (allowed, counts.failing) {
                (Some(limit), 1) => format!("1 of {of} falls short ({share}), {}{frequent}", limit.allowed()),
                (Some(limit), _) => {
                    format!("{failing} of {of} fall short ({share}), {}{frequent}", limit.allowed())
                }
                (None, 1) => format!("1 of {of} fails ({share}){frequent}"),
                (None, _) => format!("{failing} of {of} fail ({share}){frequent}"),
            }
        }
    }
}

/// Returns the limit that allows the failing rows of a check that passes.
fn allowed(check: &Check, outcome: &Outcome) -> Option<Limit> {
    match check.thresholds {
        Thresholds { warn: None, fail: Some(limit) } if outcome.uncapped == Verdict::Pass => Some(limit),
        _ => None,
    }
}

/// Returns the number of groups and of failing ones, with the first of these:
/// `1 of 5 groups fails: F (observed 3)`.
fn groups(check: &Check, outcome: &Outcome, observed: &Value) -> String {
    const MOST: usize = 3;
    let number = |name| observed.field(name).and_then(Value::as_count);
    let (Some(all), Some(failing)) = (number("groups"), number("failing")) else {
        return shown(observed, &[]);
    };
    let all = counted(all, "group", "groups");
    if failing == 0 {
        return all;
    }
    let verb = if failing == 1 { "fails" } else { "fail" };
    let rows = outcome.samples.rows.iter().take(MOST).map(|row| {
        let keys: Vec<_> = row.key.iter().map(|(_, key)| quoted(key, 40)).collect();
        let value = row.values.iter().find(|(name, value)| name == "observed" && !value.is_null());
        let value =
            value.map_or_else(String::new, |(_, value)| format!(" ({})", shown(value, &bounds(check))));
        format!("{}{value}", keys.join(" "))
    });
    let mut first: Vec<String> = rows.collect();
    if u64::try_from(first.len()).is_ok_and(|shown| (1..failing).contains(&shown)) {
        first.push("…".to_owned());
    }
    let first = if first.is_empty() { String::new() } else { format!(": {}", first.join(", ")) };
    format!("{} of {all} {verb}{first}", count(failing))
}

/// Returns the most frequent failing values: `"X" ×9, "?" ×3`.
fn frequent(outcome: &Outcome) -> Option<String> {
    const MOST: usize = 3;
    let samples = &outcome.samples;
    let exact = outcome.counts.is_some_and(|counts| counts.failing == samples.counted);
    let values =
        samples.frequent.iter().filter(|(value, _)| !value.is_null()).take(MOST).map(|(value, times)| {
            let value = quoted(value, 40);
            if exact && *times > 1 { format!("{value} ×{}", count(*times)) } else { value }
        });
    let values: Vec<_> = values.collect();
    let more = samples.frequent.len() > MOST || !exact;
    (!values.is_empty()).then(|| format!("{}{}", values.join(", "), if more { ", …" } else { "" }))
}

/// Returns a value of the data, cut to `most` characters. Text is quoted, to distinguish it from nulls,
/// numbers and dates. A number is often an identifier, so its thousands are not separated.
pub(super) fn quoted(value: &Value, most: usize) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", brief(&text.replace('"', "\\\""), most)),
        Value::List(_) | Value::Struct(_) => brief(&inner(value), most),
        other => brief(&other.to_string(), most),
    }
}

/// Returns a value that is nested in another one, in full.
fn inner(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", text.replace('"', "\\\"")),
        Value::List(items) => format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", ")),
        Value::Struct(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", inner(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns a measured value, cut short. Doubles are rounded, but never across one of the bounds.
fn shown(value: &Value, bounds: &[Value]) -> String {
    const MOST: usize = 60;
    match value {
        Value::Float(float) => grouped(&rounded(float.0, bounds).to_string()),
        Value::Integer(_) | Value::Decimal(_) | Value::Exact(_) => grouped(&value.to_string()),
        Value::Struct(fields) => named(fields, bounds),
        Value::List(items) => {
            let items = items.iter().map(|item| match item {
                Value::Float(float) => rounded(float.0, bounds),
                other => other.clone(),
            });
            quoted(&Value::List(items.collect()), MOST)
        }
        other => quoted(other, MOST),
    }
}

/// Returns several values with their names: `self 14,976, other 14,976`.
fn named(fields: &[(String, Value)], bounds: &[Value]) -> String {
    let others = |index: usize| {
        let others = fields.iter().enumerate().filter(move |(other, _)| *other != index);
        others.map(|(_, (_, value))| value).chain(bounds).cloned().collect::<Vec<_>>()
    };
    let each = fields
        .iter()
        .enumerate()
        .map(|(index, (name, value))| format!("{name} {}", shown(value, &others(index))));
    each.collect::<Vec<_>>().join(", ")
}

/// Returns the distance of a number from the same one elsewhere, in percent of that, if the tolerance is in percent: with
/// as many digits as show on which side of the tolerance it is.
fn apart(check: &Check, fields: &[(String, Value)]) -> Option<String> {
    const MOST_DIGITS: usize = 12;
    let tolerance = check.arguments.get("tolerance")?.as_str()?.trim().strip_suffix('%')?;
    let tolerance: f64 = tolerance.trim().parse().ok()?;
    let number =
        |wanted| fields.iter().find(|(name, _)| name == wanted).and_then(|(_, value)| Exact::of(value));
    let (here, there) = (number("self")?, number("other")?);
    let apart = here.minus(&there)?.over(&there)?.times(&Exact::integer(100))?.magnitude().to_f64();
    let side = |apart: f64| apart.partial_cmp(&tolerance);
    let mut digits =
        (1..MOST_DIGITS).map(|digits| format!("{apart:.digits$e}").parse::<f64>().unwrap_or(apart));
    let shown = digits.find(|shown| side(*shown) == side(apart)).unwrap_or(apart);
    (apart > 0.0).then(|| format!("{shown} %"))
}

/// Rounds a double to 12 digits, unless rounding moves it across or onto one of the bounds. A whole number
/// below 10¹⁸ keeps all its digits.
fn rounded(double: f64, bounds: &[Value]) -> Value {
    const READABLE: f64 = 1e18;
    let whole = Value::float(double);
    if let (true, Some(exact)) = (double.fract() == 0.0 && double.abs() < READABLE, Exact::double(double)) {
        return exact.value();
    }
    let short = format!("{double:.11e}").parse().map_or(whole.clone(), Value::float);
    let is_as = bounds.iter().all(|bound| short.compare(bound) == whole.compare(bound));
    if is_as { short } else { whole }
}

/// Returns the numbers among the arguments of a check.
fn bounds(check: &Check) -> Vec<Value> {
    fn gather(json: &Json, into: &mut Vec<Value>) {
        match json {
            Json::Number(number) => into.extend(Exact::parse(&number.to_string()).map(Exact::value)),
            Json::String(text) => into.extend(Exact::parse(text).map(Exact::value)),
            Json::Array(items) => items.iter().for_each(|item| gather(item, into)),
            Json::Object(fields) => fields.values().for_each(|value| gather(value, into)),
            Json::Null | Json::Bool(_) => {}
        }
    }
    let mut numbers = Vec::new();
    gather(&check.arguments, &mut numbers);
    numbers
}
