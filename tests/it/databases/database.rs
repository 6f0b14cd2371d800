//! A database of a system, as the tests use one.

use std::collections::BTreeMap;
use std::sync::Arc;

use karat::engine::{Engine, FederatedEngine, PolarsEngine};

use super::written::{Stored, System};

/// A database that tables are written to.
pub trait Database {
    fn system(&self) -> System;

    /// Returns the name of the dialect.
    fn name(&self) -> &'static str {
        self.system().name()
    }

    /// Returns whether rows are fetched for what is not judged there.
    fn fetches(&self) -> bool {
        true
    }

    /// Writes tables, by their names. What an engine has opened before does not see them.
    fn write(&self, tables: &BTreeMap<String, &Stored>);

    /// Returns the URI of a table.
    fn uri(&self, name: &str) -> String;

    /// Returns a new engine that judges there.
    fn engine_there(&self) -> Arc<dyn Engine>;

    /// Returns a new engine that judges there, and fetches so many rows.
    fn engine_fetching(&self, rows: Option<u64>) -> Arc<dyn Engine> {
        let own = Arc::new(PolarsEngine::default());
        Arc::new(FederatedEngine::new(Box::new(self.engine_there()), own).fetching(rows))
    }

    /// Returns a new engine that judges all it can there, and fetches the rest if it may.
    fn engine(&self) -> Arc<dyn Engine> {
        self.engine_fetching(self.fetches().then_some(1_000))
    }
}
