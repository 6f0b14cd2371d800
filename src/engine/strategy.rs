//! What an engine does for a plan, decided before it reads rows.

use std::ops::Range;

use super::Proved;
use crate::data::Dataset;
use crate::metric::{MetricId, PerMetric};
use crate::plan::Plan;

/// What an engine does for a plan. It is decided before rows are read, shown by `karat plan`, and executed as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Strategy {
    /// How many times the files were read to open the data: those of formats that are written as others first.
    pub readings: u64,
    /// One for each metric of the plan: on how many rows statistics prove it, so that they need not be read for it.
    pub proved: PerMetric<Proved>,
    /// What is read for the metrics that are left, one after another. No row belongs to two of these.
    pub reads: Vec<Read>,
    /// The top-level columns that these reads need of files, in the order of the table.
    pub columns: Vec<String>,
    /// What is kept in memory for each metric of the plan while rows are read.
    pub kept: PerMetric<Kept>,
    /// The metrics that are queries in SQL, each of which scans the data itself.
    pub queries: Vec<MetricId>,
    /// What is read of other datasets.
    pub others: Vec<OtherScans>,
    /// Whether the data is read once more.
    pub second_pass: SecondPass,
}

/// Rows that are read at once, for some metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The numbers of the rows, deleted ones among them; none in memory, where all rows are read.
    pub rows: Vec<Range<u64>>,
    /// The metrics.
    pub metrics: Vec<MetricId>,
    /// The bytes that the rows take with all their columns, about.
    pub bytes: u64,
}

impl Read {
    /// Returns whether it takes a scan: it does not where there are no rows.
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

/// How often another dataset is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherScans {
    /// The dataset.
    pub dataset: Dataset,
    /// The number of scans, those for queries among them.
    pub scans: u64,
}

/// Whether the data is read once more after the judging pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondPass {
    /// It is not.
    Never,
    /// It is if rows fail whose values are shown, or if hashes of keys come twice.
    IfRowsFail,
    /// It is: which rows fail is known only by what the first pass measures.
    Always,
}

impl Strategy {
    /// That of an engine that reads all rows once for all metrics, and knows nothing before.
    #[must_use]
    pub fn one_read(plan: &Plan) -> Self {
        Self {
            readings: 0,
            proved: plan.metrics.map(|_| Proved::default()),
            reads: vec![Read { rows: Vec::new(), metrics: plan.metrics.ids().collect(), bytes: 0 }],
            columns: Vec::new(),
            kept: plan.metrics.map(|_| Kept::Nothing),
            queries: Vec::new(),
            others: Vec::new(),
            second_pass: SecondPass::Never,
        }
    }

    /// The number of scans of the data if no second pass is needed: those by which it was opened, one for all reads of
    /// the judging pass, and one for each query.
    #[must_use]
    pub fn least_scans(&self) -> u64 {
        let queries = u64::try_from(self.queries.len()).unwrap_or(u64::MAX);
        let second = u64::from(self.second_pass == SecondPass::Always);
        self.readings + u64::from(self.reads.iter().any(Read::scans)) + queries + second
    }

    /// The number of rows that the judging pass reads, deleted ones among them.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let rows = self.reads.iter().flat_map(|read| &read.rows);
        rows.map(|rows| rows.end - rows.start).sum()
    }
}
