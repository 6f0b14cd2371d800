//! The engine on Polars' streaming executor.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use arrow::datatypes::SchemaRef;

use super::failing_rows::{FirstScan, SecondScan, add_whole_rows, unreadable};
use super::judging::Others;
use super::memory::Budget;
use super::open::{open_as, open_with};
use super::queries;
use super::query::QueryCost;
use super::row_batches;
use super::run_state::{Fetched, RunState};
use super::strategy::{Decided, decide};
use super::uniqueness::{Recording, Uniqueness};
use crate::data::{Dataset, Dialect};
use crate::engine::polars::metrics::quantile_values;
use crate::engine::polars::{Rows, Snapshot};
use crate::engine::{
    Control, Engine, EngineError, Execution, Measurements, OtherDatasets, Progress, Read, RowBatch,
    RowRequest, Strategy, Support,
};
use crate::metric::{Metric, MetricId};
use crate::plan::{JudgedBy, Plan};
use crate::source::files::Malformed;
use crate::source::{Data, Format, IN_MEMORY, Opened, SourceError, StorageOptions, Trust};

/// The engine on Polars.
#[derive(Clone, Copy, Debug)]
pub struct PolarsEngine {
    /// Maximum number of bytes of files that are read at once, where partial results merge.
    pub group_bytes: u64,
}

impl Default for PolarsEngine {
    fn default() -> Self {
        Self { group_bytes: 256 << 20 }
    }
}

impl Engine for PolarsEngine {
    fn name(&self) -> String {
        format!("polars {}", polars::VERSION)
    }

    fn open(
        &self,
        data: Data,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError> {
        Ok(Box::new(match data {
            Data::Uri { uri, at } => open_as(&uri, at, storage, dialect)?,
            Data::Staged { into, at, files } => open_with(&into, at, &files, storage, dialect)?,
            Data::Lazy(frame) => Snapshot::from_lazy(IN_MEMORY, *frame)?,
            Data::Batches(batches) => Snapshot::from_batches(IN_MEMORY, &batches)?,
        }))
    }

    fn support(&self, _: &Metric) -> Support {
        Support::Measured
    }

    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        let (snapshot, others) = (Snapshot::of(data)?, snapshots(others)?);
        let (budget, trust) = (budget(plan, control), trusted(snapshot, control.trust));
        Ok(self.decide(Recording::default(), plan, snapshot, &others, &budget, trust)?.strategy)
    }

    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let others = snapshots(others)?;
        self.measure_recording(Recording::default(), plan, Snapshot::of(data)?, &others, control)
    }

    fn row_schema(&self, data: &dyn Opened, request: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
        row_batches::schema(Snapshot::of(data)?, request)
    }

    fn read_rows(
        &self,
        data: &dyn Opened,
        request: RowRequest<'_>,
        control: Control<'_>,
        take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        row_batches::read_rows(Snapshot::of(data)?, request, control, take)
    }
}

/// Returns the snapshots of the other datasets, which this engine must have opened.
fn snapshots<'a>(others: &OtherDatasets<'a>) -> Result<BTreeMap<Dataset, &'a Snapshot>, EngineError> {
    others.iter().map(|(name, other)| Ok((name.clone(), Snapshot::of(*other)?))).collect()
}

/// Returns the memory budget of a run, for state that grows with the rows.
fn budget(plan: &Plan, control: Control<'_>) -> Budget {
    let holders =
        plan.groupings_of_repeated().len() + quantile_values::quantile_inputs(plan.metrics.iter()).len();
    Budget::new(control.memory, holders)
}

