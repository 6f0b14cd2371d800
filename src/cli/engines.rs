//! The engine that judges data: karat's own, or the system that holds the data.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use crate::engine::{Engine, PolarsEngine};

/// Which engine judges.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct EngineArguments {
    /// What judges the data [default: the system that holds it, as the URI says]
    #[arg(long, value_name = "ENGINE", value_enum)]
    engine: Option<EngineName>,
    /// The shared library of DuckDB [default: the one that the system finds by its name]
    #[arg(long, value_name = "FILE")]
    duckdb_library: Option<PathBuf>,
}

/// The engines, whether this build has them or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    // Plain comments: the help of the command stays one line an argument.
    // Karat's own engine, in this process.
    Polars,
    // Database files: `file.duckdb#schema.table`.
    Duckdb,
}

impl EngineArguments {
    /// Returns the engine for data.
    ///
    /// # Errors
    /// This build has not the engine.
    pub(super) fn of(&self, uri: &str) -> Result<Arc<dyn Engine>, Exit> {
        let of_uri = if is_of_duckdb(uri) { EngineName::Duckdb } else { EngineName::Polars };
        match self.engine.unwrap_or(of_uri) {
            EngineName::Polars => Ok(Arc::new(PolarsEngine::default())),
            EngineName::Duckdb => self.duckdb(),
        }
    }

    #[cfg(feature = "duckdb")]
    #[expect(clippy::unnecessary_wraps, reason = "other builds have no DuckDB")]
    fn duckdb(&self) -> Result<Arc<dyn Engine>, Exit> {
        use crate::engine::sql::SqlEngine;
        use crate::engine::sql::duckdb::DuckDbConnector;
        Ok(Arc::new(SqlEngine::new(DuckDbConnector::new(self.duckdb_library.clone()))))
    }

    #[cfg(not(feature = "duckdb"))]
    #[expect(clippy::unused_self, reason = "other builds load the library that it names")]
    fn duckdb(&self) -> Result<Arc<dyn Engine>, Exit> {
        super::terminal::error(
            "this build of karat does not know DuckDB",
            Some("cargo install --features duckdb builds one that does (see `karat explain duckdb`)"),
        );
        Err(Exit::Usage)
    }
}

/// Returns whether a URI names a table of a database file: `file.duckdb#table`.
fn is_of_duckdb(uri: &str) -> bool {
    uri.rsplit_once('#').is_some_and(|(file, table)| {
        let file = std::path::Path::new(file);
        let is_database = |ending: &str| file.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        !table.is_empty() && ["duckdb", "ddb"].into_iter().any(is_database)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_file_and_a_table_are_of_duckdb() {
        assert!(is_of_duckdb("a/b.duckdb#main.t") && is_of_duckdb("b.DDB#t"));
        assert!(!is_of_duckdb("a.duckdb") && !is_of_duckdb("a.parquet#t") && !is_of_duckdb("a.duckdb#"));
    }
}
