//! The engine that judges data: karat's own, or the system that holds the data.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::environment::given;
use super::exit::Exit;
#[cfg(feature = "databricks")]
use super::workspace::workspace;
use crate::engine::sql::spark::Unconnected;
use crate::engine::sql::{Fetching, Spark, SqlEngine};
use crate::engine::{Engine, PolarsEngine};

/// A server of Spark Connect.
#[derive(Clone)]
pub struct SparkServer {
    /// Where it listens: `sc://host:port/;parameter=value`. It may have a token.
    pub url: String,
    /// After how long a statement is ended.
    pub statement_timeout: Option<Duration>,
    /// Which rows are fetched, for what Spark cannot say exactly.
    pub fetching: Option<Fetching>,
}

/// Makes the engine of a server.
pub type SparkEngine = fn(SparkServer) -> Arc<dyn Engine>;

/// What connects to Spark, in a program that has it.
static SPARK: OnceLock<SparkEngine> = OnceLock::new();

/// Says what connects to Spark, which karat itself does not. What was said before holds.
pub fn with_spark(engine: SparkEngine) {
    let _ = SPARK.set(engine);
}

/// Which engine judges.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct EngineArguments {
    /// What judges the data [default: the system that holds it, as the URI says]
    #[arg(long, value_name = "ENGINE", value_enum)]
    engine: Option<EngineName>,
    /// The shared library of DuckDB [default: the one that the system finds by its name]
    #[arg(long, value_name = "FILE")]
    duckdb_library: Option<PathBuf>,
    /// The server of Spark Connect, `sc://host:port/;parameter=value` [default: that of `SPARK_REMOTE`]
    #[arg(long, value_name = "URL")]
    spark: Option<String>,
    /// After how many seconds a statement of PostgreSQL, Spark or Databricks is ended [default: never]
    #[arg(long, value_name = "SECONDS")]
    statement_timeout: Option<u64>,
    /// Fetch tables of at most so many rows, to judge here what their system cannot say exactly [default: fetch nothing]
    #[arg(long, value_name = "ROWS")]
    fetch: Option<u64>,
}

/// The engines, whether this build has them or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    // Plain comments: the help of the command stays one line an argument.
    // Karat's own engine, in this process.
    Polars,
    // Database files: `file.duckdb#schema.table`.
    Duckdb,
    // `postgres://user@host/database/schema.table`.
    Postgres,
    // `spark://catalog.schema.table`.
    Spark,
    // SQL warehouses: `databricks://catalog.schema.table`.
    Databricks,
}

impl EngineArguments {
    /// Returns the engine for data.
    ///
    /// # Errors
    /// This build has not the engine.
    pub(super) fn of(&self, uri: &str) -> Result<Arc<dyn Engine>, Exit> {
        // Where a table of a catalog is judged, the catalog says, unless it is told.
        if uri.starts_with("uc://") && matches!(self.engine, None | Some(EngineName::Polars)) {
            return self.unity_catalog();
        }
        match self.name(uri) {
            EngineName::Polars => Ok(Arc::new(PolarsEngine::default())),
            EngineName::Duckdb => self.duckdb(),
            EngineName::Postgres => self.postgres(),
            EngineName::Spark => self.spark(),
            EngineName::Databricks => self.databricks(),
        }
    }

    /// Returns what judges rows that are fetched, if any may be.
    fn fetching(&self) -> Option<Fetching> {
        let engine = Arc::new(PolarsEngine::default());
        self.fetch.map(|rows| Fetching { rows, engine })
    }

    /// Returns the engine that says what it would do with data. Of files, which karat reads the schema of, statements are known
    /// without a server.
    ///
    /// # Errors
    /// This build has not the engine.
    pub(super) fn of_plan(&self, uri: &str) -> Result<Arc<dyn Engine>, Exit> {
        let dialect = match self.name(uri) {
            EngineName::Spark if !is_of_spark(uri) => &Spark::APACHE,
            EngineName::Databricks if !is_of_databricks(uri) => &Spark::DATABRICKS,
            _ => return self.of(uri),
        };
        let tables = Unconnected::new(Arc::new(PolarsEngine::default()), dialect);
        Ok(Arc::new(SqlEngine::new(tables).fetching(self.fetching())))
    }

    /// Returns the name of the engine for data: the one that is asked for, or that of what holds the data.
    fn name(&self, uri: &str) -> EngineName {
        let of_uri = match uri.split_once("://") {
            Some(("postgres" | "postgresql", _)) => EngineName::Postgres,
            _ if is_of_spark(uri) => EngineName::Spark,
            _ if is_of_databricks(uri) => EngineName::Databricks,
            _ if is_of_duckdb(uri) => EngineName::Duckdb,
            _ => EngineName::Polars,
        };
        self.engine.unwrap_or(of_uri)
    }

