//! The plan: metrics to measure, and the rule by which each check is judged from them.

use serde::Serialize;

use crate::data::ColumnPath;
use crate::expectation::{Condition, Demand, Judgement, LowerError, RowRule};
use crate::metric::{Grouping, Metric, MetricId, PerMetric, Statistics};
use crate::privacy::Privacy;

/// The metrics to measure for a suite, and how each of its checks is judged. A plan is plain data: plans can
/// be compared and serialized.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// One entry for each check of the suite, in the suite's order.
    pub checks: Vec<PlannedCheck>,
    /// The metrics to measure, each once.
    pub metrics: PerMetric<Metric>,
    /// The counts of failing rows that need the values of metrics first.
    pub dependent: Vec<DependentCount>,
    /// The personal columns, whose values must not be fetched.
    pub privacy: Privacy,
    /// True if every failing row is to be found, not only those that are shown as samples.
    pub finds_all_rows: bool,
}

/// A check bound to a schema.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedCheck {
    /// The way in which the check is judged, or the reason why it cannot be evaluated.
    pub judged_by: Result<JudgedBy, LowerError>,
    /// The columns that the check reads.
    pub columns: Vec<ColumnPath>,
    /// Number of failing rows to fetch as samples.
    pub samples: usize,
    /// The columns that identify a failing row.
    pub key: RowKey,
}

/// The columns that identify a failing row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowKey {
    /// The columns that can be read.
    pub columns: Vec<ColumnPath>,
    /// The columns that cannot be read, each with the reason.
    pub unread: Vec<(ColumnPath, String)>,
}

/// A count of failing rows whose condition depends on the values of metrics, such as a mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependentCount {
    /// The metrics on whose values the condition depends.
    pub metrics: Vec<MetricId>,
    /// The condition that the values make, which is true on the failing rows.
    pub condition: Condition,
}

/// The source of a count of failing rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailingCount {
    /// The value of this metric.
    Metric(MetricId),
    /// The count at this position of `Plan::dependent`.
    Dependent(usize),
}

/// The way in which a check is judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    /// By the number of failing rows.
    Rows {
        /// The rule that tells which rows fail.
        rule: RowRule,
        /// Number of rows that pass `where`.
        rows: MetricId,
        /// Number of these rows that the rule considers.
        considered: MetricId,
        /// Number of considered rows that fail.
        failing: FailingCount,
        /// The first failing keys, where the rule is on keys rather than on single rows.
        keys: Option<MetricId>,
    },
    /// By the values of metrics.
    Measured {
        /// The metrics.
        metrics: Vec<MetricId>,
        /// The demand on their values.
        demand: Demand,
    },
    /// By the values of metrics for every group of rows.
    Grouped {
        /// The columns by which rows are grouped.
        by: Vec<ColumnPath>,
        /// Number of rows of each group.
        rows: MetricId,
        /// The metrics of each group.
        metrics: Vec<MetricId>,
        /// The demand on the values of each group.
        demand: Demand,
    },
    /// By the number of rows that could not be read.
    Readable {
        /// Number of rows that could be read and pass `where`.
        rows: MetricId,
    },
    /// By the schema alone.
    Decided(Judgement),
    /// Not judged, since the check was not selected.
    Skipped,
}

impl JudgedBy {
    /// Returns the position of the dependent count by which a check is judged, if there is one.
    #[must_use]
    pub const fn dependent(&self) -> Option<usize> {
        match self {
            Self::Rows { failing: FailingCount::Dependent(position), .. } => Some(*position),
            _ => None,
        }
    }
}

impl Plan {
    /// Returns the metrics by whose values a check is judged, in no special order.
    #[must_use]
    pub fn metrics_of(&self, judged_by: &JudgedBy) -> Vec<MetricId> {
        match judged_by {
            JudgedBy::Rows { rows, considered, failing, keys, .. } => {
                let failing = match failing {
                    FailingCount::Metric(metric) => vec![*metric],
                    FailingCount::Dependent(dependent) => self.dependent[*dependent].metrics.clone(),
                };
                [*rows, *considered].into_iter().chain(failing).chain(*keys).collect()
            }
            JudgedBy::Grouped { rows, metrics, .. } => {
                std::iter::once(*rows).chain(metrics.iter().copied()).collect()
            }
            JudgedBy::Measured { metrics, .. } => metrics.clone(),
            JudgedBy::Readable { rows } => vec![*rows],
            JudgedBy::Decided(_) | JudgedBy::Skipped => Vec::new(),
        }
    }

    /// Returns the groupings all of whose statistics follow from their number of groups and their repeated
    /// keys, each with these statistics.
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
