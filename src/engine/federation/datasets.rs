//! The datasets of a run, each with the engine that holds it.

use std::collections::BTreeMap;

use super::held::Held;
use crate::data::Dataset;
use crate::engine::{EngineError, OtherDatasets};
use crate::metric::Metric;
use crate::plan::{Plan, PlannedCheck};
use crate::source::Opened;

/// The judged data, and the other datasets by their names.
pub(super) struct Datasets<'a> {
    pub(super) judged: &'a Held,
    pub(super) others: BTreeMap<Dataset, &'a Held>,
}

/// One of the datasets of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Judged,
    Other(Dataset),
}

impl<'a> Datasets<'a> {
    pub(super) fn opened(data: &'a dyn Opened, others: &OtherDatasets<'a>) -> Result<Self, EngineError> {
        let judged = Held::of(data)?;
        let others = others.iter().map(|(name, other)| Ok((name.clone(), Held::of(*other)?)));
        Ok(Self { judged, others: others.collect::<Result<_, EngineError>>()? })
    }

    /// Returns the datasets that the engine of the judged data holds, as it opened them.
    pub(super) fn here(&self) -> OtherDatasets<'a> {
        let here = self.others.iter().filter(|(_, held)| held.is_of(&self.judged.engine));
        here.map(|(name, held)| (name.clone(), held.opened.as_ref())).collect()
    }

    /// Returns the datasets that another engine holds.
    pub(super) fn away(&self) -> impl Iterator<Item = (&Dataset, &'a Held)> {
        let away = self.others.iter().filter(|(_, held)| !held.is_of(&self.judged.engine));
        away.map(|(name, held)| (name, *held))
    }

    pub(super) fn of(&self, side: &Side) -> Option<&'a Held> {
        match side {
            Side::Judged => Some(self.judged),
            Side::Other(dataset) => self.others.get(dataset).copied(),
        }
    }

    /// Returns whether a metric is of a dataset that another engine holds than the judged data.
    pub(super) fn reaches_out(&self, metric: &Metric) -> bool {
        let other = metric.dataset().and_then(|dataset| self.others.get(dataset));
        other.is_some_and(|other| !other.is_of(&self.judged.engine))
    }

    /// Returns whether a check needs such a metric.
    pub(super) fn asks_elsewhere(&self, plan: &Plan, check: &PlannedCheck) -> bool {
        let asked = check.judged_by.as_ref().map(|judged_by| plan.metrics_of(judged_by));
        asked.is_ok_and(|asked| asked.iter().any(|id| self.reaches_out(&plan.metrics[*id])))
    }

    /// Returns the datasets, the judged one last.
    pub(super) fn sides(&self) -> impl Iterator<Item = Side> {
        self.others.keys().cloned().map(Side::Other).chain([Side::Judged])
    }
}