    fn timeout(&self) -> Option<Duration> {
        self.statement_timeout.map(Duration::from_secs)
    }

    fn spark(&self) -> Result<Arc<dyn Engine>, Exit> {
        let Some(engine) = SPARK.get() else {
            super::terminal::error(
                "this program does not connect to Spark",
                Some("karat-spark does, which is karat with Spark Connect (see `karat explain spark`)"),
            );
            return Err(Exit::Usage);
        };
        let url = self.spark.clone().or_else(|| given("SPARK_REMOTE")?.into_string().ok());
        let Some(url) = url else {
            super::terminal::error(
                "where Spark listens is not known",
                Some("give its server with --spark sc://host:15002, or in SPARK_REMOTE"),
            );
            return Err(Exit::Usage);
        };
        let server = SparkServer { url, statement_timeout: self.timeout(), fetching: self.fetching() };
        Ok(engine(server))
    }

    #[cfg(feature = "databricks")]
    fn databricks(&self) -> Result<Arc<dyn Engine>, Exit> {
        use crate::engine::sql::databricks::DatabricksConnector;
        let connector = DatabricksConnector::new(workspace(self.timeout())?);
        Ok(Arc::new(SqlEngine::new(connector).fetching(self.fetching())))
    }

    /// Returns the engine that reads tables of a catalog where it may, and else asks a warehouse, unless karat is to read.
    #[cfg(feature = "databricks")]
    fn unity_catalog(&self) -> Result<Arc<dyn Engine>, Exit> {
        use crate::engine::UnityCatalogEngine;
        let mut settings = workspace(self.timeout())?;
        if self.engine.is_some() {
            settings.warehouse = None;
        }
        Ok(Arc::new(UnityCatalogEngine::new(settings, Arc::new(PolarsEngine::default()))))
    }

    #[cfg(not(feature = "databricks"))]
    #[expect(clippy::unused_self, reason = "other builds ask the workspace of the environment")]
    fn databricks(&self) -> Result<Arc<dyn Engine>, Exit> {
        super::terminal::error(
            "this build of karat does not know Databricks",
            Some("cargo install --features databricks builds one that does (see `karat explain databricks`)"),
        );
        Err(Exit::Usage)
    }

    #[cfg(not(feature = "databricks"))]
    fn unity_catalog(&self) -> Result<Arc<dyn Engine>, Exit> {
        self.databricks()
    }

    #[cfg(feature = "postgres")]
    #[expect(clippy::unnecessary_wraps, reason = "other builds have no PostgreSQL")]
    fn postgres(&self) -> Result<Arc<dyn Engine>, Exit> {
        use crate::engine::sql::postgres::{PostgresConnector, PostgresSettings};
        let text = |name: &str| given(name).and_then(|value| value.into_string().ok());
        let file = given("PGPASSFILE").map(PathBuf::from);
        let file = file.or_else(|| Some(PathBuf::from(given("HOME")?).join(".pgpass")));
        let settings = PostgresSettings {
            password: text("PGPASSWORD"),
            password_file: file.and_then(|file| std::fs::read_to_string(file).ok()),
            statement_timeout: self.timeout(),
        };
        Ok(Arc::new(SqlEngine::new(PostgresConnector::new(settings)).fetching(self.fetching())))
    }

    #[cfg(not(feature = "postgres"))]
    #[expect(clippy::unused_self, reason = "other builds connect as the options say")]
    fn postgres(&self) -> Result<Arc<dyn Engine>, Exit> {
        super::terminal::error(
            "this build of karat does not know PostgreSQL",
            Some("cargo install --features postgres builds one that does (see `karat explain postgres`)"),
        );
        Err(Exit::Usage)
    }

    #[cfg(feature = "duckdb")]
    #[expect(clippy::unnecessary_wraps, reason = "other builds have no DuckDB")]
    fn duckdb(&self) -> Result<Arc<dyn Engine>, Exit> {
        use crate::engine::sql::duckdb::DuckDbConnector;
        let connector = DuckDbConnector::new(self.duckdb_library.clone());
        Ok(Arc::new(SqlEngine::new(connector).fetching(self.fetching())))
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

/// Returns whether a URI names a table of a catalogue of Spark.
fn is_of_spark(uri: &str) -> bool {
    uri.starts_with("spark://")
}

/// Returns whether a URI names a table of Databricks.
fn is_of_databricks(uri: &str) -> bool {
    uri.starts_with("databricks://") || uri.starts_with("uc://")
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
