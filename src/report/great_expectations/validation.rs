//! Writes the validation result of a suite.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value as Json, json};

use super::config::{batch_id, expectation_config, origin};
use super::format::ValidationOptions;
use super::result::result;
use crate::evaluate::{Outcome, Verdict};
use crate::report::inert::inert_json;
use crate::run::{Run, SuiteRun};
use crate::suite::Check;

/// The version of Great Expectations whose results are imitated.
const VERSION: &str = "1.24.1";

/// Returns the validation results of a run as indented JSON: an object for one suite, otherwise a list with
/// one object per suite.
#[must_use]
pub fn validation_results(run: &Run, options: &ValidationOptions) -> String {
    let mut results: Vec<Json> =
        run.suites.iter().map(|suite| validation_result(run, suite, options)).collect();
    let all = if let [only] = results.as_mut_slice() { only.take() } else { Json::Array(results) };
    inert_json(&all)
}

/// Returns the validation result of one suite of a run.
#[must_use]
pub fn validation_result(run: &Run, suite: &SuiteRun, options: &ValidationOptions) -> Json {
    let judged = suite.suite.checks.iter().zip(&suite.outcomes);
    let judged: Vec<(&Check, &Outcome)> =
        judged.filter(|(_, outcome)| outcome.verdict != Verdict::Skip).collect();
    let evaluated = judged.len();
    let successful = judged.iter().filter(|(_, outcome)| succeeds(outcome)).count();
    let results = ordered(judged).into_iter().map(|(check, outcome)| {
        json!({
            "success": succeeds(outcome),
            "expectation_config": expectation_config(suite, check),
            "result": result(suite, check, outcome, options),
            "meta": {},
            "exception_info": exception_info(outcome),
        })
    });
    json!({
        // A suite without evaluated checks has not succeeded.
        "success": evaluated > 0 && successful == evaluated,
        "results": results.collect::<Vec<_>>(),
        "suite_name": suite.suite.name,
        "suite_parameters": suite_parameters(suite),
        "statistics": {
            "evaluated_expectations": evaluated,
            "successful_expectations": successful,
            "unsuccessful_expectations": evaluated - successful,
            "success_percent": percent(successful, evaluated),
        },
        "meta": meta(run, suite),
        "id": null,
    })
}

/// Returns whether the expectation holds. The verdict before the severity's cap counts, so a low severity
/// excuses nothing.
fn succeeds(outcome: &Outcome) -> bool {
    matches!(outcome.uncapped, Verdict::Pass | Verdict::Warn)
}

/// Orders checks as Great Expectations does: first those that could not be evaluated, then column by column
/// in the order of first appearance. Checks on the table count as one column.
fn ordered<'a>(mut judged: Vec<(&'a Check, &'a Outcome)>) -> Vec<(&'a Check, &'a Outcome)> {
    let mut columns = HashMap::new();
    for (check, _) in &judged {
        let next = columns.len();
        columns.entry(check.column.as_ref()).or_insert(next);
    }
    judged.sort_by_key(|(check, outcome)| {
        (outcome.verdict != Verdict::Error, columns.get(&check.column.as_ref()).copied())
    });
    judged
}

fn exception_info(outcome: &Outcome) -> Json {
    let raised = outcome.verdict == Verdict::Error;
    let parts = [&outcome.reason, &outcome.help].into_iter().flatten().map(|text| &**text);
    let message = raised.then(|| parts.collect::<Vec<_>>().join("; "));
    // Readers of Great Expectations expect the traceback to be text.
    json!({ "raised_exception": raised, "exception_traceback": message, "exception_message": message })
}

/// Returns the parameters of a suite that was read from Great Expectations.
fn suite_parameters(suite: &SuiteRun) -> Json {
    let adopted = suite.suite.checks.iter().any(|check| origin(check).is_some());
    let root: Option<Map<String, Json>> =
        adopted.then(|| serde_json::from_str(&suite.suite.text).ok()).flatten();
    let given = root.and_then(|mut root| {
        ["suite_parameters", "evaluation_parameters"].iter().find_map(|key| root.remove(*key))
    });
    given.filter(Json::is_object).unwrap_or_else(|| json!({}))
}

fn meta(run: &Run, suite: &SuiteRun) -> Json {
    let snapshot = suite.snapshot.as_ref();
    let version = snapshot.and_then(|snapshot| snapshot.version);
    let identifiers = version.map_or_else(|| json!({}), |version| json!({ "version": version }));
    json!({
        "great_expectations_version": VERSION,
        "karat_version": env!("CARGO_PKG_VERSION"),
        "batch_spec": {
            "path": suite.uri,
            "format": snapshot.map(|snapshot| snapshot.format.name()),
            "version": version,
        },
        "batch_markers": {
            "ge_load_time": compact(run.started_at),
            "karat_digest": snapshot.and_then(|snapshot| snapshot.digest.as_deref()),
        },
        "active_batch_definition": {
            "datasource_name": "karat",
            "data_connector_name": "karat",
            "data_asset_name": suite.uri,
            "batch_identifiers": identifiers,
        },
        "batch_parameters": null,
        "batch_id": batch_id(suite),
        "validation_id": null,
        "checkpoint_id": null,
        "run_id": {
            "run_name": run.id,
            "run_time": run.started_at.to_rfc3339_opts(SecondsFormat::Micros, false),
        },
        "validation_time": run.started_at.to_rfc3339_opts(SecondsFormat::Micros, false),
    })
}

fn compact(time: DateTime<Utc>) -> String {
    time.format("%Y%m%dT%H%M%S%.6fZ").to_string()
}

#[expect(clippy::cast_precision_loss, reason = "Great Expectations divides doubles")]
fn percent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
}
