//! Some checks of a plan as a plan of their own, with the metrics that they need.

use std::collections::BTreeMap;

use super::Plan;
use super::moved::Moved;
use crate::metric::{MetricId, PerMetric};

/// Some checks of a plan, as a plan of their own.
#[derive(Debug)]
pub struct Subset {
    /// The plan of these checks.
    pub plan: Plan,
    /// The position in the whole plan of each check.
    pub checks: Vec<usize>,
    /// The id in the whole plan of each metric.
    pub metrics: PerMetric<MetricId>,
    /// The position in the whole plan of each dependent count.
    pub dependent: Vec<usize>,
}

impl Subset {
    /// Returns the checks at some positions of a plan.
    #[must_use]
    pub fn of(whole: &Plan, checks: impl IntoIterator<Item = usize>) -> Self {
        let checks: Vec<usize> = checks.into_iter().filter(|check| *check < whole.checks.len()).collect();
        let mut subset = Self {
            plan: Plan {
                checks: Vec::with_capacity(checks.len()),
                metrics: PerMetric::default(),
                dependent: Vec::new(),
                privacy: whole.privacy.clone(),
                finds_all_rows: whole.finds_all_rows,
            },
            checks: Vec::new(),
            metrics: PerMetric::default(),
            dependent: Vec::new(),
        };
        let mut places = BTreeMap::new();
        for judged_by in checks.iter().filter_map(|check| whole.checks[*check].judged_by.as_ref().ok()) {
            for id in whole.metrics_of(judged_by) {
                places.entry(id).or_insert_with(|| {
                    subset.metrics.push(id);
                    subset.plan.metrics.push(whole.metrics[id].clone())
                });
            }
            subset.dependent.extend(judged_by.dependent());
        }
        // Every check refers to no other metrics and counts than those gathered above.
        let dependent = |position: usize| subset.dependent.iter().position(|own| *own == position);
        let moved = Moved {
            metric: &|id| places.get(&id).copied().unwrap_or(id),
            dependent: &|position| dependent(position).unwrap_or(position),
        };
        let counts = subset.dependent.iter().map(|position| moved.dependent(&whole.dependent[*position]));
        subset.plan.dependent = counts.collect();
        subset.plan.checks = checks.iter().map(|check| moved.check(&whole.checks[*check])).collect();
        subset.checks = checks;
        subset
    }
}
