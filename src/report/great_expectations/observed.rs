//! The `result` of measured values and of the schema.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json, json};

use super::format::{LISTED, ResultFormat, ValidationOptions};
use super::json::json as written;
use crate::data::{Exact, Value};
use crate::evaluate::Outcome;
use crate::suite::Check;

/// Returns the `result` of a measured value or of the schema.
pub(super) fn result(check: &Check, outcome: &Outcome, options: &ValidationOptions) -> Map<String, Json> {
    let found = match check.definition.id {
        "exists" => json!({}),
        _ if outcome.masked && check.definition.id != "unexpected_rows" => json!({ "observed_value": null }),
        "columns" => columns(check, &outcome.observed),
        "distinct_values" => distinct_values(check, &outcome.observed),
        "quantiles" => quantiles(check, &outcome.observed),
        "query_matches" => query_matches(&outcome.observed),
        "unexpected_rows" => unexpected_rows(outcome, options),
        "kl_divergence" => kl_divergence(outcome),
        "most_common" if outcome.observed.is_null() => json!({ "observed_value": [] }),
        _ => json!({ "observed_value": written(&outcome.observed) }),
    };
    if let Json::Object(found) = found { found } else { Map::new() }
}

/// Returns the divergence, null if it is infinite, and the shares from which it was computed.
fn kl_divergence(outcome: &Outcome) -> Json {
    let divergence = outcome.observed.as_f64().filter(|divergence| divergence.is_finite());
    match &*outcome.details {
        Value::Null => json!({ "observed_value": divergence }),
        details => json!({ "observed_value": divergence, "details": written(details) }),
    }
}

/// Returns all columns, and how they differ from the expected ones.
fn columns(check: &Check, observed: &Value) -> Json {
    let Value::List(found) = observed else { return json!({ "observed_value": null }) };
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    let (observed, mismatched) = match (names(check, "ordered"), names(check, "set")) {
        (Some(wanted), _) => {
            let places = 0..found.len().max(wanted.len());
            let apart = places.filter(|place| found.get(*place) != wanted.get(*place)).map(|place| {
                json!({
                    "Expected Column Position": place,
                    "Expected": wanted.get(place),
                    "Found": found.get(place),
                })
            });
            let apart: Vec<Json> = apart.collect();
            (found, (!apart.is_empty()).then(|| Json::Array(apart)))
        }
        (None, Some(wanted)) => {
            let mut sorted = found;
            sorted.sort();
            let apart = set_apart(&sorted, wanted);
            (sorted, (!apart.is_empty()).then_some(Json::Object(apart)))
        }
        (None, None) => (found, None),
    };
    match mismatched {
        Some(mismatched) => json!({ "observed_value": observed, "details": { "mismatched": mismatched } }),
        None => json!({ "observed_value": observed }),
    }
}

fn set_apart(found: &[String], mut wanted: Vec<String>) -> Map<String, Json> {
    wanted.sort();
    let beyond = |names: &[String], others: &[String]| -> Vec<String> {
        names.iter().filter(|name| !others.contains(name)).cloned().collect()
    };
    let parts = [("unexpected", beyond(found, &wanted)), ("missing", beyond(&wanted, found))];
    let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
    parts.map(|(name, names)| (name.to_owned(), json!(names))).collect()
}

/// Returns the column names in an argument of a check, without backticks.
fn names(check: &Check, argument: &str) -> Option<Vec<String>> {
    let names = check.arguments.get(argument)?.as_array()?.iter().filter_map(Json::as_str);
    let plain = |name: &str| {
        crate::data::ColumnPath::parse(name).map_or_else(|_| name.to_owned(), |path| path.parts().join("."))
    };
    Some(names.map(plain).collect())
}

