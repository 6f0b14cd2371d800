//! A [`Plan`](crate::plan::Plan) and a [`Snapshot`](crate::source::Snapshot) → [`Measurements`]:
//! the one stage that reads rows.

mod dictionaries;
mod doubtful;
#[expect(clippy::module_inception, reason = "the trait that gives the stage its name")]
mod engine;
mod error;
mod execute;
mod groups;
mod hashes;
mod joins;
mod judging;
mod keys;
mod lists;
mod locate;
mod measurements;
mod merge;
mod others;
mod polars;
mod proof;
mod quantiles;
mod queries;
mod reads;
mod rising;
mod rows;
mod running;
mod sampling;
mod scalars;
mod second;
mod seen;
mod sequences;
mod sums;
mod uniqueness;
mod values;

pub use engine::{Control, Engine};
pub use error::EngineError;
pub use measurements::{Execution, Measurements, OtherRead, Progress, Proved, SampleRow, Samples};
pub use polars::PolarsEngine;
