//! The engine on Polars' streaming executor.
//!
//! `open` finds data, and gives a `snapshot` of Parquet files, whose bytes `parquet` checks before Polars sees
//! them. Then `engine` measures a plan:
//!
//! 1. `proof_by_statistics` decides what it can by `statistics`, without reading rows.
//! 2. A `strategy` says which rows are read for which of the other metrics, each row at most once.
//! 3. The `judging` pass reads them: one query for all metrics, made of `metrics` and the `expression` of each
//!    predicate, over one `scan`, where deletion vectors are applied. `uniqueness` looks on for keys that come twice.
//! 4. A second pass fetches `failing_rows`.
//!
//! `queries` of checks in SQL run beside all that. `query` is where Polars itself runs, `memory` bounds what is
//! held meanwhile, and `measuring` keeps what one run has found.
//!
//! The parts know each other in one direction only; `tests/it/layers.rs` has their order.

mod details;
mod engine;
mod expression;
mod failing_rows;
mod judging;
mod measuring;
mod memory;
mod metrics;
mod open;
mod opened;
mod parallel;
mod parquet;
mod proof_by_statistics;
mod queries;
mod query;
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
