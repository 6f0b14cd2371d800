//! The strategy of an engine for a plan, decided before any row is read.

use std::ops::Range;

use super::Proved;
use crate::data::Dataset;
use crate::metric::{MetricId, PerMetric};
use crate::plan::Plan;

/// The strategy of an engine for a plan. It is decided before rows are read, shown by `karat plan`, and
/// executed unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Strategy {
    /// Number of times that the files were read to open the data, for formats that are transcribed first.
    pub transcription_scans: u64,
    /// For each metric of the plan, the number of rows on which statistics prove it; these need not be read
    /// for it.
    pub proved: PerMetric<Proved>,
    /// The reads for the metrics that are not proved, in order. No row belongs to two of them.
    pub reads: Vec<Read>,
    /// The top-level columns that these reads need from files, in the order of the table.
    pub columns: Vec<String>,
    /// For each metric of the plan, what the engine keeps in memory for it.
    pub kept: PerMetric<Kept>,
    /// The metrics that are SQL queries, each of which scans the data itself.
    pub queries: Vec<MetricId>,
    /// The scans of other datasets.
    pub others: Vec<OtherScans>,
    /// The condition on which the data is read once more.
    pub second_pass: SecondPass,
    /// The statements that are sent to the system that holds the data, each with the metrics that it is for; empty for an
    /// engine that reads rows itself.
    pub statements: Vec<(String, Vec<MetricId>)>,
}

/// Rows that are read at once, for some metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The numbers of the rows, including deleted ones; empty for data in memory, where all rows are read.
    pub rows: Vec<Range<u64>>,
    /// The metrics to measure on the rows.
    pub metrics: Vec<MetricId>,
    /// Approximate number of bytes of the rows, with all their columns.
    pub bytes: u64,
}

impl Read {
    /// Returns whether the read needs a scan: a read without rows does not.
    fn scans(&self) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|rows| !rows.is_empty())
    }
}

/// What an engine keeps in memory for a metric while it reads rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing that grows with the data.
    Nothing,
    /// A hash of each key, which tells whether keys repeat.
    Hashes,
    /// Each key, with what is known of its rows.
    Groups,
    /// The values of each row.
    Values,
    /// The keys of another dataset, and those that it lacks.
    Keys,
    /// Whole rows, of both sides where two are compared.
    Rows,
}

/// The number of scans of another dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherScans {
    /// The dataset.
    pub dataset: Dataset,
    /// Number of scans, including those for queries.
    pub scans: u64,
}

/// The condition on which the data is read once more after the judging pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondPass {
    /// The data is not read again.
    Never,
    /// The data is read again if rows fail whose values are shown, or if hashes of keys are repeated.
    IfRowsFail,
    /// The data is read again, because the failing rows depend on values that the first pass measures.
    Always,
}

impl Strategy {
    /// Returns the strategy of an engine that reads all rows once for all metrics, and proves nothing.
    #[must_use]
    pub fn one_read(plan: &Plan) -> Self {
        Self {
            transcription_scans: 0,
            proved: plan.metrics.map(|_| Proved::default()),
            reads: vec![Read { rows: Vec::new(), metrics: plan.metrics.ids().collect(), bytes: 0 }],
            columns: Vec::new(),
            kept: plan.metrics.map(|_| Kept::Nothing),
            queries: Vec::new(),
            others: Vec::new(),
            second_pass: SecondPass::Never,
            statements: Vec::new(),
        }
    }

    /// Returns the minimum number of scans of the data: those that opened it, one for all reads of the
    /// judging pass, one for each query, and one for a second pass that always runs.
    #[must_use]
    pub fn least_scans(&self) -> u64 {
        let queries = u64::try_from(self.queries.len()).unwrap_or(u64::MAX);
        let second = u64::from(self.second_pass == SecondPass::Always);
        self.transcription_scans + u64::from(self.reads.iter().any(Read::scans)) + queries + second
    }

    /// Returns the number of rows that the judging pass reads, including deleted ones.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let rows = self.reads.iter().flat_map(|read| &read.rows);
        rows.map(|rows| rows.end - rows.start).sum()
    }
}
