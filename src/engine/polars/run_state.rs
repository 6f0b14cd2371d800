//! The state of one run of the engine: results so far, failures, and cost.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use polars::prelude::{DataFrame, Expr, LazyFrame};
use roaring::RoaringTreemap;

use super::failing_rows::{FirstScan, FoundRows, Part, PartResult, SecondScan};
use super::judging::{Judging, JudgingRequest, Others};
use super::memory::Allotment;
use super::query::{QueryCost, execute_counted, guarded, isolate, isolate_failed, nothing_given, readable};
use super::uniqueness::collisions::CollisionCheck;
use super::uniqueness::{Resolved, Uniqueness};
use crate::engine::polars::Snapshot;
use crate::engine::{Control, EngineError, Execution, MetricError};
use crate::metric::{Measured, Metric, MetricId, PerMetric, State, top_level_columns};
use crate::plan::{JudgedBy, Plan, PlannedCheck};
use crate::privacy::{MaskedSamples, Untrusted};

/// The state of a run.
pub(super) struct RunState<'a> {
    pub(super) plan: &'a Plan,
    pub(super) snapshot: &'a Snapshot,
    pub(super) others: &'a Others<'a>,
    /// The failing rows that the judging pass finds.
    pub(super) first: &'a FirstScan<'a>,
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
    pub(super) dependent: Vec<Result<u64, MetricError>>,
    pub(super) samples: Vec<MaskedSamples>,
    /// For each check, the numbers of all its failing rows, if the plan wants them.
    pub(super) failing_rows: Vec<RoaringTreemap>,
    pub(super) unfetched: BTreeMap<usize, Untrusted>,
    /// True if rows were fetched for a hash that different keys share.
    pub(super) collided: bool,
}

