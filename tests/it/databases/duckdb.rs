//! Suites over DuckDB, beside Polars.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection as _, Database as _, Driver as _, Statement as _};
use adbc_driver_manager::ManagedDriver;
use karat::engine::sql::SqlEngine;
use karat::engine::sql::duckdb::DuckDbConnector;
use karat::{CheckOptions, check};
use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::compare::{Told, compared};
use super::pages::every_page;
use super::written::{Stored, System};
use crate::oracle::rows::{checks, config, options, suite, written};
use crate::oracle::table::{Table, schema, series, table};
use crate::oracle::{aggregates, columns};

fn library() -> PathBuf {
    let home = || std::env::var("HOME").unwrap();
    std::env::var("KARAT_DUCKDB_LIBRARY")
        .map_or_else(|_| format!("{}/.cache/karat-duckdb/libduckdb.so", home()).into(), PathBuf::from)
}

/// Runs statements in a database file.
pub fn write(file: &Path, statements: &[String]) {
    let mut driver =
        ManagedDriver::load_dynamic_from_filename(library(), Some(b"duckdb_adbc_init"), AdbcVersion::V110)
            .unwrap();
    let path = OptionValue::String(file.display().to_string());
    let database = driver.new_database_with_opts([(OptionDatabase::Other("path".to_owned()), path)]).unwrap();
    let mut connection = database.new_connection().unwrap();
    for text in statements {
        let mut statement = connection.new_statement().unwrap();
        statement.set_sql_query(text).unwrap();
        statement.execute_update().unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}

/// Returns the engine over a database that is written anew.
fn engine() -> Arc<SqlEngine<DuckDbConnector>> {
    Arc::new(SqlEngine::new(DuckDbConnector::new(Some(library()))))
}

fn frame(stored: &Stored) -> DataFrame {
    let column = |(index, field): (usize, &karat::data::Field)| {
        let values: Vec<_> = stored.rows.iter().map(|row| row[index].clone()).collect();
        Column::from(series(&field.name, &field.data_type, &values))
    };
    DataFrame::new(stored.rows.len(), stored.schema.fields.iter().enumerate().map(column).collect()).unwrap()
}

fn same(table: &Table, checks: &[(Option<String>, String)], wrong: &mut Vec<String>) -> Told {
    let stored = Stored::of(&schema(), &table.rows, System::DuckDb);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.duckdb");
    write(&file, &stored.statements("\"a \"\"table'\"", System::DuckDb));
    let suite = suite(checks.iter().cloned());
    let uri = format!("{}#main.a \"table'", file.display());
    let there = check(&suite, uri, &CheckOptions { engine: engine(), ..options() });
    let here = check(&suite, frame(&stored), &options());
    let (told, differences) = compared(&there, &here, "DuckDB");
    wrong.extend(differences.iter().map(|line| {
        let index: usize = line.split(':').next().and_then(|id| id[1..].parse().ok()).unwrap_or_default();
        format!("{line}\n  {:?}", checks.get(index))
    }));
    told
}

/// Random checks of all kinds.
pub fn any_checks() -> impl Strategy<Value = Vec<(Option<String>, String)>> {
    let rows =
        checks().prop_map(|checks| checks.iter().map(|check| (None, written(check))).collect::<Vec<_>>());
    let others = prop::collection::vec(prop_oneof![columns::texts(), aggregates::texts()], 20);
    (rows, others).prop_map(|(rows, others)| rows.into_iter().chain(others).collect())
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn random_suites_come_to_the_same() {
    let (mut told, mut wrong) = (Told::default(), Vec::new());
    let mut runner = TestRunner::new(config(32));
    for _ in 0..runner.config().cases {
        // Nothing is shrunk: each difference names its check.
        let table = table().new_tree(&mut runner).unwrap().current();
        let checks = any_checks().new_tree(&mut runner).unwrap().current();
        told.add(same(&table, &checks, &mut wrong));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    eprintln!("DuckDB: {} checks, {told:?}", told.checks());
    assert!(told.same > told.refused, "{told:?}");
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn every_page_comes_out_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let place = |page: &str, name: &str, stored: &Stored| {
        let file = folder.path().join(format!("{page}.duckdb"));
        write(&file, &stored.statements(&super::written::quoted(name), System::DuckDb));
        format!("{}#main.{name}", file.display())
    };
    every_page("DuckDB", System::DuckDb, engine(), &place);
}
