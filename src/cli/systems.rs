//! The systems that hold data, by the URIs of their tables, and the engines that connect to them.

use std::collections::BTreeMap;
use std::path::Path;
#[cfg(feature = "postgres")]
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::engines::EngineArguments;
use super::environment::given;
#[cfg(feature = "databricks")]
use super::workspace::workspace;
use crate::data::{Dialect, redacted};
use crate::engine::sql::Spark;
#[cfg(any(feature = "databricks", feature = "duckdb", feature = "postgres"))]
use crate::engine::sql::SqlEngine;
#[cfg(feature = "postgres")]
use crate::engine::sql::postgres::{PostgresConnector, PostgresSettings};
use crate::engine::{Engine, EngineName, Held, Opener};
use crate::project::Project;
use crate::source::{Data, SourceError, StorageOptions};

/// A server of Spark Connect.
#[derive(Clone)]
pub struct SparkServer {
    /// Where it listens: `sc://host:port/;parameter=value`. It may have a token.
    pub url: String,
    /// After how long a statement is ended.
    pub statement_timeout: Option<Duration>,
}

/// Makes the engine of a server.
pub type SparkEngine = fn(SparkServer) -> Arc<dyn Engine>;

/// What connects to Spark, in a program that has it.
static SPARK: OnceLock<SparkEngine> = OnceLock::new();

/// Says what connects to Spark, which karat itself does not. What was said before holds.
pub fn with_spark(engine: SparkEngine) {
    let _ = SPARK.set(engine);
}

/// What is missing for an engine, and what brings it.
#[derive(Clone, Debug)]
pub(super) struct Missing {
    pub(super) what: &'static str,
    pub(super) help: String,
}

impl Missing {
    fn new(what: &'static str, help: impl Into<String>) -> Self {
        Self { what, help: help.into() }
    }
}

type Made = Result<Arc<dyn Opener>, Missing>;

/// Opens each dataset by the engine of what holds it.
pub(super) struct Systems {
    arguments: EngineArguments,
    /// The URI of the judged data.
    judged: String,
    project: Project,
    own: Arc<dyn Engine>,
    /// Each system is connected to once: what it holds is judged together.
    made: Mutex<BTreeMap<System, Arc<dyn Opener>>>,
}

/// A system that holds data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum System {
    /// The own engine reads files.
    Files,
    DuckDb,
    Postgres,
    Redshift,
    Spark,
    Databricks,
    /// A catalog says whether the own engine or a warehouse judges; or the own engine alone may.
    UnityCatalog {
        is_read: bool,
    },
}

impl Systems {
    /// Returns the systems of a run that judges data at a URI.
    pub(super) fn new(
        arguments: EngineArguments,
        judged: &str,
        project: Project,
        own: Arc<dyn Engine>,
    ) -> Self {
        Self { arguments, judged: judged.to_owned(), project, own, made: Mutex::default() }
    }

    /// Returns what opens the judged data.
    ///
    /// # Errors
    /// This build has not its engine, or something that the engine needs is not given.
    pub(super) fn of_judged(&self) -> Made {
        self.opener(&self.judged)
    }

