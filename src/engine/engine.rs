//! The interface of an engine, and the options of one run of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use arrow::datatypes::SchemaRef;

use super::{EngineError, FetchedRows, Measurements, Progress, RowBatch, RowRequest, Strategy};
use crate::data::{Dataset, Dialect};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::source::{Data, Opened, SourceError, StorageOptions, Trust};

/// The options of one run of an engine, and its callbacks to the caller.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// The statistics that may replace reading rows.
    pub trust: Trust,
    /// Number of bytes of memory for state that grows with the rows; state beyond that is spilled.
    pub memory: u64,
    /// True if failing rows that are shown come with all their columns, which takes a further scan of few rows.
    pub whole_rows: bool,
    /// Returns true once the caller wants the run to stop.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
    /// Receives the progress of the read.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl Default for Control<'_> {
    /// Trusts all statistics, sets no memory limit, never cancels, and ignores progress.
    fn default() -> Self {
        Self {
            trust: Trust::default(),
            memory: u64::MAX,
            whole_rows: false,
            cancelled: &|| false,
            progress: &|_| {},
        }
    }
}

impl Control<'_> {
    /// Returns an error if the run is cancelled.
    ///
    /// # Errors
    /// The run is cancelled.
    pub fn go_on(&self) -> Result<(), EngineError> {
        if (self.cancelled)() { Err(EngineError::Cancelled) } else { Ok(()) }
    }
}

/// The way in which an engine computes the value of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// The engine computes the metric where the rows are.
    Measured,
    /// The engine must fetch the rows of the metric's columns, and computes the metric from them.
    Fetched,
    /// The engine cannot compute the metric, for this reason. The checks that need the metric are errors with
    /// this reason, even if the engine returns a value for the metric.
    Refused(String),
}

/// The other datasets that the checks of a plan refer to.
pub type OtherDatasets<'a> = BTreeMap<Dataset, &'a dyn Opened>;

/// Opens data, and measures the metrics of a plan.
pub trait Engine: Send + Sync {
    /// Returns the name and the version of the engine, for the report.
    fn name(&self) -> String;

    /// Opens data. Reads no rows, except of formats such as text, whose columns only the rows reveal.
    /// `storage` configures access to object stores, and `dialect` says how files are written.
    ///
    /// # Errors
    /// The location holds no data that this engine can read correctly.
    fn open(
        &self,
        data: Data,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError>;

    /// Returns how the engine computes the value of a metric.
    fn support(&self, metric: &Metric) -> Support;

    /// Decides what [`measure`](Self::measure) does for a plan. Reads the metadata of the data, but no rows.
    ///
    /// # Errors
    /// The metadata cannot be read.
    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Strategy, EngineError>;

    /// Measures every metric of the plan, and fetches failing rows for its checks. `data` and `others`, the
    /// other datasets that the checks refer to, must have been opened by this engine.
    ///
    /// # Errors
    /// The data cannot be read, or the run was cancelled: nothing was measured. A failure or a panic at one
    /// metric is no such error: only that metric has a [`MetricError`](super::MetricError).
    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError>;

    /// Fetches columns of all rows of a dataset of at most `most` rows, for another engine to judge. Columns of which values would
    /// not be what the schema says are withheld.
    ///
    /// # Errors
    /// The data cannot be read, or the run was cancelled.
    fn fetch(
        &self,
        _data: &dyn Opened,
        _columns: &BTreeSet<String>,
        _most: u64,
        _control: Control<'_>,
    ) -> Result<FetchedRows, EngineError> {
        Ok(FetchedRows {
            rows: Err(format!("{} gives no rows to another engine", self.name())),
            ..FetchedRows::default()
        })
    }

    /// Returns the Arrow types of the columns of a request, as [`read_rows`](Self::read_rows) gives them. Reads no rows.
    ///
    /// # Errors
    /// The data cannot be read, a column is not there, or Arrow has no such type.
    fn row_schema(&self, data: &dyn Opened, request: RowRequest<'_>) -> Result<SchemaRef, EngineError>;

    /// Reads rows in the order of their numbers, and gives them to `take`, a batch at a time, until it breaks off. The numbers
    /// are those of [`Measurements::failing_rows`].
    ///
    /// # Errors
    /// The data cannot be read, has changed since it was opened, or the run was cancelled.
    fn read_rows(
        &self,
        data: &dyn Opened,
        request: RowRequest<'_>,
        control: Control<'_>,
        take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError>;
}
