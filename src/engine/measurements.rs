//! What an engine found.

use std::collections::BTreeMap;

use super::MetricError;
use crate::metric::{Measured, MetricId, PerMetric};
use crate::privacy::{MaskedSamples, Untrusted};
use crate::source::{Dispute, NetworkUse, Trust};

/// What an engine found for a plan.
#[derive(Debug, Default)]
pub struct Measurements {
    /// What was found of each metric of the plan, in the shape that it asks for. Or why there is nothing:
    /// that costs the checks that stand on it, and no others.
    pub measured: PerMetric<Result<Measured, MetricError>>,
    /// One for each metric of the plan: on how many rows statistics proved it.
    pub proved: PerMetric<Proved>,
    /// One for each relative count of the plan: the failing rows, or why they cannot be told.
    pub relative: Vec<Result<u64, MetricError>>,
    /// One for each check of the plan; empty where none of its rows fail.
    pub samples: Vec<MaskedSamples>,
    /// Why failing rows could not be fetched, by the positions of the checks.
    pub unfetched: BTreeMap<usize, Untrusted>,
    /// The rows that could not be read, where the format of the data is one in which that may be.
    pub malformed: Option<u64>,
    /// What it took.
    pub execution: Execution,
}

impl Measurements {
    /// What was found of a metric.
    ///
    /// # Errors
    /// Nothing was: why.
    pub fn of(&self, metric: MetricId) -> Result<&Measured, MetricError> {
        self.measured
            .get(metric)
            .map_or(Err(MetricError::Unmeasured), |found| found.as_ref().map_err(Clone::clone))
    }
}

/// On how many rows a metric was proved without reading them, and by what. Deleted rows count too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// By statistics and partition values in the log of the table.
    pub by_log: u64,
    /// By statistics in the footers of files.
    pub by_footers: u64,
    /// By dictionaries that hold all values of a column.
    pub by_dictionaries: u64,
    /// Of so many rows.
    pub of: u64,
}

impl Proved {
    /// By any of them.
    #[must_use]
    pub const fn rows(self) -> u64 {
        self.by_log + self.by_footers + self.by_dictionaries
    }

    /// Returns whether there are rows, and it was proved on every one.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.of > 0 && self.rows() == self.of
    }
}

/// What a measurement took, measured and not assumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Execution {
    /// How many times the data was read, at most in part; of text and Arrow, to tell its types and to
    /// write it as what is scanned too.
    pub scans: u64,
    /// How many of these scans there were because one for all would have taken too much memory.
    pub scans_for_memory: u64,
    /// The columns that the judging pass read.
    pub columns_read: Vec<String>,
    /// The rows that came out of all scans.
    pub rows_read: u64,
    /// The bytes that the scans read of the files; none in memory. A scan for failing rows may have
    /// skipped some of them by the files' statistics.
    pub bytes_read: Option<u64>,
    /// What opening and reading it asked of the object store in which it lies, if it lies in one.
    pub network: Option<NetworkUse>,
    /// Whose statistics counted; nobody's in memory, where there are none.
    pub trust: Option<Trust>,
    /// Where the statistics of files contradict each other, so that the columns were read there.
    pub disputes: Vec<Dispute>,
    /// The other datasets that were read, beside all this.
    pub others: Vec<OtherRead>,
}

/// What reading another dataset took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRead {
    /// What the suite calls it.
    pub dataset: String,
    /// Where it lies, without credentials.
    pub uri: String,
    /// The version of its table.
    pub version: Option<u64>,
    /// How many times it was read.
    pub scans: u64,
    /// The rows that came out.
    pub rows_read: u64,
    /// What that asked of the object store in which it lies, if it lies in one.
    pub network: Option<NetworkUse>,
}

/// How far a read is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of files that are done.
    pub done: u64,
    /// Bytes of all files.
    pub total: u64,
}
