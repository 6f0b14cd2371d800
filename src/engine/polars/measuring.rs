//! The state of one run of the engine: results so far, failures, and cost.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use polars::prelude::{DataFrame, LazyFrame};

use super::failing_rows::{Part, PartResult, SecondScan};
use super::judging::{Asked, Judging, Others};
use super::memory::Allotment;
use super::query::{Executed, execute_counted, guarded, isolate, isolate_failed, nothing_given, readable};
use super::uniqueness::collisions::CollisionCheck;
use super::uniqueness::{Resolved, Uniqueness};
use crate::engine::polars::Snapshot;
use crate::engine::{Control, EngineError, Execution, MetricError};
use crate::metric::{Measured, Metric, MetricId, PerMetric, State, top_level_columns};
use crate::plan::{Form, Plan, PlannedCheck};
use crate::privacy::{MaskedSamples, Untrusted};

/// The state of a run.
pub(super) struct Measuring<'a> {
    pub(super) plan: &'a Plan,
    pub(super) snapshot: &'a Snapshot,
    pub(super) others: &'a Others<'a>,
    /// Where metrics hold state that grows with the rows.
    room: Allotment,
    pub(super) control: Control<'a>,
    /// The results of the metrics of the plan so far.
    pub(super) values: PerMetric<Result<Measured, MetricError>>,
    /// The states of metrics that are being measured, over the rows read so far.
    states: BTreeMap<MetricId, State>,
    pub(super) execution: Execution,
    /// The columns that the judging pass read.
    pub(super) columns: BTreeSet<String>,
    /// Columns that can be read to their ends, as a query that only counted their values has shown.
    readable: BTreeSet<String>,
}

/// The results of the second pass.
pub(super) struct Fetched {
    pub(super) relative: Vec<Result<u64, MetricError>>,
    pub(super) samples: Vec<MaskedSamples>,
    pub(super) unfetched: BTreeMap<usize, Untrusted>,
    /// True if rows were fetched for a hash that different keys share.
    pub(super) collided: bool,
}

impl<'a> Measuring<'a> {
    /// Starts a run with the results of other datasets, and nothing measured yet.
    pub(super) fn new(
        plan: &'a Plan,
        snapshot: &'a Snapshot,
        others: &'a Others<'a>,
        room: Allotment,
        control: Control<'a>,
        execution: Execution,
    ) -> Self {
        let value = |id: MetricId| match others.failed.get(&id) {
            Some(error) => Err(error.clone()),
            None => others.values.get(&id).cloned().ok_or(MetricError::Unmeasured),
        };
        Self {
            plan,
            snapshot,
            others,
            room,
            control,
            values: plan.metrics.of_ids(value),
            states: BTreeMap::new(),
            execution,
            columns: BTreeSet::new(),
            readable: BTreeSet::new(),
        }
    }

    /// Sets the value of a metric, unless a part of it has failed before.
    pub(super) fn give(&mut self, id: MetricId, value: Measured) {
        if !self.is_lost(id) {
            self.values[id] = Ok(value);
        }
    }

    /// Merges the state of a metric on some rows into its state on the rows before them.
    pub(super) fn add(&mut self, id: MetricId, state: State) {
        let before = self.states.remove(&id).or_else(|| self.plan.metrics[id].empty_state());
        let merged = match before {
            Some(mut before) => before.merge(state).map(|()| before),
            None => Ok(state),
        };
        match merged {
            Ok(state) => {
                self.states.insert(id, state);
            }
            Err(misshapen) => self.lose(id, &misshapen.into()),
        }
    }

    /// Sets the values of all metrics whose states were added, once all rows are read.
    pub(super) fn finish(&mut self) {
        for (id, state) in std::mem::take(&mut self.states) {
            self.give(id, state.finish());
        }
    }

    /// Returns whether a metric has failed, so that it has no value whatever else is measured.
    fn is_lost(&self, id: MetricId) -> bool {
        !matches!(self.values[id], Ok(_) | Err(MetricError::Unmeasured))
    }

    /// Marks a metric as failed.
    fn lose(&mut self, id: MetricId, error: &EngineError) {
        let error = MetricError::failed(&self.plan.metrics[id], error);
        self.values[id] = Err(error);
    }

