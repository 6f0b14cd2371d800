//! The engine on Polars' streaming executor.
//!
//! `open` finds data, and returns a `snapshot` of Parquet files, whose bytes `parquet` verifies before Polars
//! sees them. Then `engine` measures a plan:
//!
//! 1. `proof` decides metrics by `statistics` where it can, without reading rows.
//! 2. A `strategy` decides which rows are read for which of the other metrics, each row at most once.
//! 3. The `judging` pass reads them: one query for all metrics, made of `metrics` and the `expression` of
//!    each predicate, over one `scan`, where deletion vectors are applied. `uniqueness` records the keys, to
//!    find duplicates.
//! 4. A second pass fetches `failing_rows`.
//!
//! `row_batches` gives the rows themselves to those who write them elsewhere.
//!
//! `queries` of checks in SQL run beside all that. `query` is where Polars itself runs, `memory` bounds the
//! state that is held meanwhile, and `run_state` keeps the results of one run.
//!
//! The parts depend on each other in one direction only; `tests/it/layers.rs` has their order.

mod details;
mod engine;
mod expression;
mod failing_rows;
mod judging;
mod memory;
mod metrics;
mod open;
mod opened;
mod parallel;
mod parquet;
mod proof_by_statistics;
mod queries;
mod query;
mod record_batch;
mod recycled;
mod row_batches;
mod run_state;
mod scan;
mod snapshot;
mod statistics;
mod strategy;
#[cfg(test)]
mod tests;
#[cfg(feature = "cli")]
mod threads;
mod types;
mod uniqueness;

pub use engine::PolarsEngine;
pub use open::{open, open_as};
pub use scan::FileSet;
pub use snapshot::{Rows, Snapshot};
#[cfg(feature = "cli")]
pub(crate) use threads::is_of_engine;
