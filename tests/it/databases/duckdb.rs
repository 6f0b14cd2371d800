//! Suites over DuckDB, beside Polars.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection as _, Database as _, Driver as _, Statement as _};
use adbc_driver_manager::ManagedDriver;
use karat::engine::sql::SqlEngine;
use karat::engine::sql::duckdb::DuckDbConnector;

use super::pages::every_page;
use super::random::random_suites;
use super::written::{Stored, System};

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

#[test]
#[cfg_attr(not(duckdb_library), ignore = "there is no libduckdb")]
fn random_suites_come_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.duckdb");
    random_suites("DuckDB", System::DuckDb, &|| engine(), &|stored| {
        let _ = std::fs::remove_file(&file);
        write(&file, &stored.statements("\"a \"\"table'\"", System::DuckDb));
        format!("{}#main.a \"table'", file.display())
    });
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
    every_page("DuckDB", System::DuckDb, &|| engine(), &place);
}
