//! A [`Plan`](crate::plan::Plan) and data → [`Measurements`]: the one stage that reads rows.
//!
//! An [`Engine`] opens data, decides a strategy for a plan, and measures it. Its results do not depend on its
//! library: no code outside of an engine's own folder knows what the engine is built on. `polars` is karat's own;
//! `sql` asks the systems that hold the data; `federation` judges data of several systems together.

#[expect(clippy::module_inception, reason = "the trait that gives the stage its name")]
mod engine;
mod engine_name;
mod error;
mod federation;
mod measurements;
mod metric_error;
pub mod polars;
mod rows;
pub mod sql;
mod strategy;
#[cfg(feature = "databricks")]
mod unity_catalog;
mod watch;

pub use engine::{Control, Engine, OtherDatasets, Support};
pub use engine_name::EngineName;
pub use error::{EngineError, SpillError};
pub use federation::{FederatedEngine, Held, Opener};
pub use measurements::{Execution, Measurements, Origin, OtherRead, Progress, Proved};
pub use metric_error::MetricError;
pub use polars::PolarsEngine;
#[cfg(feature = "cli")]
pub(crate) use polars::is_of_engine;
pub use rows::{FetchedRows, RowBatch, RowRequest};
pub use strategy::{Kept, OtherScans, Read, SecondPass, Strategy};
#[cfg(feature = "databricks")]
pub use unity_catalog::UnityCatalog;
