//! Joins the plans of several suites on one dataset, so that the data is read once for all of them.

use std::collections::HashMap;
use std::ops::Range;

use super::Plan;
use super::moved::Moved;
use crate::metric::{Metric, MetricId, PerMetric};

/// Plans joined to one, in which each metric stands once.
#[derive(Debug)]
pub struct Union {
    /// The plan for all checks.
    pub plan: Plan,
    /// The part of each plan, in the order in which they were given.
    pub parts: Vec<Part>,
}

/// The place of a plan in a union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The id in the union of each metric of the plan.
    pub metrics: PerMetric<MetricId>,
    /// The positions of the plan's dependent counts in the union.
    pub dependent: Range<usize>,
    /// The positions of the plan's checks in the union.
    pub checks: Range<usize>,
}

impl Union {
    /// Joins plans for the same schema. All of them must hide the same personal columns.
    #[must_use]
    pub fn of(first: &Plan, others: &[&Plan]) -> Self {
        let mut union = Plan {
            checks: Vec::new(),
            metrics: PerMetric::default(),
            dependent: Vec::new(),
            privacy: first.privacy.clone(),
            finds_all_rows: first.finds_all_rows || others.iter().any(|plan| plan.finds_all_rows),
        };
        let mut known: HashMap<&Metric, MetricId> = HashMap::new();
        let mut parts = Vec::with_capacity(1 + others.len());
        for plan in std::iter::once(first).chain(others.iter().copied()) {
            let metrics = plan.metrics.of_ids(|id| {
                let metric = &plan.metrics[id];
                *known.entry(metric).or_insert_with(|| union.metrics.push(metric.clone()))
            });
            let (dependent, checks) = (union.dependent.len(), union.checks.len());
            let moved = Moved { metric: &|id| metrics[id], dependent: &|position| dependent + position };
            union.dependent.extend(plan.dependent.iter().map(|count| moved.dependent(count)));
            union.checks.extend(plan.checks.iter().map(|check| moved.check(check)));
            parts.push(Part {
                dependent: dependent..union.dependent.len(),
                checks: checks..union.checks.len(),
                metrics,
            });
        }
        Self { plan: union, parts }
    }
}
