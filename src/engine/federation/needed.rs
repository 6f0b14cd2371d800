//! Which columns of which datasets a check needs.

use std::collections::{BTreeMap, BTreeSet};

use super::datasets::{Datasets, Side};
use crate::metric::Metric;
use crate::plan::{JudgedBy, Plan, PlannedCheck};
use crate::source::Opened as _;

/// The columns of a dataset that are read.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Those without which the check is not decided.
    pub(super) deciding: BTreeSet<String>,
    /// Those that a query may name.
    pub(super) named: BTreeSet<String>,
}

/// The columns that are needed, by their dataset.
pub(super) type Needed = BTreeMap<Side, Columns>;

impl Datasets<'_> {
    /// Returns the columns that a check needs, or why rows do not decide it. `in_order` says whether the rows that are judged
    /// come in the order of the data.
    pub(super) fn needed(
        &self,
        plan: &Plan,
        check: &PlannedCheck,
        in_order: bool,
    ) -> Result<Needed, &'static str> {
        let Ok(judged_by) = &check.judged_by else { return Ok(Needed::new()) };
        let mut needed = Needed::new();
        for metric in plan.metrics_of(judged_by).into_iter().filter_map(|id| plan.metrics.get(id)) {
            if !in_order && !is_decided_without_order(metric) {
                return Err("rows have no order to compare each with the one before");
            }
            self.add(metric, &mut needed)?;
        }
        if let JudgedBy::Rows { rule, .. } = judged_by {
            let here = needed.entry(Side::Judged).or_default();
            rule.each_column(&mut |path| {
                here.deciding.insert(path.root().to_owned());
            });
        }
        Ok(needed)
    }

    fn add(&self, metric: &Metric, needed: &mut Needed) -> Result<(), &'static str> {
        let here = needed.entry(Side::Judged).or_default();
        metric.each_column(&mut |path| {
            here.deciding.insert(path.root().to_owned());
        });
        if metric.is_query() {
            here.named.extend(self.judged.schema().names().map(str::to_owned));
        }
        if let Some(dataset) = metric.dataset() {
            let other = self.others.get(dataset).ok_or("the other dataset is not open")?;
            let there = needed.entry(Side::Other(dataset.clone())).or_default();
            metric.each_column_there(&mut |path| {
                there.deciding.insert(path.root().to_owned());
            });
            if metric.is_query() {
                there.named.extend(other.schema().names().map(str::to_owned));
            }
        }
        Ok(())
    }
}

/// Returns whether rows in any order tell what a metric asks.
pub(super) fn is_decided_without_order(metric: &Metric) -> bool {
    match metric {
        Metric::OutOfOrder(sequence) => sequence.is_decided(),
        _ => true,
    }
}