    /// Returns the dialect of statements that are printed without a connection, for the judged data.
    pub(super) fn unconnected(&self) -> Option<&'static Spark> {
        match self.system(&self.judged) {
            System::Spark if !is_of_spark(&self.judged) => Some(&Spark::APACHE),
            System::Databricks if !is_of_databricks(&self.judged) => Some(&Spark::DATABRICKS),
            _ => None,
        }
    }

    /// Returns the system that judges data at a URI.
    fn system(&self, uri: &str) -> System {
        let of_uri = System::of_uri(uri);
        // The command speaks of the judged data, and of the files with which that is compared.
        let asked = self.arguments.engine.filter(|_| uri == self.judged || of_uri == System::Files);
        match (asked.unwrap_or_else(|| self.project.engine_of(uri)), of_uri) {
            (EngineName::Auto, of_uri) => of_uri,
            (EngineName::Polars, System::UnityCatalog { .. }) => System::UnityCatalog { is_read: true },
            (EngineName::Polars, _) => System::Files,
            (EngineName::Duckdb, _) => System::DuckDb,
            (EngineName::Postgres, _) => System::Postgres,
            (EngineName::Redshift, _) => System::Redshift,
            (EngineName::Spark, _) => System::Spark,
            (EngineName::Databricks, _) => System::Databricks,
        }
    }

    fn opener(&self, uri: &str) -> Made {
        let system = self.system(uri);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opener) = made.get(&system) {
            return Ok(Arc::clone(opener));
        }
        let opener = self.make(system)?;
        made.insert(system, Arc::clone(&opener));
        Ok(opener)
    }

    fn make(&self, system: System) -> Made {
        match system {
            System::Files => Ok(Arc::new(Arc::clone(&self.own))),
            System::DuckDb => self.duckdb(),
            System::Postgres => self.postgres(),
            System::Redshift => self.redshift(),
            System::Spark => self.spark(),
            System::Databricks => self.databricks(),
            System::UnityCatalog { is_read } => self.unity_catalog(is_read),
        }
    }

    fn spark(&self) -> Made {
        let Some(engine) = SPARK.get() else {
            return Err(Missing::new(
                "this program does not connect to Spark",
                "karat-spark does, which is karat with Spark Connect (see `karat explain spark`)",
            ));
        };
        let url = self.arguments.spark.clone().or_else(|| given("SPARK_REMOTE")?.into_string().ok());
        let Some(url) = url else {
            return Err(Missing::new(
                "where Spark listens is not known",
                "give its server with --spark sc://host:15002, or in SPARK_REMOTE",
            ));
        };
        let server = SparkServer { url, statement_timeout: self.arguments.timeout() };
        Ok(Arc::new(engine(server)))
    }

    #[cfg(feature = "databricks")]
    fn databricks(&self) -> Made {
        use crate::engine::sql::databricks::DatabricksConnector;
        let connector = DatabricksConnector::new(workspace(self.arguments.timeout())?);
        Ok(asked_by_sql(connector))
    }

    #[cfg(feature = "databricks")]
    fn unity_catalog(&self, is_read: bool) -> Made {
        let mut settings = workspace(self.arguments.timeout())?;
        if is_read {
            settings.warehouse = None;
        }
        Ok(Arc::new(crate::engine::UnityCatalog::new(settings, Arc::clone(&self.own))))
    }

    #[cfg(not(feature = "databricks"))]
    #[expect(clippy::unused_self, reason = "other builds ask the workspace of the environment")]
    fn databricks(&self) -> Made {
        Err(not_built("this build of karat does not know Databricks", "databricks"))
    }

    #[cfg(not(feature = "databricks"))]
    fn unity_catalog(&self, _: bool) -> Made {
        self.databricks()
    }

    #[cfg(feature = "postgres")]
    #[expect(clippy::unnecessary_wraps, reason = "other builds have no PostgreSQL")]
    fn postgres(&self) -> Made {
        Ok(asked_by_sql(PostgresConnector::new(self.postgres_settings())))
    }

    #[cfg(feature = "postgres")]
    #[expect(clippy::unnecessary_wraps, reason = "other builds have no Redshift")]
    fn redshift(&self) -> Made {
        Ok(asked_by_sql(PostgresConnector::of_redshift(self.postgres_settings())))
    }

    #[cfg(feature = "postgres")]
    fn postgres_settings(&self) -> PostgresSettings {
        let text = |name: &str| given(name).and_then(|value| value.into_string().ok());
        let file = given("PGPASSFILE").map(PathBuf::from);
        let file = file.or_else(|| Some(PathBuf::from(given("HOME")?).join(".pgpass")));
        PostgresSettings {
            password: text("PGPASSWORD"),
            password_file: file.and_then(|file| std::fs::read_to_string(file).ok()),
            statement_timeout: self.arguments.timeout(),
        }
    }

    #[cfg(not(feature = "postgres"))]
    #[expect(clippy::unused_self, reason = "other builds connect as the options say")]
    fn postgres(&self) -> Made {
        Err(not_built("this build of karat does not know PostgreSQL", "postgres"))
    }

    #[cfg(not(feature = "postgres"))]
    #[expect(clippy::unused_self, reason = "other builds connect as the options say")]
    fn redshift(&self) -> Made {
        Err(not_built("this build of karat does not know Redshift", "postgres"))
    }

    #[cfg(feature = "duckdb")]
    #[expect(clippy::unnecessary_wraps, reason = "other builds have no DuckDB")]
    fn duckdb(&self) -> Made {
        use crate::engine::sql::duckdb::DuckDbConnector;
        Ok(asked_by_sql(DuckDbConnector::new(self.arguments.duckdb_library.clone())))
    }

    #[cfg(not(feature = "duckdb"))]
    #[expect(clippy::unused_self, reason = "other builds load the library that it names")]
    fn duckdb(&self) -> Made {
        Err(not_built("this build of karat does not know DuckDB", "duckdb"))
    }
}