/// Returns the unexpected values and the missing ones.
fn distinct_values(check: &Check, observed: &Value) -> Json {
    const NAMED: usize = 20;
    let list = |name: &str| match observed.field(name) {
        Some(Value::List(values)) => values.as_slice(),
        _ => &[],
    };
    let partial = |values: &[Value]| -> Json { values.iter().take(NAMED).map(written).collect() };
    let mut found = Map::new();
    found.insert("observed_value".to_owned(), Json::Null);
    if check.arguments.get("contain").is_none() {
        let count = observed.field("unexpected_count").and_then(Value::as_count).unwrap_or(0);
        found.insert("unexpected_count".to_owned(), count.into());
        found.insert("partial_unexpected_list".to_owned(), partial(list("unexpected")));
    }
    if check.arguments.get("in").is_none() {
        found.insert("missing_count".to_owned(), list("missing").len().into());
        found.insert("partial_missing_list".to_owned(), partial(list("missing")));
    }
    Json::Object(found)
}

/// Returns the quantiles, and whether each of them is within its range.
fn quantiles(check: &Check, observed: &Value) -> Json {
    let ranges = check.arguments.get("ranges").and_then(Json::as_array).cloned().unwrap_or_default();
    let tolerance = check.arguments.get("tolerance").and_then(Json::as_f64).unwrap_or(0.0);
    let value = |place: usize| match observed {
        Value::List(values) => values.get(place).unwrap_or(&Value::Null),
        _ => &Value::Null,
    };
    let at: Vec<Json> = ranges.iter().map(|range| range["at"].clone()).collect();
    let values: Vec<Json> = (0..ranges.len()).map(|place| written(value(place))).collect();
    let within = ranges.iter().enumerate().map(|(place, range)| {
        let Some(number) = value(place).as_f64() else { return false };
        // A double stands for the decimal number that it is written as.
        let value = match value(place) {
            Value::Float(float) => Exact::written(float.0).map_or(Value::Float(*float), Exact::value),
            other => other.clone(),
        };
        let bound = |name: &str| range.get(name).and_then(bound);
        let near = |bound: f64| {
            tolerance > 0.0 && bound.is_finite() && (number - bound).abs() <= tolerance * bound.abs()
        };
        let meets = |(bound, written): (f64, Value), wanted: Ordering| {
            let order = value.compare(&written);
            order.is_some_and(|order| order == wanted || order.is_eq()) || near(bound)
        };
        bound("min").is_none_or(|min| meets(min, Ordering::Greater))
            && bound("max").is_none_or(|max| meets(max, Ordering::Less))
    });
    json!({
        "observed_value": { "quantiles": at, "values": values },
        "details": { "success_details": within.collect::<Vec<_>>() },
    })
}

/// Returns a bound of a range, as a double and as it is written. Suites write an infinite bound as `.inf`.
fn bound(json: &Json) -> Option<(f64, Value)> {
    let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let double: f64 = text.replacen(".inf", "inf", 1).parse().ok()?;
    let written = Exact::parse(&text).map_or_else(|| Value::float(double), Exact::value);
    Some((double, written))
}

/// Returns the number of rows that two queries do not share.
#[expect(clippy::cast_precision_loss, reason = "Great Expectations divides doubles")]
fn query_matches(observed: &Value) -> Json {
    let count = |name| observed.field(name).and_then(Value::as_count).unwrap_or(0);
    let apart = count("missing").max(count("unexpected"));
    let longer = count("rows").max(count("other"));
    let percent = (longer > 0).then(|| apart as f64 / longer as f64 * 100.0);
    json!({ "unexpected_count": apart, "unexpected_percent": percent })
}

/// Returns the number of rows of a query, and the first of them.
fn unexpected_rows(outcome: &Outcome, options: &ValidationOptions) -> Json {
    let rows = outcome.counts.map_or_else(|| written(&outcome.observed), |counts| counts.failing.into());
    if options.result_format < ResultFormat::Complete || outcome.masked {
        return json!({ "observed_value": rows });
    }
    let first = outcome.samples.rows.iter().take(LISTED).map(|row| {
        let fields = row.values.iter().map(|(name, value)| (name.clone(), written(value)));
        Json::Object(fields.collect())
    });
    json!({ "observed_value": rows, "details": { "unexpected_rows": first.collect::<Vec<_>>() } })
}
