//! Random suites on random tables, over a database and over Polars.

use std::sync::Arc;

use karat::engine::Engine;
use karat::{CheckOptions, check};
use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::compare::{Told, compared};
use super::written::{Stored, System};
use crate::oracle::rows::{checks, config, options, suite, written};
use crate::oracle::table::{schema, series, table};
use crate::oracle::{aggregates, columns};

fn frame(stored: &Stored) -> DataFrame {
    let column = |(index, field): (usize, &karat::data::Field)| {
        let values: Vec<_> = stored.rows.iter().map(|row| row[index].clone()).collect();
        Column::from(series(&field.name, &field.data_type, &values))
    };
    DataFrame::new(stored.rows.len(), stored.schema.fields.iter().enumerate().map(column).collect()).unwrap()
}

/// Judges random suites in a database, where `place` puts a table, and compares.
pub fn random_suites(
    name: &str,
    system: System,
    engine: &dyn Fn() -> Arc<dyn Engine>,
    place: &dyn Fn(&Stored) -> String,
) {
    let (mut told, mut wrong) = (Told::default(), Vec::new());
    let mut runner = TestRunner::new(config(12));
    for _ in 0..runner.config().cases {
        // Nothing is shrunk: each difference names its check.
        let table = table().new_tree(&mut runner).unwrap().current();
        let checks = any_checks().new_tree(&mut runner).unwrap().current();
        let stored = Stored::of(&schema(), &table.rows, system);
        let uri = place(&stored);
        let suite = suite(checks.iter().cloned());
        let there = check(&suite, uri, &CheckOptions { engine: engine(), ..options() });
        let here = check(&suite, frame(&stored), &options());
        let (found, differences) = compared(&there, &here, name);
        told.add(found);
        wrong.extend(differences.iter().map(|line| {
            let index: usize = line.split(':').next().and_then(|id| id[1..].parse().ok()).unwrap_or_default();
            format!("{line}\n  {:?}", checks.get(index))
        }));
    }
    eprintln!("{name}: {} checks, {told:?}", told.checks());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told.same > told.refused, "{told:?}");
}

/// Random checks of all kinds.
pub fn any_checks() -> impl Strategy<Value = Vec<(Option<String>, String)>> {
    let rows =
        checks().prop_map(|checks| checks.iter().map(|check| (None, written(check))).collect::<Vec<_>>());
    let others = prop::collection::vec(prop_oneof![columns::texts(), aggregates::texts()], 20);
    (rows, others).prop_map(|(rows, others)| rows.into_iter().chain(others).collect())
}