impl Opener for Systems {
    fn open(&self, data: Data, storage: &StorageOptions, dialect: &Dialect) -> Result<Held, SourceError> {
        // What has no place is in memory.
        let uri = data.location().unwrap_or_default();
        let opener = self.opener(uri).map_err(|Missing { what, help }| SourceError::Unsupported {
            uri: redacted(uri),
            reason: format!("{what}; {help}"),
        })?;
        opener.open(data, storage, dialect)
    }
}

/// Returns what opens the tables of a connector.
#[cfg(any(feature = "databricks", feature = "duckdb", feature = "postgres"))]
fn asked_by_sql(connector: impl crate::engine::sql::Connector + 'static) -> Arc<dyn Opener> {
    let engine: Arc<dyn Engine> = Arc::new(SqlEngine::new(connector));
    Arc::new(engine)
}

/// Returns what is said of an engine of a feature.
#[cfg(not(all(feature = "databricks", feature = "duckdb", feature = "postgres")))]
fn not_built(what: &'static str, feature: &str) -> Missing {
    Missing::new(
        what,
        format!("cargo install --features {feature} builds one that does (see `karat explain {feature}`)"),
    )
}

impl System {
    /// Returns the system that a URI names.
    fn of_uri(uri: &str) -> Self {
        match uri.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Self::Postgres,
            Some(("redshift", _)) => Self::Redshift,
            Some(("uc", _)) => Self::UnityCatalog { is_read: false },
            _ if is_of_spark(uri) => Self::Spark,
            _ if is_of_databricks(uri) => Self::Databricks,
            _ if is_of_duckdb(uri) => Self::DuckDb,
            _ => Self::Files,
        }
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
        let is_database =
            |ending: &str| Path::new(file).extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        !table.is_empty() && ["duckdb", "ddb"].into_iter().any(is_database)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_names_its_system() {
        for (uri, system) in [
            ("a/b.duckdb#main.t", System::DuckDb),
            ("b.DDB#t", System::DuckDb),
            ("a.duckdb", System::Files),
            ("a.parquet#t", System::Files),
            ("a.duckdb#", System::Files),
            ("postgresql://me@host/db/t", System::Postgres),
            ("redshift://me@host/db/s.t", System::Redshift),
            ("uc://a.b.c", System::UnityCatalog { is_read: false }),
            ("databricks://a.b.c", System::Databricks),
            ("spark://a.b.c", System::Spark),
            ("s3://bucket/table", System::Files),
        ] {
            assert_eq!(System::of_uri(uri), system, "{uri}");
        }
    }
}
