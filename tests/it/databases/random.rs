//! Random suites on random tables, over a database and over Polars.

use std::collections::BTreeMap;
use std::sync::Arc;

use karat::data::{Field, Schema, Value};
use karat::{CheckOptions, DataSource, Suite, check};
use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::compare::{Told, compared};
use super::database::Database;
use super::written::Stored;
use crate::oracle::rows::{checks, config, options, suite, written};
use crate::oracle::table::{schema, series, table};
use crate::oracle::{aggregates, columns, multi, sequences};

/// How many checks of each kind a suite has.
const CHECKS: usize = 10;

/// A check: its column, if it stands on one, and its text.
pub type Written = (Option<String>, String);

/// Two tables, and a suite on the first one.
pub struct Case {
    pub judged: Stored,
    pub others: Stored,
    pub checks: Vec<Written>,
}

pub fn frame(stored: &Stored) -> DataFrame {
    let column = |(index, field): (usize, &Field)| {
        let values: Vec<Value> = stored.rows.iter().map(|row| row[index].clone()).collect();
        Column::from(series(&field.name, &field.data_type, &values))
    };
    DataFrame::new(stored.rows.len(), stored.schema.fields.iter().enumerate().map(column).collect()).unwrap()
}

/// Judges so many random suites in a database, and compares. Whatever it cannot judge is fetched, if it may be.
pub fn random_suites(database: &dyn Database, suites: u32) {
    let mut runner = TestRunner::new(config(suites));
    let (table, checks) = (table(), any_checks());
    let schema = schema();
    let cases = (0..runner.config().cases).map(|_| {
        // Nothing is shrunk: each difference names its check.
        let mut stored = || {
            let rows = table.new_tree(&mut runner).unwrap().current().rows;
            Stored::of(&schema, &rows, database.system())
        };
        let (judged, others) = (stored(), stored());
        Case { judged, others, checks: checks.new_tree(&mut runner).unwrap().current() }
    });
    let told = judged(database, &cases.collect::<Vec<_>>());
    assert!(told.here < told.there, "{told:?}");
}

/// Judges suites in a database, which holds all tables before, and on Polars.
pub fn judged(database: &dyn Database, cases: &[Case]) -> Told {
    let name = |index: usize, whose: &str| format!("a \"table' $$ -- /* {index} {whose}");
    let tables = cases.iter().enumerate();
    let tables: BTreeMap<String, &Stored> = tables
        .flat_map(|(index, case)| [(name(index, ""), &case.judged), (name(index, "o"), &case.others)])
        .collect();
    database.write(&tables);
    let engine = database.engine();
    let (mut told, mut wrong) = (Told::default(), Vec::new());
    for (index, case) in cases.iter().enumerate() {
        let suite = suite(case.checks.iter().cloned());
        let others = database.uri(&name(index, "o"));
        let datasets = Arc::new(move |_: &str| DataSource::from(others.as_str()));
        let there = CheckOptions { engine: Arc::clone(&engine), datasets, ..options() };
        let there = check(&suite, database.uri(&name(index, "")), &there);
        let here = check(&suite, frame(&case.judged), &beside(&case.others));
        let found = compared(&there, &here, database.name());
        told.add(found.told);
        let lines: Vec<String> = if database.fetches() { found.unexpected().collect() } else { found.wrong };
        wrong.extend(lines.iter().map(|line| described(line, &suite, case)));
    }
    eprintln!("{}: {} checks, {told:?}", database.name(), told.checks());
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
    told
}

/// Returns options under which every name is that of another table.
fn beside(others: &Stored) -> CheckOptions {
    let frame = frame(others);
    CheckOptions { datasets: Arc::new(move |_: &str| DataSource::from(frame.clone())), ..options() }
}

/// Returns a difference with its check.
fn described(line: &str, suite: &Suite, case: &Case) -> String {
    let id = line.split(':').next().unwrap_or_default();
    let index: Option<usize> = id.get(1..).and_then(|number| number.parse().ok());
    let written = index.and_then(|index| case.checks.get(index));
    format!("{line}\n  {written:?} on {} rows, of {} checks", case.judged.rows.len(), suite.checks.len())
}

/// Random checks of all kinds.
fn any_checks() -> impl Strategy<Value = Vec<Written>> {
    let some = |of: BoxedStrategy<Written>| prop::collection::vec(of, CHECKS);
    let grouped =
        (aggregates::texts(), sequences::groups()).prop_map(|((column, text), by)| (column, text + &by));
    let kinds = [
        some(columns::texts().boxed()),
        some(columns::texts().boxed()),
        some(aggregates::texts().boxed()),
        some(aggregates::texts().boxed()),
        some(multi::texts().boxed()),
        some(sequences::texts().boxed()),
        some(sequences::beside_others().boxed()),
        some(grouped.boxed()),
    ];
    let rows =
        checks().prop_map(|checks| checks.iter().map(|check| (None, written(check))).collect::<Vec<_>>());
    (rows, kinds.to_vec())
        .prop_map(|(rows, kinds)| rows.into_iter().chain(kinds.into_iter().flatten()).collect())
}

/// A table of some columns, with rows of values.
pub fn stored(fields: Vec<Field>, rows: Vec<Vec<Value>>, database: &dyn Database) -> Stored {
    Stored::of(&Schema { fields }, &rows, database.system())
}
