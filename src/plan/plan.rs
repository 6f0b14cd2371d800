//! What would run.

use std::collections::BTreeSet;

use crate::data::{ColumnPath, Schema};
use crate::expectation::{Condition, Judge, Judgement, LowerError, RowRule};
use crate::metric::{Grouping, Metric, MetricId, PerMetric, Statistics};
use crate::privacy::Privacy;

/// What is measured for a suite, and how each of its checks is judged.
#[derive(Debug)]
pub struct Plan {
    /// One for each check of the suite, in its order.
    pub checks: Vec<PlannedCheck>,
    /// What is measured; each metric once.
    pub metrics: PerMetric<Metric>,
    /// What is counted once those are known.
    pub relative: Vec<Relative>,
    /// The columns that name a failing row.
    pub key: Vec<ColumnPath>,
    /// Those that would, if they could be read, and why they cannot.
    pub unread_key: Vec<(ColumnPath, String)>,
    /// The personal columns, whose values must not be fetched.
    pub privacy: Privacy,
}

/// A check bound to a schema.
#[derive(Debug)]
pub struct PlannedCheck {
    /// How it is judged, or why it cannot be.
    pub form: Result<Form, LowerError>,
    /// The columns it reads.
    pub columns: Vec<ColumnPath>,
    /// How many failing rows to fetch.
    pub samples: usize,
}

/// Failing rows that can be told only by measured values.
#[derive(Clone, Debug)]
pub struct Relative {
    /// The values.
    pub metrics: Vec<MetricId>,
    /// The condition that they make, true on the failing rows.
    pub condition: Condition,
}

/// Where a count of failing rows is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailingCount {
    /// It is this metric.
    Metric(MetricId),
    /// Among its counts relative to them, at this position.
    Relative(usize),
}

/// How a check is judged.
pub enum Form {
    /// By the count of failing rows.
    Rows {
        /// Which rows fail.
        rule: RowRule,
        /// The rows that `where` lets through.
        rows: MetricId,
        /// The considered ones of them.
        considered: MetricId,
        /// The failing ones of those.
        failing: FailingCount,
        /// The least failing keys, where groups of rows fail.
        keys: Option<MetricId>,
    },
    /// By measured values.
    Measured {
        /// The values.
        metrics: Vec<MetricId>,
        /// The judge.
        judge: Judge,
    },
    /// By measured values of every group of rows.
    Grouped {
        /// The columns whose values make a group.
        by: Vec<ColumnPath>,
        /// The rows of each group.
        rows: MetricId,
        /// The values of each group.
        metrics: Vec<MetricId>,
        /// The judge of a group.
        judge: Judge,
    },
    /// By the count of rows that could not be read.
    Readable {
        /// The others.
        rows: MetricId,
    },
    /// The schema has decided.
    Decided(Judgement),
    /// It is not asked for.
    Skipped,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rows { rule, rows, considered, failing, keys } => f
                .debug_struct("Rows")
                .field("rule", rule)
                .field("metrics", &(rows, considered, failing, keys))
                .finish(),
            Self::Measured { metrics, .. } => f.debug_tuple("Measured").field(metrics).finish(),
            Self::Grouped { by, metrics, .. } => f.debug_tuple("Grouped").field(by).field(metrics).finish(),
            Self::Readable { rows } => f.debug_tuple("Readable").field(rows).finish(),
            Self::Decided(judgement) => f.debug_tuple("Decided").field(judgement).finish(),
            Self::Skipped => f.write_str("Skipped"),
        }
    }
}

impl Plan {
    /// The top-level columns that the judging pass reads, in the order of the table.
    #[must_use]
    pub fn columns_read(&self, schema: &Schema) -> Vec<String> {
        let mut roots = BTreeSet::new();
        for metric in &self.metrics {
            metric.each_column(&mut |path| {
                roots.insert(path.root().to_owned());
            });
        }
        schema.names().filter(|name| roots.contains(*name)).map(str::to_owned).collect()
    }

    /// The groupings of which nothing is asked that does not follow from their repeated keys.
    #[must_use]
    pub fn groupings_of_repeated(&self) -> Vec<(&Grouping, Statistics<'_>)> {
        let mut found: Vec<(&Grouping, Statistics<'_>)> = Vec::new();
        for (id, metric) in self.metrics.entries() {
            let Metric::Group { grouping, statistic } = metric else { continue };
            match found.iter_mut().find(|(other, _)| *other == grouping) {
                Some((_, statistics)) => statistics.push((id, statistic)),
                None => found.push((grouping, vec![(id, statistic)])),
            }
        }
        found.retain(|(_, statistics)| statistics.iter().all(|(_, statistic)| statistic.is_of_repeated()));
        found
    }

    /// Whether the judging pass may go a group of files at a time.
    #[must_use]
    pub fn merges(&self) -> bool {
        let mut groupings = self.groupings_of_repeated();
        groupings
            .retain(|(_, statistics)| statistics.iter().any(|(_, statistic)| statistic.is_of_duplicates()));
        let statistics = || groupings.iter().flat_map(|(_, statistics)| statistics);
        let is_of_uniqueness = |id| statistics().any(|(other, _)| *other == id);
        self.metrics.entries().all(|(id, metric)| metric.merges() || is_of_uniqueness(id))
    }
}
