//! A [`Plan`](crate::plan::Plan) and a [`Snapshot`](crate::source::Snapshot) → [`Measurements`]:
//! the one stage that reads rows.

mod budget;
mod dictionaries;
mod doubtful;
#[expect(clippy::module_inception, reason = "the trait that gives the stage its name")]
mod engine;
mod error;
mod execute;
mod first_rows;
mod groups;
mod hashes;
mod isolate;
mod joins;
mod judging;
mod keys;
mod lists;
mod locate;
mod measurements;
mod measuring;
mod members;
mod merge;
mod metric_error;
mod others;
mod polars;
mod proof;
mod quantiles;
mod queries;
mod ranks;
mod reads;
mod rising;
mod rows;
mod running;
mod sampling;
mod scalars;
mod second;
mod seen;
mod sequences;
mod shapes;
mod spill;
mod spilled_keys;
mod sums;
#[cfg(test)]
mod tests;
mod tracking;
mod uniqueness;
mod values;
mod workers;

pub use engine::{Control, Engine};
pub use error::EngineError;
pub use measurements::{Execution, Measurements, OtherRead, Progress, Proved};
pub use metric_error::MetricError;
pub use polars::PolarsEngine;
pub use spill::SpillError;
