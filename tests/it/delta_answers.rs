//! Tables, beside what other engines found in them.

use karat::Run;
use karat::Suite;
use karat::data::Value;
use karat::document::Syntax;
use karat::evaluate::{Outcome, Verdict};
use karat::gate::Decision;
use serde_json::{Value as Json, json};

use super::corpora::same;

/// A suite that measures all that the answers tell of a table.
pub fn probe(answer: &Json) -> Suite {
    Suite::parse(&probe_text(answer), "probe.json", Syntax::Json).unwrap()
}

/// The same as JSON.
pub fn probe_text(answer: &Json) -> String {
    let mut columns = serde_json::Map::new();
    for (name, stats) in answer["stats"].as_object().into_iter().flatten() {
        let kind = stats["type"].as_str().unwrap();
        let (least, nested) = match kind {
            "string" => (json!("x"), false),
            "date32[day]" | "timestamp[us, tz=UTC]" | "timestamp[us]" => (json!("2020-01-01"), false),
            _ => (json!(0), kind.contains('<')),
        };
        let bound = || json!({"min": least});
        let mut checks = vec![json!({"not_null": null, "id": format!("{name} nulls")})];
        if !nested && stats.get("distinct").is_some() {
            checks.push(json!({"distinct_count": {"min": 0}, "id": format!("{name} distinct")}));
        }
        for statistic in ["sum", "min", "max"] {
            if stats.get(statistic).is_some() {
                checks.push(json!({statistic: bound(), "id": format!("{name} {statistic}")}));
            }
        }
        columns.insert(path(name, stats), Json::Array(checks));
    }
    let mut suite = json!({"suite": "answers", "table": [{"row_count": {"min": 0}, "id": "rows"}]});
    if !columns.is_empty() {
        suite["columns"] = Json::Object(columns);
    }
    suite.to_string()
}

/// Where a statistic's column is: a field of a struct has a path, any other one its name.
fn path(name: &str, stats: &Json) -> String {
    let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    match stats["path"].as_array() {
        Some(parts) => parts.iter().map(|part| quoted(part.as_str().unwrap())).collect::<Vec<_>>().join("."),
        None => quoted(name),
    }
}

/// What is wrong with a refusal: nothing may be judged, and the reason must be the known one.
pub fn not_refused(run: &Run, reason: &str) -> Option<String> {
    if run.decision() != Decision::Unknown {
        return Some(format!("listed as refused, but the gate says {:?}", run.decision()));
    }
    let judged = run.suites[0].outcomes.iter().find(|outcome| outcome.verdict != Verdict::Error);
    if let Some(judged) = judged {
        return Some(format!("listed as refused, but a verdict is {}", judged.verdict.name()));
    }
    let other = reasons(run).into_iter().find(|found| !found.contains(reason))?;
    Some(format!("refused because {other:?}, and not {reason:?}"))
}

pub fn reasons(run: &Run) -> Vec<String> {
    let mut reasons: Vec<String> = run.suites[0]
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.reason.as_deref().map(str::to_owned))
        .collect();
    reasons.dedup();
    reasons
}

/// What differs from the answers.
pub fn difference(answer: &Json, run: &Run) -> Option<String> {
    let run = &run.suites[0];
    if let Some(error) = &run.error {
        return Some(error.to_string());
    }
    let version = run.snapshot.as_ref()?.version;
    if answer["version"].as_u64() != version {
        return Some(format!("version {version:?}, theirs {}", answer["version"]));
    }
    let mut wrong = Vec::new();
    let rows = run.outcome("rows").unwrap();
    if rows.observed.as_count() != answer["rows"].as_u64() {
        wrong.push(format!("rows {} ({:?}), theirs {}", rows.observed, rows.reason, answer["rows"]));
    }
    for (column, stats) in answer["stats"].as_object().into_iter().flatten() {
        for statistic in ["nulls", "distinct", "sum", "min", "max"] {
            let Some(outcome) = run.outcome(&format!("{column} {statistic}")) else { continue };
            let found = statistic_differs(statistic, outcome, &stats[statistic]);
            wrong.extend(found.map(|found| format!("{column} {statistic}: {found}")));
        }
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

fn statistic_differs(statistic: &str, outcome: &Outcome, theirs: &Json) -> Option<String> {
    if outcome.verdict == Verdict::Error {
        return Some(format!("error: {:?}", outcome.reason));
    }
    let ours = match outcome.counts {
        Some(counts) => Value::Integer(i128::from(counts.failing)),
        None => Value::clone(&outcome.observed),
    };
    let equal = match (&ours, statistic) {
        // Sums of whole numbers and decimals are exact, to the last of their digits.
        (Value::Integer(_) | Value::Decimal(_), "sum") => theirs.as_str() == Some(ours.to_string().as_str()),
        // The answers leave out that the instants are in UTC.
        (Value::Timestamp { instant: true, .. }, _) => {
            theirs.as_str().map(|text| format!("{text}Z")) == Some(ours.to_string())
        }
        _ => same(&ours, theirs),
    };
    (!equal).then(|| format!("{ours}, theirs {theirs}"))
}
