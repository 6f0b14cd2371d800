//! Moves checks from one plan into another, where their metrics have other places.

use super::{DependentCount, FailingCount, JudgedBy, PlannedCheck};
use crate::metric::MetricId;

/// The places to which the metrics and the dependent counts of a plan move.
pub(super) struct Moved<'a> {
    pub(super) metric: &'a dyn Fn(MetricId) -> MetricId,
    pub(super) dependent: &'a dyn Fn(usize) -> usize,
}

impl Moved<'_> {
    fn all(&self, metrics: &[MetricId]) -> Vec<MetricId> {
        metrics.iter().map(|id| (self.metric)(*id)).collect()
    }

    pub(super) fn dependent(&self, count: &DependentCount) -> DependentCount {
        DependentCount { metrics: self.all(&count.metrics), condition: count.condition.clone() }
    }

    pub(super) fn check(&self, check: &PlannedCheck) -> PlannedCheck {
        PlannedCheck {
            judged_by: check
                .judged_by
                .as_ref()
                .map(|judged_by| self.judged_by(judged_by))
                .map_err(Clone::clone),
            columns: check.columns.clone(),
            samples: check.samples,
            key: check.key.clone(),
        }
    }

    fn judged_by(&self, judged_by: &JudgedBy) -> JudgedBy {
        match judged_by {
            JudgedBy::Rows { rule, rows, considered, failing, keys } => JudgedBy::Rows {
                rule: rule.clone(),
                rows: (self.metric)(*rows),
                considered: (self.metric)(*considered),
                failing: match failing {
                    FailingCount::Metric(id) => FailingCount::Metric((self.metric)(*id)),
                    FailingCount::Dependent(position) => FailingCount::Dependent((self.dependent)(*position)),
                },
                keys: keys.map(self.metric),
            },
            JudgedBy::Measured { metrics, demand } => {
                JudgedBy::Measured { metrics: self.all(metrics), demand: demand.clone() }
            }
            JudgedBy::Grouped { by, rows, metrics, demand } => JudgedBy::Grouped {
                by: by.clone(),
                rows: (self.metric)(*rows),
                metrics: self.all(metrics),
                demand: demand.clone(),
            },
            JudgedBy::Readable { rows } => JudgedBy::Readable { rows: (self.metric)(*rows) },
            JudgedBy::Decided(_) | JudgedBy::Skipped => judged_by.clone(),
        }
    }
}
