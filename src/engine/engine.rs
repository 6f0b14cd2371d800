//! What an engine is.

use std::collections::BTreeMap;

use super::{EngineError, Measurements, Progress, Strategy};
use crate::data::{Dataset, Dialect};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::source::{Data, Opened, SourceError, StorageOptions, Trust};

/// How an engine works on one plan, and what it is told meanwhile.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Which statistics may replace reading rows.
    pub trust: Trust,
    /// The bytes of memory for what is held while rows are read; more than that is spilled.
    pub memory: u64,
    /// Whether to stop at the next chance.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
    /// Is called with how far the read is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl Default for Control<'_> {
    /// All statistics are trusted, memory is not limited, and nobody stops the work or hears of it.
    fn default() -> Self {
        Self { trust: Trust::default(), memory: u64::MAX, cancelled: &|| false, progress: &|_| {} }
    }
}

impl Control<'_> {
    /// Goes on, unless somebody asked to stop.
    ///
    /// # Errors
    /// Somebody did.
    pub fn go_on(&self) -> Result<(), EngineError> {
        if (self.cancelled)() { Err(EngineError::Cancelled) } else { Ok(()) }
    }
}

/// How an engine comes to the value of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It measures it where the rows are.
    Measured,
    /// It must fetch the rows of its columns, and measures these.
    Fetched,
    /// It cannot: why. Whatever it measures of it, the checks that stand on the metric are errors with this reason.
    Refused(String),
}

/// Opens data, and measures what a plan asks of it.
pub trait Engine: Send + Sync {
    /// Its name and version, for the report.
    fn name(&self) -> String;

    /// Opens data. No row is read, except of formats whose columns nothing else tells, such as text. `storage` finds
    /// object stores, and `dialect` says how files are written.
    ///
    /// # Errors
    /// Nothing lies there that this engine can read right.
    fn open(
        &self,
        data: Data,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError>;

    /// How it comes to the value of a metric.
    fn support(&self, metric: &Metric) -> Support;

    /// What [`measure`](Self::measure) will do for a plan, and does. Metadata of the data is read for it, and no rows.
    ///
    /// # Errors
    /// The metadata cannot be read.
    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
        control: Control<'_>,
    ) -> Result<Strategy, EngineError>;

    /// Measures every metric of the plan, and fetches rows for the checks whose rows fail. `data` and `others`, the
    /// other datasets that its checks speak of, were opened by this engine.
    ///
    /// # Errors
    /// The data cannot be read, or the read was cancelled: nothing was measured. A metric at which the
    /// engine fails or panics is no such error: it alone has none but a
    /// [`MetricError`](super::MetricError).
    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError>;
}