impl<'a> RunState<'a> {
    /// Starts a run with the results of other datasets, and nothing measured yet.
    pub(super) fn new(
        plan: &'a Plan,
        snapshot: &'a Snapshot,
        others: &'a Others<'a>,
        first: &'a FirstScan<'a>,
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
            first,
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
    pub(super) fn set_value(&mut self, id: MetricId, value: Measured) {
        if !self.has_failed(id) {
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
            Err(misshapen) => self.fail_metric(id, &misshapen.into()),
        }
    }

    /// Sets the values of all metrics whose states were added, once all rows are read.
    pub(super) fn finish(&mut self) {
        for (id, state) in std::mem::take(&mut self.states) {
            self.set_value(id, state.finish());
        }
    }

    /// Returns whether a metric has failed, so that it has no value whatever else is measured.
    fn has_failed(&self, id: MetricId) -> bool {
        !matches!(self.values[id], Ok(_) | Err(MetricError::Unmeasured))
    }

    /// Marks a metric as failed.
    fn fail_metric(&mut self, id: MetricId, error: &EngineError) {
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
        cost: &mut QueryCost,
    ) -> Result<Vec<(MetricId, State)>, EngineError> {
        let (plan, snapshot, first, control) = (self.plan, self.snapshot, self.first, self.control);
        let by_uniqueness = |id: &MetricId| uniqueness.as_ref().is_some_and(|known| known.measures(*id));
        let wanted = wanted.iter().copied().filter(|id| !self.has_failed(*id));
        let (of_keys, wanted): (Vec<MetricId>, Vec<MetricId>) = wanted.partition(by_uniqueness);
        // The metrics that uniqueness measures are wanted on every row, or on none.
        let mut uniqueness = uniqueness.filter(|_| !of_keys.is_empty());
        let recorders = uniqueness.as_ref().map_or_else(Vec::new, |uniqueness| uniqueness.recorders());
        let records = !recorders.is_empty();
        let room = self.room.clone();
        let judging = Judging { snapshot, metrics: &plan.metrics, others: self.others, room: &room, control };
        let measure = |wanted: &[MetricId], mut recorders: Vec<Expr>, cost: &mut QueryCost| {
            let (found, wanted): (Vec<_>, Vec<_>) = wanted.iter().partition(|id| first.counts(**id));
            recorders.extend(first.expressions(&found));
            let needs_number = |id: &MetricId| plan.metrics[*id].needs_row_numbers();
            let frame = snapshot.frame(rows, !found.is_empty() || wanted.iter().any(needs_number))?;
            let further = Vec::new();
            judging.measure(JudgingRequest { frame: &frame, wanted: &wanted, recorders, further }, cost)
        };
        let error = match guarded(|| measure(&wanted, recorders, cost)) {
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
        self.read(of_keys.iter().chain(&wanted).map(|id| &plan.metrics[*id]), cost)?;
        let mut ask = |wanted: &[MetricId]| Ok(measure(wanted, Vec::new(), cost)?.values);
        let isolated =
            if records { isolate(&wanted, &mut ask)? } else { isolate_failed(&wanted, error, &mut ask)? };
        for (id, error) in isolated.failed {
            self.fail_metric(id, &error);
        }
        Ok(isolated.found.into_iter().flatten().collect())
    }

    /// Checks, after a failed query, that the columns of metrics can be read at all.
    fn read<'m>(
        &mut self,
        metrics: impl Iterator<Item = &'m Metric>,
        cost: &mut QueryCost,
    ) -> Result<(), EngineError> {
        self.read_columns(top_level_columns(metrics).into_iter().map(str::to_owned).collect(), cost)
    }

    fn read_columns(
        &mut self,
        mut columns: BTreeSet<String>,
        cost: &mut QueryCost,
    ) -> Result<(), EngineError> {
        if columns.is_empty() {
            // To count rows, the engine reads some column.
            columns = self.snapshot.schema.names().map(str::to_owned).collect();
        }
        columns.retain(|name| !self.readable.contains(name));
        if !columns.is_empty() {
            readable(&columns, self.snapshot, self.control, cost)?;
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
        let of_keys: Vec<MetricId> = self.plan.metrics.ids().filter(metrics).collect();
        let Resolved { values, collisions, to_group, failed } =
            uniqueness.resolve(&mut |row_numbers, query| self.further_scan(&of_keys, row_numbers, query))?;
        for (id, value) in values {
            self.set_value(id, value);
        }
        for (ids, error) in failed {
            for id in ids {
                self.fail_metric(id, &error);
            }
        }
        if !to_group.is_empty() {
            let mut cost = QueryCost::default();
            let values = self.judge(&[self.snapshot.all_rows()], &to_group, None, &mut cost);
            self.execution.add(&cost);
            for (id, state) in values? {
                self.set_value(id, state.finish());
            }
        }
        Ok(collisions)
    }

    /// Runs a query in a further scan of all rows.
    fn further_scan(
        &mut self,
        metrics: &[MetricId],
        row_numbers: bool,
        query: &dyn Fn(&LazyFrame) -> LazyFrame,
    ) -> Result<DataFrame, EngineError> {
        let mut cost = QueryCost::default();
        let read = guarded(|| {
            let frame = self.snapshot.frame(&[self.snapshot.all_rows()], row_numbers)?;
            execute_counted(vec![query(&frame)], self.snapshot, self.control, &mut cost)
        });
        let checked = match &read {
            Err(error) if error.is_of_query() => {
                let plan = self.plan;
                self.read(metrics.iter().map(|id| &plan.metrics[*id]), &mut cost)
            }
            _ => Ok(()),
        };
        self.execution.add(&cost);
        self.execution.scans_for_memory += cost.scans;
        checked?;
        read?.pop().ok_or_else(nothing_given)
    }

    /// Runs a second pass, and marks the parts at which the engine fails; `found` are the rows that the first has found.
    pub(super) fn fetch(
        &mut self,
        second: &SecondScan<'_>,
        found: Vec<FoundRows>,
    ) -> Result<Fetched, EngineError> {
        let mut cost = QueryCost::default();
        let fetched = self.fetch_counted(second, found, &mut cost);
        self.execution.add(&cost);
        fetched
    }

    fn fetch_counted(
        &mut self,
        second: &SecondScan<'_>,
        found_before: Vec<FoundRows>,
        cost: &mut QueryCost,
    ) -> Result<Fetched, EngineError> {
        let control = self.control;
        let find = |parts: &[Part], cost: &mut QueryCost| second.run(parts, control, cost);
        let parts = second.parts();
        let (found, failed) = match guarded(|| find(&parts, cost)) {
            Ok(found) => (vec![found], Vec::new()),
            Err(error) if !error.is_of_query() => return Err(error),
            Err(error) => {
                self.read_columns(second.columns(), cost)?;
                let isolated = isolate_failed(&parts, error, &mut |parts| find(parts, cost))?;
                (isolated.found, isolated.failed)
            }
        };
        let mut fetched = Fetched {
            dependent: second.uncounted(),
            samples: vec![MaskedSamples::default(); self.plan.checks.len()],
            failing_rows: vec![RoaringTreemap::default(); self.plan.checks.len()],
            unfetched: self.checks_without_keys(),
            collided: false,
        };
        for FoundRows { check, samples, rows } in found_before {
            fetched.samples[check] = samples;
            fetched.failing_rows[check] = rows;
        }
        for found in found.into_iter().flatten() {
            match found {
                PartResult::Count { dependent, rows } => fetched.dependent[dependent] = rows,
                PartResult::Groups { values, collided } => {
                    for (id, value) in values {
                        self.set_value(id, value);
                    }
                    fetched.collided |= collided;
                }
                PartResult::Rows { check, samples, all } => {
                    fetched.samples[check] = samples;
                    fetched.failing_rows[check] = all.unwrap_or_default();
                }
            }
        }
        for (part, error) in failed {
            match part {
                Part::Count(dependent) => {
                    let error = MetricError::failed(&"the count of failing rows", &error);
                    fetched.dependent[dependent] = Err(error);
                }
                Part::Groups(index) => {
                    for id in second.metrics_of(index) {
                        self.fail_metric(id, &error);
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
    fn checks_without_keys(&self) -> BTreeMap<usize, Untrusted> {
        let reason = |check: &PlannedCheck| match &check.judged_by {
            Ok(JudgedBy::Rows { keys: Some(keys), .. }) if self.has_failed(*keys) => {
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
