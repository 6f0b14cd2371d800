//! What would run.

use serde::Serialize;

use crate::data::ColumnPath;
use crate::expectation::{Condition, Demand, Judgement, LowerError, RowRule};
use crate::metric::{Grouping, Metric, MetricId, PerMetric, Statistics};
use crate::privacy::Privacy;

/// What is measured for a suite, and how each of its checks is judged. It is plain data: two plans can be
/// compared, and one can be written down.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedCheck {
    /// How it is judged, or why it cannot be.
    pub form: Result<Form, LowerError>,
    /// The columns it reads.
    pub columns: Vec<ColumnPath>,
    /// How many failing rows to fetch.
    pub samples: usize,
}

/// Failing rows that can be told only by measured values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relative {
    /// The values.
    pub metrics: Vec<MetricId>,
    /// The condition that they make, true on the failing rows.
    pub condition: Condition,
}

/// Where a count of failing rows is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailingCount {
    /// It is this metric.
    Metric(MetricId),
    /// Among its counts relative to them, at this position.
    Relative(usize),
}

/// How a check is judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
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
        /// What is demanded of them.
        demand: Demand,
    },
    /// By measured values of every group of rows.
    Grouped {
        /// The columns whose values make a group.
        by: Vec<ColumnPath>,
        /// The rows of each group.
        rows: MetricId,
        /// The values of each group.
        metrics: Vec<MetricId>,
        /// What is demanded of those of each group.
        demand: Demand,
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

impl Plan {
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
}
