//! A database of a system, as the tests use one.

use std::collections::BTreeMap;
use std::sync::Arc;

use karat::engine::sql::Fetching;
use karat::engine::{Engine, PolarsEngine};

use super::written::{Stored, System};

/// A database that tables are written to.
pub trait Database {
    fn system(&self) -> System;

    /// Writes tables, by their names. What an engine has opened before does not see them.
    fn write(&self, tables: &BTreeMap<String, &Stored>);

    /// Returns the URI of a table.
    fn uri(&self, name: &str) -> String;

    /// Returns a new engine that judges there, and fetches what it is told to.
    fn engine_fetching(&self, fetching: Option<Fetching>) -> Arc<dyn Engine>;

    /// Returns a new engine that judges all it can there, and fetches the rest.
    fn engine(&self) -> Arc<dyn Engine> {
        let engine = Arc::new(PolarsEngine::default());
        self.engine_fetching(Some(Fetching { rows: 1_000, engine }))
    }
}