impl PolarsEngine {
    /// Decides the strategy for a plan.
    fn decide<'a>(
        self,
        recording: Recording,
        plan: &'a Plan,
        snapshot: &Snapshot,
        others: &BTreeMap<Dataset, &Snapshot>,
        budget: &Budget,
        trust: Option<Trust>,
    ) -> Result<Decided<'a>, EngineError> {
        let trust = trust.unwrap_or(Trust::None);
        let uniqueness = Uniqueness::of_plan(recording, plan, snapshot.expected_rows(), budget);
        decide(plan, snapshot, others, uniqueness, trust, self.group_bytes)
    }

    /// Measures a plan; `recording` says how the keys are recorded.
    pub(super) fn measure_recording(
        self,
        recording: Recording,
        plan: &Plan,
        snapshot: &Snapshot,
        others: &BTreeMap<Dataset, &Snapshot>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let trust = trusted(snapshot, control.trust);
        // Text and Arrow files were read before, to transcribe them to what is scanned now.
        let cost = snapshot.transcription_cost();
        let mut execution = Execution {
            trust,
            scans: cost.scans,
            rows_read: cost.rows,
            bytes_read: trust.map(|_| cost.bytes),
            ..Execution::default()
        };
        let budget = budget(plan, control);
        let Decided { strategy, proof, mut uniqueness } =
            self.decide(recording, plan, snapshot, others, &budget, trust)?;
        execution.disputes = proof.disputes().to_vec();
        let room = budget.allotment(snapshot.expected_rows());
        let mut from_elsewhere = Others::read(plan, &strategy.others, others, &room, control)?;
        let queries = &strategy.queries;
        queries::measure(plan, queries, snapshot, others, control, &mut from_elsewhere, &mut execution)?;
        let first = FirstScan::new(plan);
        let mut run = RunState::new(plan, snapshot, &from_elsewhere, &first, room, control, execution);
        for id in plan.metrics.ids() {
            if let Some(state) = proof.state(id) {
                run.add(id, state.clone());
            }
        }
        run.judge_all(&strategy.reads, &mut uniqueness)?;
        control.go_on()?;
        let mut collisions = run.resolve(uniqueness)?;
        let Fetched { mut samples, failing_rows, dependent, unfetched, .. } = loop {
            let found = first.found(plan, &run.values, snapshot);
            let known = found.iter().map(|found| found.check).collect();
            let second =
                SecondScan::new(plan, snapshot, &proof, &run.values, &collisions, &from_elsewhere, &known);
            let found = run.fetch(&second, found)?;
            if !found.collided {
                break found;
            }
            // Rows were fetched by a hash that different keys share. The repeated keys are known now, so they
            // select the rows.
            collisions.clear();
        };
        for (check, samples) in plan.checks.iter().zip(&mut samples) {
            if let (Ok(JudgedBy::Readable { .. }), Some(malformed)) = (&check.judged_by, malformed(snapshot))
            {
                *samples = unreadable(snapshot, malformed, check.samples);
            }
        }
        let RunState { values, mut execution, columns, .. } = run;
        if control.whole_rows {
            let mut cost = QueryCost::default();
            add_whole_rows(&mut samples, snapshot, &plan.privacy, control, &mut cost)?;
            execution.add(&cost);
        }
        execution.columns_read =
            snapshot.schema.names().filter(|name| columns.contains(*name)).map(str::to_owned).collect();
        execution.others = from_elsewhere.reads;
        // Bytes fetched from an object store were counted when they were fetched.
        execution.bytes_read = snapshot.bytes_fetched().or(execution.bytes_read);
        execution.network = snapshot.network();
        let malformed = malformed(snapshot).map(|malformed| malformed.rows);
        Ok(Measurements {
            measured: values,
            proved: strategy.proved,
            dependent,
            samples,
            failing_rows,
            unfetched,
            malformed,
            origins: Vec::new(),
            execution,
        })
    }
}

impl RunState<'_> {
    /// Measures the metrics that are not proved, one read after the other.
    fn judge_all(&mut self, reads: &[Read], uniqueness: &mut Uniqueness<'_>) -> Result<(), EngineError> {
        let total = reads.iter().map(|read| read.bytes).sum();
        let (mut done, mut most_scans) = (0, 0);
        for read in reads {
            let mut cost = QueryCost::default();
            let values = self.judge(&read.rows, &read.metrics, Some(&mut *uniqueness), &mut cost);
            // No row belongs to two reads, so the read with the most scans determines their number.
            most_scans = most_scans.max(cost.scans);
            self.execution.add_part(&cost);
            self.columns.append(&mut cost.columns);
            for (id, state) in values? {
                self.add(id, state);
            }
            done += read.bytes;
            (self.control.progress)(Progress { done, total });
        }
        self.execution.scans += most_scans;
        let read: BTreeSet<MetricId> = reads.iter().flat_map(|read| &read.metrics).copied().collect();
        for id in read {
            if let Some(state) = self.first.state(id) {
                self.add(id, state);
            }
        }
        self.finish();
        Ok(())
    }
}

/// Returns the statistics that may be trusted, at most `most`: only tables have a log, and frames in memory
/// have no statistics.
fn trusted(snapshot: &Snapshot, most: Trust) -> Option<Trust> {
    match (&snapshot.rows, snapshot.identity.format) {
        (Rows::Frame(_), _) => None,
        (Rows::Files(_), Format::Delta) => Some(most),
        (Rows::Files(_), _) => Some(most.min(Trust::Footer)),
    }
}

fn malformed(snapshot: &Snapshot) -> Option<&Malformed> {
    match &snapshot.rows {
        Rows::Files(set) => set.malformed(),
        Rows::Frame(_) => None,
    }
}
