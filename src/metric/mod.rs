//! What checks ask of the data: engine-neutral numbers, each with its filter. Two checks that ask
//! for the same metric share it.

mod aggregate;
mod describe;
mod fingerprint;
mod grouping;
mod measured;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod metric;
mod other;
mod per_metric;
mod sequence;
mod state;
mod sums;
pub(crate) mod tally;

pub use aggregate::{Aggregate, Interpolation};
pub use grouping::{GroupStatistic, Grouping, MOST_GROUPS, Statistics};
pub use measured::{Differences, Group, Measured, Misshapen, Selected, SelectedApart, Sizes};
pub use metric::Metric;
pub use other::{Correspondence, Lookup, Selection, Unmatched};
pub use per_metric::{MetricId, PerMetric};
pub use sequence::Sequence;
pub use state::State;
pub use sums::{Comoments, Moments, Sum, Unit};
pub use tally::{Counted, Tallied, Tally, mark};
