//! Suites over DuckDB, beside Polars.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection as _, Database as _, Driver as _, Statement as _};
use adbc_driver_manager::ManagedDriver;
use karat::engine::Engine;
use karat::engine::sql::SqlEngine;
use karat::engine::sql::duckdb::DuckDbConnector;
use tempfile::TempDir;

use super::database::Database;
use super::hostile::hostile_suites;
use super::pages::{every_page, every_page_across};
use super::random::random_suites;
use super::reported::{says_by_what_each_check_was_judged, says_why_rows_are_neither_listed_nor_divided};
use super::stopped::stops_when_cancelled;
use super::written::{Stored, System, quoted};

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

/// A database file.
struct File {
    folder: TempDir,
}

impl File {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("t.duckdb")
    }
}

impl Database for File {
    fn system(&self) -> System {
        System::DuckDb
    }

    fn write(&self, tables: &BTreeMap<String, &Stored>) {
        let statements =
            tables.iter().flat_map(|(name, stored)| stored.statements(&quoted(name), System::DuckDb));
        let begin = ["BEGIN".to_owned()].into_iter();
        write(&self.path(), &begin.chain(statements).chain(["COMMIT".to_owned()]).collect::<Vec<_>>());
    }

    fn uri(&self, name: &str) -> String {
        format!("{}#main.{name}", self.path().display())
    }

    fn engine_there(&self) -> Arc<dyn Engine> {
        Arc::new(SqlEngine::new(DuckDbConnector::new(Some(library()))))
    }
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn random_suites_come_to_the_same() {
    random_suites(&File::new(), 45);
}

/// Parquet files, which no database holds.
struct Files(File);

impl Database for Files {
    fn system(&self) -> System {
        System::DuckDb
    }

    fn write(&self, tables: &BTreeMap<String, &Stored>) {
        self.0.write(tables);
        let copies = tables.keys().enumerate().map(|(number, name)| {
            let file = self.file(number).display().to_string().replace('\'', "''");
            format!("COPY {} TO '{file}' (FORMAT parquet)", quoted(name))
        });
        write(&self.0.path(), &copies.collect::<Vec<_>>());
        let names = tables.keys().map(String::as_str).collect::<Vec<_>>().join("\n\n");
        std::fs::write(self.0.folder.path().join("names"), names).unwrap();
    }

    fn uri(&self, name: &str) -> String {
        let names = std::fs::read_to_string(self.0.folder.path().join("names")).unwrap();
        self.file(names.split("\n\n").position(|known| known == name).unwrap()).display().to_string()
    }

    fn engine_there(&self) -> Arc<dyn Engine> {
        self.0.engine_there()
    }
}

impl Files {
    fn file(&self, number: usize) -> PathBuf {
        self.0.folder.path().join(format!("it's {number}.parquet"))
    }
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn random_suites_come_to_the_same_of_parquet_files() {
    random_suites(&Files(File::new()), 8);
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn hostile_names_and_values_stay_names_and_values() {
    hostile_suites(&File::new());
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn every_page_comes_out_or_says_why_not() {
    every_page(&File::new());
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn datasets_of_two_systems_are_compared() {
    every_page_across(&File::new());
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn a_statement_that_nobody_waits_for_is_stopped() {
    let file = File::new();
    let cross =
        "CREATE VIEW slow AS SELECT a.range + b.range AS n FROM range(10000000) AS a, range(10000000) AS b";
    write(&file.path(), &[cross.to_owned()]);
    stops_when_cancelled(&file, "slow");
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn the_report_says_by_what_each_check_was_judged() {
    says_by_what_each_check_was_judged(&File::new());
}

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn rows_are_neither_listed_nor_divided() {
    says_why_rows_are_neither_listed_nor_divided(&File::new());
}
