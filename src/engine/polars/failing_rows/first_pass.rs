//! Finds all failing rows of conditions while the first scan counts them, if a plan wants all of them: then no
//! second scan is made for these checks.

use std::sync::Arc;

use polars::prelude::Expr;
use roaring::RoaringTreemap;

use super::sampling::{FailingCheck, RowSelector, samples};
use crate::engine::MetricError;
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::query::{EveryRow, FirstRows};
use crate::engine::polars::snapshot::Snapshot;
use crate::expectation::FailureRule;
use crate::metric::{Measured, Metric, MetricId, PerMetric, State};
use crate::plan::{FailingCount, JudgedBy, Plan};
use crate::privacy::MaskedSamples;

/// The checks whose failing rows the first scan finds.
pub(in crate::engine::polars) struct FirstScan<'a> {
    checks: Vec<CountedCheck<'a>>,
}

/// A check whose failing rows are those for which a condition holds.
struct CountedCheck<'a> {
    /// The metric that counts these rows.
    metric: MetricId,
    check: FailingCheck<'a>,
    kept: Arc<FirstRows>,
    every: Arc<EveryRow>,
    /// Keeps and collects the rows.
    expression: Expr,
}

/// All failing rows of a check.
pub(in crate::engine::polars) struct FoundRows {
    pub(in crate::engine::polars) check: usize,
    pub(in crate::engine::polars) samples: MaskedSamples,
    pub(in crate::engine::polars) rows: RoaringTreemap,
}

impl<'a> FirstScan<'a> {
    pub(in crate::engine::polars) fn new(plan: &'a Plan) -> Self {
        let counted = plan.checks.iter().enumerate().filter_map(|(index, check)| {
            let Ok(JudgedBy::Rows { rule, failing: FailingCount::Metric(metric), .. }) = &check.judged_by
            else {
                return None;
            };
            let FailureRule::Condition(condition) = &rule.fails else { return None };
            let is_counted = matches!(&plan.metrics[*metric], Metric::Count(counted) if counted == condition);
            is_counted.then(|| {
                let condition = to_polars(condition);
                let check =
                    FailingCheck::new(plan, index, Some(*metric), RowSelector::Where(condition.clone()));
                let every = Arc::<EveryRow>::default();
                let (kept, expression) = check.keep(plan, &condition, Some(Arc::clone(&every)));
                CountedCheck { metric: *metric, check, kept, every, expression }
            })
        });
        Self { checks: if plan.finds_all_rows { counted.collect() } else { Vec::new() } }
    }

    /// Returns whether the scan counts a metric by the rows that it finds.
    pub(in crate::engine::polars) fn counts(&self, metric: MetricId) -> bool {
        self.checks.iter().any(|counted| counted.metric == metric)
    }

    /// Returns expressions that find the rows of metrics, as a side effect.
    pub(in crate::engine::polars) fn expressions(&self, metrics: &[MetricId]) -> Vec<Expr> {
        let wanted = self.checks.iter().filter(|counted| metrics.contains(&counted.metric));
        wanted.map(|counted| counted.expression.clone()).collect()
    }

    /// Returns the number of rows that were found for a metric.
    pub(in crate::engine::polars) fn state(&self, metric: MetricId) -> Option<State> {
        let counted = self.checks.iter().find(|counted| counted.metric == metric)?;
        Some(State::Count(counted.every.count()))
    }

    /// Returns the rows of the checks whose failing rows were all found. Those of others, which statistics have counted, must be
    /// fetched.
    pub(in crate::engine::polars) fn found(
        &self,
        plan: &Plan,
        values: &PerMetric<Result<Measured, MetricError>>,
        snapshot: &Snapshot,
    ) -> Vec<FoundRows> {
        let is_whole = |counted: &&CountedCheck<'_>| match &values[counted.metric] {
            Ok(value) => value.count().is_ok_and(|count| count == counted.every.count()),
            Err(_) => false,
        };
        let found = self.checks.iter().filter(is_whole).map(|counted| FoundRows {
            check: counted.check.check,
            samples: samples(plan, &counted.check, &counted.kept.rows(), snapshot),
            rows: counted.every.rows(),
        });
        found.collect()
    }
}
