//! Computed numbers, compared with fractions of integers of any size: on whole tables, in groups of rows, and
//! in files whose partial results are merged. Every bound lies beside the number or equals the number.
//!
//! The number of a case makes the same case on every machine. The oracle shares only the types of values with
//! karat.

mod case;
mod checks;
mod known;
mod measures;
mod number;

use std::fs::File;
use std::sync::Arc;

use karat::data::Value;
use karat::engine::polars::open;
use karat::engine::{Control, Engine, PolarsEngine};
use karat::evaluate::{JudgeOptions, Outcome, Verdict, judge};
use karat::expectation::OtherSchemas;
use karat::plan::{BindOptions, bind};
use karat::source::{At, StorageOptions, Trust};
use karat::{CheckOptions, DataSource, check};
use polars::prelude::{IntoLazy as _, ParquetWriter, StatisticsOptions};

use self::case::Case;
use self::checks::{Check, Expected};
use self::number::{Number, read};
use super::super::fuzz::{Random, run_for_a_while};
use super::rows::suite;

/// Number of checks in a case.
const CHECKS: usize = 24;

#[test]
fn numbers_are_those_of_fractions() {
    let count: usize = (0..60).map(evaluated).sum();
    println!("{count} evaluations without a difference");
    assert!(count > 60 * CHECKS);
}

/// Runs for `KARAT_FUZZ_SECONDS` seconds, from the case `KARAT_FUZZ_FROM` on, or else from a case that
/// depends on the time.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let mut count = 0;
    let cases = run_for_a_while(|number| count += evaluated(number));
    println!("{count} evaluations of the cases {cases:?} without a difference");
}

/// Compares one case in every way, and returns the number of compared outcomes. Panics at a difference.
fn evaluated(number: u64) -> usize {
    let mut random = Random::new(number);
    let case = Case::new(&mut random);
    let all = case.passing(false);
    // The other table has the same rows in another order, in half of the cases without one of them.
    let mut others = all.clone();
    others.reverse();
    if random.below(2) == 0 {
        others.pop();
    }
    let checks: Vec<Check> = (0..CHECKS).map(|_| checks::check(&case, &others, &mut random)).collect();
    let written = |checks: &[&Check]| {
        suite(checks.iter().map(|check| (check.column.map(str::to_owned), check.text.clone())))
    };
    let (frame, other) = (case.frame(&all), case.frame(&others).lazy());
    let datasets = Arc::new(move |_: &str| DataSource::from(other.clone()));
    let options = CheckOptions { datasets, samples: 0, ..CheckOptions::default() };
    let every: Vec<&Check> = checks.iter().collect();
    let compare = |way: &str, checks: &[&Check], outcomes: &[Outcome], suite: &karat::Suite| {
        for (index, check) in checks.iter().enumerate() {
            let id = format!("c{index}");
            let position = suite.checks.iter().position(|check| check.id == id).unwrap();
            if let Some(difference) = difference(check, &outcomes[position]) {
                panic!(
                    "case {number}, {way}: {}\n{difference}\n{:?}\n{case:?}",
                    check.text, outcomes[position]
                );
            }
        }
        checks.len()
    };
    let run = check(&written(&every), frame.clone(), &options);
    let mut count = compare("in memory", &every, &run.suites[0].outcomes, &run.suites[0].suite);
    let folder = tempfile::tempdir().unwrap();
    let rows_of_file = 1 + random.below(frame.height() + 1);
    for (file, start) in (0..frame.height().max(1)).step_by(rows_of_file).enumerate() {
        let path = folder.path().join(format!("{file:03}.parquet"));
        ParquetWriter::new(File::create(path).unwrap())
            .with_statistics(StatisticsOptions::full())
            .with_row_group_size(Some(1 + random.below(5)))
            .finish(&mut frame.slice(i64::try_from(start).unwrap(), rows_of_file))
            .unwrap();
    }
    let uri = folder.path().display().to_string();
    let trust = [Trust::None, Trust::Footer][random.below(2)];
    let run = check(&written(&every), uri.as_str(), &CheckOptions { trust, ..options });
    count += compare("in files", &every, &run.suites[0].outcomes, &run.suites[0].suite);
    // Files are read in parts only if the partial results of all checks merge.
    let merging: Vec<&Check> = checks.iter().filter(|check| check.merges).collect();
    if merging.is_empty() {
        return count;
    }
    let suite = written(&merging);
    let snapshot = open(&uri, At::Latest, &StorageOptions::default()).unwrap();
    let options = JudgeOptions { now: karat::run::now(), committed: None, vacuous_passes: true };
    let bound = BindOptions {
        samples: 0,
        all_rows: false,
        key: &[],
        now: options.now,
        selected: &|_| true,
        others: &OtherSchemas::default(),
    };
    let plan = bind(&suite, &snapshot.schema, &bound).unwrap();
    let engine = PolarsEngine { group_bytes: 1 };
    let control = Control { trust, ..Control::default() };
    let measured = engine.measure(&plan, &snapshot, &std::collections::BTreeMap::new(), control).unwrap();
    let outcomes = judge(&suite, &plan, &Ok(measured), &options);
    count + compare("in parts", &merging, &outcomes, &suite)
}

/// Returns the difference between an outcome and the expected one, if there is one.
fn difference(check: &Check, outcome: &Outcome) -> Option<String> {
    let verdict = |met: bool| if met { Verdict::Pass } else { Verdict::Fail };
    match &check.expected {
        Expected::Met(met, bounds, number) => {
            if outcome.verdict != verdict(*met) {
                return Some(format!("not {:?}; it is {number:?}", verdict(*met)));
            }
            let number = number.as_ref()?;
            let observed = match &*outcome.observed {
                Value::List(values) => values[0].clone(),
                other => other.clone(),
            };
            let text = observed.to_string();
            let shown = if number.is_finite() { Number::fraction(&read(&text)) } else { return None };
            let is_hidden = |bound: &num_rational::BigRational| {
                let bound = Number::fraction(bound);
                shown.order(&bound) != number.order(&bound)
            };
            bounds.iter().any(is_hidden).then(|| format!("{text} is shown on the other side of a bound"))
        }
        Expected::Groups(groups, failing) => {
            let count = |name| outcome.observed.field(name).and_then(Value::as_count);
            let found = [count("groups"), count("failing")];
            let expected = [groups, failing].map(|count| Some(*count as u64));
            let right = outcome.verdict == verdict(*failing == 0) && (found == expected || outcome.vacuous);
            (!right).then(|| format!("not {failing} of {groups} groups"))
        }
        Expected::Rows(_, None) => {
            (outcome.verdict != Verdict::Error).then(|| "an error is expected".to_owned())
        }
        Expected::Rows(considered, Some(failing)) => {
            let found = outcome.counts.map(|counts| (counts.considered, counts.failing));
            let expected = Some((*considered as u64, *failing as u64));
            (found != expected).then(|| format!("not {failing} of {considered} rows"))
        }
    }
}
