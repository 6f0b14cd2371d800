//! Which engine judges data: karat's own, or the system that holds the data.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::systems::Systems;
use crate::engine::sql::SqlEngine;
use crate::engine::sql::spark::Unconnected;
use crate::engine::{Engine, EngineName, FederatedEngine, Opener, PolarsEngine};
use crate::project::Project;

/// Which engine judges.
#[derive(Args, Clone, Debug, Default)]
pub struct EngineArguments {
    /// What judges the data [default: what karat.yml says, or auto: the system that holds it, as the URI says]
    #[arg(long, value_name = "ENGINE", value_enum)]
    pub engine: Option<EngineName>,
    /// The shared library of DuckDB [default: the one that the system finds by its name]
    #[arg(long, value_name = "FILE")]
    pub duckdb_library: Option<PathBuf>,
    /// The server of Spark Connect, `sc://host:port/;parameter=value` [default: that of `SPARK_REMOTE`]
    #[arg(long, value_name = "URL")]
    pub spark: Option<String>,
    /// After how many seconds a statement of PostgreSQL, Redshift, Spark or Databricks is ended [default: never]
    #[arg(long, value_name = "SECONDS")]
    pub statement_timeout: Option<u64>,
    /// Fetch tables of at most so many rows, to judge here what their system cannot say exactly [default: fetch nothing]
    #[arg(long, value_name = "ROWS")]
    pub fetch: Option<u64>,
}

impl EngineArguments {
    /// Returns the engine for data, and for the datasets of a project with which it is compared.
    ///
    /// # Errors
    /// This build has not the engine of the data.
    pub(super) fn of(&self, uri: &str, project: &Project) -> Result<Arc<dyn Engine>, Exit> {
        let (systems, own) = self.systems(uri, project);
        self.known(systems, own)
    }

    /// Returns the engine for data, which cannot be opened if this build has not their own. What else it needs, the environment
    /// says (`karat explain reference`). It connects when it opens data, and the connection ends with it.
    pub fn of_any(&self, uri: &str, project: &Project) -> Arc<dyn Engine> {
        let (systems, own) = self.systems(uri, project);
        self.federated(Box::new(systems), own)
    }

    fn systems(&self, uri: &str, project: &Project) -> (Systems, Arc<dyn Engine>) {
        let own: Arc<dyn Engine> = Arc::new(PolarsEngine::default());
        (Systems::new(self.clone(), uri, project.clone(), Arc::clone(&own)), own)
    }

    /// Returns the engine of systems, of which the build must have the one that judges.
    fn known(&self, systems: Systems, own: Arc<dyn Engine>) -> Result<Arc<dyn Engine>, Exit> {
        systems.of_judged().map_err(|missing| {
            super::terminal::error(missing.what, Some(&missing.help));
            Exit::Usage
        })?;
        Ok(self.federated(Box::new(systems), own))
    }

    fn federated(&self, opener: Box<dyn Opener>, own: Arc<dyn Engine>) -> Arc<dyn Engine> {
        Arc::new(FederatedEngine::new(opener, own).fetching(self.fetch))
    }

    /// Returns the engine that says what it would do with data. Of files, which karat reads the schema of, statements are known
    /// without a server.
    ///
    /// # Errors
    /// This build has not the engine of the data.
    pub(super) fn of_plan(&self, uri: &str, project: &Project) -> Result<Arc<dyn Engine>, Exit> {
        let (systems, own) = self.systems(uri, project);
        let Some(dialect) = systems.unconnected() else { return self.known(systems, own) };
        let tables: Arc<dyn Engine> = Arc::new(SqlEngine::new(Unconnected::new(Arc::clone(&own), dialect)));
        Ok(self.federated(Box::new(tables), own))
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        self.statement_timeout.map(Duration::from_secs)
    }
}

impl ValueEnum for EngineName {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
