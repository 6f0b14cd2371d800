//! The engine that asks Spark by SQL, over Spark Connect: any server of Spark 4, and clusters of Databricks.
//!
//! ```no_run
//! use karat::{CheckOptions, Suite, check};
//! use karat_spark::{SparkServer, engine};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = SparkServer { url: "sc://localhost:15002".to_owned(), statement_timeout: None };
//! let suite = Suite::from_yaml("suite: orders\ncolumns: {id: [not_null]}")?;
//! let options = CheckOptions { engine: engine(server), ..CheckOptions::default() };
//! let run = check(&suite, "spark://main.silver.orders", &options);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod address;
mod connector;
#[cfg(test)]
mod protocol;
mod session;

use std::sync::Arc;

pub use karat::cli::SparkServer;
use karat::engine::Engine;
use karat::engine::sql::SqlEngine;

pub use connector::SparkConnector;

/// Returns the engine of a server, which is connected to when a table is first opened.
#[must_use]
pub fn engine(server: SparkServer) -> Arc<dyn Engine> {
    Arc::new(SqlEngine::new(SparkConnector::new(server)))
}
