//! A plan is plain data: it can be compared and written down, and its metrics are known by fingerprints that
//! are the same in every process.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use karat::metric::Metric;
use karat::plan::{Plan, PlannedCheck};
use karat::run::bound;
use karat::{CheckOptions, Data, Suite};
use polars::prelude::{DataFrame, df};
use serde::Serialize;
use serde_json::Value as Json;

use crate::catalogue::{Asked, suites};

/// The plans of all pages, each of a suite and data of its own.
fn plans() -> BTreeMap<&'static str, Plan> {
    let plan =
        |(id, Asked { suite, data, options, .. })| (id, bound(&suite, data, &options).unwrap().plan.unwrap());
    suites().into_iter().map(plan).collect()
}

fn json(of: &impl Serialize) -> Json {
    serde_json::from_str(&serde_json::to_string(of).unwrap()).unwrap()
}

/// Asserts that two are written the same if and only if they are the same.
fn written_as_they_are<T: Serialize + PartialEq>(all: &[&T]) {
    let written: Vec<Json> = all.iter().map(json).collect();
    for (one, json) in all.iter().zip(&written) {
        for (other, other_json) in all.iter().zip(&written) {
            assert_eq!(one == other, json == other_json, "{json} {other_json}");
        }
    }
}

#[test]
fn the_plan_of_every_page_is_the_same_each_time_and_is_written_down() {
    let plans = plans();
    assert_eq!(plans, self::plans());
    for (id, plan) in &plans {
        let json = json(plan);
        assert_eq!(json["metrics"].as_array().unwrap().len(), plan.metrics.len(), "{id}");
        assert_eq!(json["checks"].as_array().unwrap().len(), plan.checks.len(), "{id}");
    }
    written_as_they_are(&plans.values().collect::<Vec<_>>());
    let checks: Vec<&PlannedCheck> = plans.values().flat_map(|plan| &plan.checks).collect();
    assert!(checks.len() > 200, "{}", checks.len());
    written_as_they_are(&checks);
}

#[test]
fn metrics_share_a_fingerprint_if_and_only_if_they_are_the_same() {
    let mut by_fingerprint: HashMap<String, Metric> = HashMap::new();
    let mut all = 0;
    for metric in [plans(), plans()].iter().flat_map(BTreeMap::values).flat_map(|plan| &plan.metrics) {
        all += 1;
        let known = by_fingerprint.entry(metric.fingerprint()).or_insert_with(|| metric.clone());
        assert_eq!(known, metric);
    }
    let different: HashSet<&Metric> = by_fingerprint.values().collect();
    assert_eq!(different.len(), by_fingerprint.len());
    assert!(all >= 2 * different.len() && different.len() > 200, "{all} {}", different.len());
    // What people are told does not tell them all apart.
    let named: HashSet<String> = different.iter().map(ToString::to_string).collect();
    assert!(named.len() < different.len());
}

/// Metrics of every kind, and text tests with and without parameters.
const KINDS: &str = r"
suite: kinds
columns:
  n:
    - not_null
    - between: {min: 0.1, max: 100}
    - min: {min: 0}
    - sum: {min: -.inf}
    - stddev: {max: 1e300}
    - quantiles: [{at: 0.5, min: 0}]
    - increasing
    - exists_in: other
    - {max: {min: 0}, group_by: text}
  text:
    - iban
    - country_code: '3'
    - json_schema: {schema: {type: object}}
    - datetime_format: '%Y-%m-%d'
    - matches: '^[a-z]+$'
    - {matches: '(?=a)b', id: looks around}
    - unique
    - distinct_values: {in: [a, b]}
  at:
    - in_past
table:
  - correlation: {left: n, right: m, min: 0}
  - row_count_same_as: other
  - same_rows_as: {data: other, key: [n], columns: [m], tolerance: 0.5}
  - unexpected_rows: SELECT n FROM {batch} GROUP BY n HAVING count(*) > 1
  - query_matches: {query: 'SELECT max(m) FROM {batch}', data: other}
";

fn rows() -> DataFrame {
    let days = [chrono::NaiveDate::default(); 2];
    df!("n" => [1_i64, 2], "m" => [0.5, 1.5], "text" => ["a", "b"], "at" => days).unwrap()
}

/// A fingerprint that changes by chance costs all that was kept of earlier runs; one that does not, where
/// what a metric counts has changed, lets what was kept stand for something else: then its version is to be
/// raised, see `src/metric/fingerprint.rs` and `src/predicate/semantics.rs`. `KARAT_UPDATE=1` writes them
/// anew.
#[test]
fn fingerprints_stay_as_they_are() {
    let suite = Suite::from_yaml(KINDS).unwrap();
    let options = CheckOptions {
        now: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        datasets: std::sync::Arc::new(|_| rows().into()),
        ..CheckOptions::default()
    };
    let asked = bound(&suite, Data::from(rows()), &options).unwrap().plan.unwrap();
    for (check, planned) in suite.checks.iter().zip(&asked.checks) {
        assert!(planned.judged_by.is_ok(), "{}: {:?}", check.id, planned.judged_by);
    }
    let mut text = String::new();
    for metric in &asked.metrics {
        writeln!(text, "{} {metric}", metric.fingerprint()).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/plans/fingerprints.txt");
    if std::env::var_os("KARAT_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(held == text, "{} is stale; run with KARAT_UPDATE=1 and look at the difference", path.display());
}