    /// Measures metrics on some rows, except those that failed before, and marks those at which the engine
    /// fails.
    pub(super) fn judge(
        &mut self,
        rows: &[Range<u64>],
        wanted: &[MetricId],
        uniqueness: Option<&mut Uniqueness<'_>>,
        took: &mut Executed,
    ) -> Result<Vec<(MetricId, State)>, EngineError> {
        let (plan, snapshot, control) = (self.plan, self.snapshot, self.control);
        let told = |id: &MetricId| uniqueness.as_ref().is_some_and(|known| known.measures(*id));
        let wanted = wanted.iter().copied().filter(|id| !self.is_lost(*id));
        let (told, wanted): (Vec<MetricId>, Vec<MetricId>) = wanted.partition(told);
        // The metrics that uniqueness measures are wanted on every row, or on none.
        let mut uniqueness = uniqueness.filter(|_| !told.is_empty());
        let recorders = uniqueness.as_ref().map_or_else(Vec::new, |uniqueness| uniqueness.recorders());
        let records = !recorders.is_empty();
        let room = self.room.clone();
        let judging = Judging { snapshot, metrics: &plan.metrics, others: self.others, room: &room };
        let measure = |wanted: &[MetricId], recorders, took: &mut Executed| {
            control.go_on()?;
            let places = wanted.iter().any(|id| plan.metrics[*id].asks_for_places());
            let frame = snapshot.frame(rows, places)?;
            judging.measure(Asked { frame: &frame, wanted, recorders, further: Vec::new() }, took)
        };
        let error = match guarded(|| measure(&wanted, recorders, took)) {
            Ok(judged) => {
                if let (Some(uniqueness), Some(recorded)) = (uniqueness, &judged.recorded) {
                    uniqueness.verify(recorded)?;
                }
                return Ok(judged.values);
            }
            Err(error) if !error.is_of_query() => return Err(error),
            Err(error) => error,
        };
        if let Some(uniqueness) = &mut uniqueness {
            uniqueness.restart();
        }
        self.read(told.iter().chain(&wanted).map(|id| &plan.metrics[*id]), took)?;
        let mut ask = |wanted: &[MetricId]| Ok(measure(wanted, Vec::new(), took)?.values);
        let isolated =
            if records { isolate(&wanted, &mut ask)? } else { isolate_failed(&wanted, error, &mut ask)? };
        for (id, error) in isolated.failed {
            self.lose(id, &error);
        }
        Ok(isolated.found.into_iter().flatten().collect())
    }

