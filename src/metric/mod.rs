//! The questions that checks ask of the data: engine-neutral `Metric`s, each with its filter, and their
//! results, `Measured`. Two checks that ask for the same metric share it.

mod aggregate;
mod cross_dataset;
mod describe;
mod entropy;
mod fingerprint;
mod grouping;
mod measured;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod metric;
mod per_metric;
mod position;
mod sequence;
mod state;
mod sums;
pub(crate) mod tally;

pub use aggregate::{Aggregate, Interpolation};
pub use cross_dataset::{Correspondence, Lookup, Selection, UnmatchedResult};
pub(crate) use entropy::entropy;
pub use grouping::{GroupStatistic, Grouping, MOST_GROUPS, Statistics};
pub use measured::{Differences, Group, Measured, Misshapen, QueryDifference, QueryRows, Sizes};
pub use metric::{Metric, top_level_columns};
pub use per_metric::{MetricId, PerMetric};
pub(crate) use position::Position;
pub use sequence::Sequence;
pub use state::State;
pub use sums::{Comoments, Moments, Sum, Unit};
pub use tally::{Counted, Tallied, Tally, mark};
