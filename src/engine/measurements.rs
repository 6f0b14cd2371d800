//! The results of measuring a plan, and their cost.

use std::collections::BTreeMap;

use roaring::RoaringTreemap;

use super::MetricError;
use crate::metric::{Measured, MetricId, PerMetric};
use crate::plan::{Part, Plan, Subset};
use crate::privacy::{MaskedSamples, Untrusted};
use crate::source::{Dispute, NetworkUse, Trust};

/// The results of measuring a plan.
#[derive(Debug, Default)]
pub struct Measurements {
    /// The result of each metric of the plan, in the shape that the metric asks for, or the reason why there
    /// is none. A missing result fails the checks that need the metric, and no others.
    pub measured: PerMetric<Result<Measured, MetricError>>,
    /// For each metric of the plan, the number of rows on which statistics proved it.
    pub proved: PerMetric<Proved>,
    /// For each dependent count of the plan, the number of failing rows, or the reason why the count failed.
    pub dependent: Vec<Result<u64, MetricError>>,
    /// For each check of the plan, its failing rows; empty if none of its rows fail.
    pub samples: Vec<MaskedSamples>,
    /// For each check of the plan, the numbers of all its failing rows, if the plan asks for them. The numbers run through the
    /// rows of all files of the data, deleted ones included.
    pub failing_rows: Vec<RoaringTreemap>,
    /// The reasons why failing rows could not be fetched, by the index of the check.
    pub unfetched: BTreeMap<usize, Untrusted>,
    /// Number of rows that could not be parsed, for formats where that can happen.
    pub malformed: Option<u64>,
    /// For each check of the plan, where it was judged, if the engine asks a system for values; empty for an engine that reads
    /// rows itself.
    pub origins: Vec<Option<Origin>>,
    /// The cost of the measurement.
    pub execution: Execution,
}

impl Measurements {
    /// Returns the result of a metric.
    ///
    /// # Errors
    /// The metric has no result; the error is the reason.
    pub fn of(&self, metric: MetricId) -> Result<&Measured, MetricError> {
        self.measured
            .get(metric)
            .map_or(Err(MetricError::Unmeasured), |found| found.as_ref().map_err(Clone::clone))
    }

    /// Returns the measurements of one of the plans whose union was measured. The execution is that of the
    /// union.
    #[must_use]
    pub fn part(&self, part: &Part) -> Self {
        let measured = |id| self.measured.get(id).cloned().unwrap_or(Err(MetricError::Unmeasured));
        let unfetched = self.unfetched.range(part.checks.clone());
        Self {
            measured: part.metrics.map(|id| measured(*id)),
            proved: part.metrics.map(|id| self.proved.get(*id).copied().unwrap_or_default()),
            dependent: self.dependent.get(part.dependent.clone()).unwrap_or_default().to_vec(),
            samples: self.samples.get(part.checks.clone()).unwrap_or_default().to_vec(),
            failing_rows: self.failing_rows.get(part.checks.clone()).unwrap_or_default().to_vec(),
            unfetched: unfetched.map(|(check, reason)| (check - part.checks.start, reason.clone())).collect(),
            malformed: self.malformed,
            origins: self.origins.get(part.checks.clone()).unwrap_or_default().to_vec(),
            execution: self.execution.clone(),
        }
    }

