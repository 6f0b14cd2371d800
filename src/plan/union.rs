//! Joins the plans of several suites on one dataset, so that the data is read once for all of them.

use std::collections::HashMap;
use std::ops::Range;

use super::{FailingCount, Form, Plan, PlannedCheck, Relative};
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
    /// The positions of the plan's relative counts in the union.
    pub relative: Range<usize>,
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
            relative: Vec::new(),
            privacy: first.privacy.clone(),
        };
        let mut known: HashMap<&Metric, MetricId> = HashMap::new();
        let mut parts = Vec::with_capacity(1 + others.len());
        for plan in std::iter::once(first).chain(others.iter().copied()) {
            let metrics = plan.metrics.of_ids(|id| {
                let metric = &plan.metrics[id];
                *known.entry(metric).or_insert_with(|| union.metrics.push(metric.clone()))
            });
            let (relative, checks) = (union.relative.len(), union.checks.len());
            let moved = Moved { metrics: &metrics, relative };
            union.relative.extend(plan.relative.iter().map(|count| moved.relative(count)));
            union.checks.extend(plan.checks.iter().map(|check| moved.check(check)));
            parts.push(Part {
                relative: relative..union.relative.len(),
                checks: checks..union.checks.len(),
                metrics,
            });
        }
        Self { plan: union, parts }
    }
}

/// The places to which the metrics and the relative counts of a plan move.
struct Moved<'a> {
    metrics: &'a PerMetric<MetricId>,
    /// The position of the plan's first relative count.
    relative: usize,
}

impl Moved<'_> {
    fn all(&self, metrics: &[MetricId]) -> Vec<MetricId> {
        metrics.iter().map(|id| self.metrics[*id]).collect()
    }

    fn relative(&self, count: &Relative) -> Relative {
        Relative { metrics: self.all(&count.metrics), condition: count.condition.clone() }
    }

    fn check(&self, check: &PlannedCheck) -> PlannedCheck {
        PlannedCheck {
            form: check.form.as_ref().map(|form| self.form(form)).map_err(Clone::clone),
            ..check.clone()
        }
    }

    fn form(&self, form: &Form) -> Form {
        match form {
            Form::Rows { rule, rows, considered, failing, keys } => Form::Rows {
                rule: rule.clone(),
                rows: self.metrics[*rows],
                considered: self.metrics[*considered],
                failing: match failing {
                    FailingCount::Metric(id) => FailingCount::Metric(self.metrics[*id]),
                    FailingCount::Relative(position) => FailingCount::Relative(self.relative + position),
                },
                keys: keys.map(|id| self.metrics[id]),
            },
            Form::Measured { metrics, demand } => {
                Form::Measured { metrics: self.all(metrics), demand: demand.clone() }
            }
            Form::Grouped { by, rows, metrics, demand } => Form::Grouped {
                by: by.clone(),
                rows: self.metrics[*rows],
                metrics: self.all(metrics),
                demand: demand.clone(),
            },
            Form::Readable { rows } => Form::Readable { rows: self.metrics[*rows] },
            Form::Decided(_) | Form::Skipped => form.clone(),
        }
    }
}