    /// Checks, after a failed query, that the columns of metrics can be read at all.
    fn read<'m>(
        &mut self,
        metrics: impl Iterator<Item = &'m Metric>,
        took: &mut Executed,
    ) -> Result<(), EngineError> {
        self.read_columns(top_level_columns(metrics).into_iter().map(str::to_owned).collect(), took)
    }

    fn read_columns(
        &mut self,
        mut columns: BTreeSet<String>,
        took: &mut Executed,
    ) -> Result<(), EngineError> {
        if columns.is_empty() {
            // To count rows, the engine reads some column.
            columns = self.snapshot.schema.names().map(str::to_owned).collect();
        }
        columns.retain(|name| !self.readable.contains(name));
        if !columns.is_empty() {
            readable(&columns, self.snapshot, took)?;
            self.readable.extend(columns);
        }
        Ok(())
    }

    /// Resolves duplicate keys once all rows are read: sets the metrics that are known, and returns the
    /// checks that the second pass must make.
    pub(super) fn resolve(
        &mut self,
        uniqueness: Uniqueness<'a>,
    ) -> Result<Vec<CollisionCheck<'a>>, EngineError> {
        let metrics = |id: &MetricId| uniqueness.measures(*id);
        let told: Vec<MetricId> = self.plan.metrics.ids().filter(metrics).collect();
        let Resolved { values, collisions, to_group, failed } =
            uniqueness.resolve(&mut |places, query| {
                self.control.go_on()?;
                self.once_more(&told, places, query)
            })?;
        for (id, value) in values {
            self.give(id, value);
        }
        for (ids, error) in failed {
            for id in ids {
                self.lose(id, &error);
            }
        }
        if !to_group.is_empty() {
            let mut took = Executed::default();
            let values = self.judge(&[self.snapshot.all_rows()], &to_group, None, &mut took);
            self.execution.add(&took);
            for (id, state) in values? {
                self.give(id, state.finish());
            }
        }
        Ok(collisions)
    }

    /// Runs a query in a further scan of all rows.
    fn once_more(
        &mut self,
        told: &[MetricId],
        places: bool,
        query: &dyn Fn(&LazyFrame) -> LazyFrame,
    ) -> Result<DataFrame, EngineError> {
        let mut took = Executed::default();
        let read = guarded(|| {
            let frame = self.snapshot.frame(&[self.snapshot.all_rows()], places)?;
            execute_counted(vec![query(&frame)], self.snapshot, &mut took)
        });
        let checked = match &read {
            Err(error) if error.is_of_query() => {
                let plan = self.plan;
                self.read(told.iter().map(|id| &plan.metrics[*id]), &mut took)
            }
            _ => Ok(()),
        };
        self.execution.add(&took);
        self.execution.scans_for_memory += took.scans;
        checked?;
        read?.pop().ok_or_else(nothing_given)
    }

    /// Runs a second pass, and marks the parts at which the engine fails.
    pub(super) fn fetch(&mut self, second: &SecondScan<'_>) -> Result<Fetched, EngineError> {
        let mut took = Executed::default();
        let fetched = self.fetch_counted(second, &mut took);
        self.execution.add(&took);
        fetched
    }

    fn fetch_counted(
        &mut self,
        second: &SecondScan<'_>,
        took: &mut Executed,
    ) -> Result<Fetched, EngineError> {
        let control = self.control;
        let find = |parts: &[Part], took: &mut Executed| {
            control.go_on()?;
            second.run(parts, took)
        };
        let parts = second.parts();
        let (found, failed) = match guarded(|| find(&parts, took)) {
            Ok(found) => (vec![found], Vec::new()),
            Err(error) if !error.is_of_query() => return Err(error),
            Err(error) => {
                self.read_columns(second.columns(), took)?;
                let isolated = isolate_failed(&parts, error, &mut |parts| find(parts, took))?;
                (isolated.found, isolated.failed)
            }
        };
        let mut fetched = Fetched {
            relative: second.uncounted(),
            samples: vec![MaskedSamples::default(); self.plan.checks.len()],
            unfetched: self.untold_keys(),
            collided: false,
        };
        for found in found.into_iter().flatten() {
            match found {
                PartResult::Count { relative, rows } => fetched.relative[relative] = rows,
                PartResult::Groups { values, collided } => {
                    for (id, value) in values {
                        self.give(id, value);
                    }
                    fetched.collided |= collided;
                }
                PartResult::Rows { check, samples } => fetched.samples[check] = samples,
            }
        }
        for (part, error) in failed {
            match part {
                Part::Count(relative) => {
                    let error = MetricError::failed(&"the count of failing rows", &error);
                    fetched.relative[relative] = Err(error);
                }
                Part::Groups(index) => {
                    for id in second.metrics_of(index) {
                        self.lose(id, &error);
                    }
                }
                Part::Rows(index) => {
                    let reason = unfetched(&error.untrusted());
                    fetched.unfetched.insert(second.check_of(index), reason);
                }
            }
        }
        Ok(fetched)
    }

    /// Returns the checks whose failing rows are not fetched, because the metric of their keys failed.
    fn untold_keys(&self) -> BTreeMap<usize, Untrusted> {
        let reason = |check: &PlannedCheck| match &check.form {
            Ok(Form::Rows { keys: Some(keys), .. }) if self.is_lost(*keys) => {
                self.values[*keys].as_ref().err().map(|error| unfetched(&error.untrusted()))
            }
            _ => None,
        };
        let checks = self.plan.checks.iter().enumerate();
        checks.filter_map(|(index, check)| Some((index, reason(check)?))).collect()
    }
}

fn unfetched(reason: &Untrusted) -> Untrusted {
    Untrusted::places("the failing rows could not be fetched: ").then(reason)
}