    /// Returns measurements of a whole plan, of which a subset was measured. The execution is that of the subset.
    #[must_use]
    pub(super) fn within(mut self, subset: &Subset, whole: &Plan) -> Self {
        let mut all = Self {
            measured: whole.metrics.map(|_| Err(MetricError::Unmeasured)),
            proved: whole.metrics.map(|_| Proved::default()),
            dependent: whole.dependent.iter().map(|_| Err(MetricError::Unmeasured)).collect(),
            samples: vec![MaskedSamples::default(); whole.checks.len()],
            failing_rows: vec![RoaringTreemap::new(); whole.checks.len()],
            unfetched: BTreeMap::new(),
            malformed: self.malformed,
            origins: vec![None; if self.origins.is_empty() { 0 } else { whole.checks.len() }],
            execution: std::mem::take(&mut self.execution),
        };
        for (id, own) in subset.metrics.entries() {
            all.measured[*own] = self.of(id).cloned();
            all.proved[*own] = self.proved.get(id).copied().unwrap_or_default();
        }
        for (position, count) in subset.dependent.iter().zip(self.dependent) {
            all.dependent[*position] = count;
        }
        for (index, check) in subset.checks.iter().enumerate() {
            all.samples[*check] = self.samples.get(index).cloned().unwrap_or_default();
            all.failing_rows[*check] = self.failing_rows.get(index).cloned().unwrap_or_default();
            if let Some(origin) = self.origins.get(index) {
                all.origins[*check].clone_from(origin);
            }
            if let Some(reason) = self.unfetched.remove(&index) {
                all.unfetched.insert(*check, reason);
            }
        }
        all
    }
}

/// Where the values of a check come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The name of the engine that computed them.
    pub engine: String,
    /// The places in [`Execution::statements`] of the statements that were answered for them.
    pub statements: Vec<usize>,
}

/// Number of rows on which a metric was proved without reading them, by source. Deleted rows count too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Number of rows proved by statistics and partition values in the log of the table.
    pub by_log: u64,
    /// Number of rows proved by statistics in the footers of files.
    pub by_footers: u64,
    /// Number of rows proved by dictionaries that hold all values of a column.
    pub by_dictionaries: u64,
    /// Number of all rows.
    pub of: u64,
}

impl Proved {
    /// Returns the number of rows that any source proved.
    #[must_use]
    pub const fn rows(self) -> u64 {
        self.by_log + self.by_footers + self.by_dictionaries
    }

    /// Returns whether there are rows, and the metric was proved on every one.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.of > 0 && self.rows() == self.of
    }
}

/// The cost of a measurement, counted while it ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Execution {
    /// Number of scans of the data, each of at least a part of it. For text and Arrow, this includes the
    /// reads that infer the types and transcribe the files to what is scanned.
    pub scans: u64,
    /// Number of these scans that were added because a single scan for all metrics would have exceeded the
    /// memory limit.
    pub scans_for_memory: u64,
    /// The columns that the judging pass read.
    pub columns_read: Vec<String>,
    /// Number of rows that all scans returned.
    pub rows_read: u64,
    /// Number of bytes that the scans read from files; `None` for data in memory. The scan for failing rows
    /// may leave out rows that statistics prove to pass.
    pub bytes_read: Option<u64>,
    /// The requests to the object store that holds the data, for opening and reading it, and their bytes;
    /// `None` if no object store holds it.
    pub network: Option<NetworkUse>,
    /// The statistics that were trusted; `None` for data in memory, which has no statistics.
    pub trust: Option<Trust>,
    /// Contradictions between the statistics of a file. The columns were read there instead.
    pub disputes: Vec<Dispute>,
    /// The statements that a system answered before failing rows were fetched. One with measured values may quote data.
    pub statements: Vec<Untrusted>,
    /// The cost of reading other datasets, which the fields above leave out.
    pub others: Vec<OtherRead>,
}

/// The cost of reading another dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRead {
    /// The name of the dataset in the suite.
    pub dataset: String,
    /// The URI of the dataset, without credentials.
    pub uri: String,
    /// The version of the table.
    pub version: Option<u64>,
    /// Number of scans of the dataset.
    pub scans: u64,
    /// Number of rows that the scans returned.
    pub rows_read: u64,
    /// The requests to the object store that holds the dataset, and their bytes; `None` if no object store
    /// holds it.
    pub network: Option<NetworkUse>,
}

/// The progress of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Number of bytes of files that are done.
    pub done: u64,
    /// Number of bytes of all files.
    pub total: u64,
}
