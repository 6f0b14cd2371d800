//! What an engine is.

use std::collections::BTreeMap;

use super::{EngineError, Measurements, Progress};
use crate::data::Dataset;
use crate::plan::Plan;
use crate::source::Snapshot;

/// What may be told to an engine while it works.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Whether to stop at the next chance.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
    /// Hears how far the read is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl Control<'_> {
    /// Goes on, unless somebody asked to stop.
    pub(super) fn go_on(&self) -> Result<(), EngineError> {
        if (self.cancelled)() { Err(EngineError::Cancelled) } else { Ok(()) }
    }
}

/// Measures what a plan asks of a snapshot.
pub trait Engine {
    /// Its name and version, for the report.
    fn name(&self) -> String;

    /// Measures every metric of the plan, and fetches rows for the checks whose rows fail. `others`
    /// are the other datasets that its checks speak of.
    ///
    /// # Errors
    /// The data cannot be read, or the read was cancelled: nothing was measured. A metric at which the
    /// engine fails or panics is no such error: it alone has none but a
    /// [`MetricError`](super::MetricError).
    fn measure(
        &self,
        plan: &Plan,
        snapshot: &Snapshot,
        others: &BTreeMap<Dataset, Snapshot>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError>;
}
