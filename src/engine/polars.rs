//! The engine on Polars' streaming executor.

use std::collections::BTreeMap;

use super::budget::Budget;
use super::execute::{Executed, guarded};
use super::measurements::{Execution, Measurements, Progress};
use super::measuring::{Fetched, Measuring};
use super::others::Others;
use super::proof::Proof;
use super::reads::{Read, reads};
use super::sampling::unreadable;
use super::second::Second;
use super::uniqueness::{Recording, Uniqueness};
use super::{Control, Engine, EngineError, queries};
use crate::data::Dataset;
use crate::plan::{Form, Plan};
use crate::source::{Format, Malformed, Rows, Snapshot, Trust};

/// The engine on Polars.
#[derive(Clone, Copy, Debug)]
pub struct PolarsEngine {
    /// Where partial results merge, files are read in groups of at most so many bytes.
    pub group_bytes: u64,
    /// Whose statistics prove what then is not read.
    pub trust: Trust,
    /// How many bytes of memory there are: what tells repeated keys takes no more than its part.
    pub memory: u64,
}

impl Default for PolarsEngine {
    fn default() -> Self {
        Self { group_bytes: 256 << 20, trust: Trust::default(), memory: u64::MAX }
    }
}

impl Engine for PolarsEngine {
    fn name(&self) -> String {
        format!("polars {}", polars::VERSION)
    }

    fn measure(
        &self,
        plan: &Plan,
        snapshot: &Snapshot,
        others: &BTreeMap<Dataset, Snapshot>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        self.measure_recording(Recording::default(), plan, snapshot, others, control)
    }
}

impl PolarsEngine {
    /// Measures a plan, and records keys in one way or another.
    pub(super) fn measure_recording(
        &self,
        recording: Recording,
        plan: &Plan,
        snapshot: &Snapshot,
        others: &BTreeMap<Dataset, Snapshot>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let trust = trusted(snapshot, self.trust);
        // Text and Arrow were read before, to be written as what is scanned now.
        let took = snapshot.took();
        let mut execution = Execution {
            trust,
            scans: took.scans,
            rows_read: took.rows,
            bytes_read: trust.map(|_| took.bytes),
            ..Execution::default()
        };
        let budget = Budget::of(self.memory, plan);
        let room = budget.allotment(snapshot.identity.rows);
        let mut from_elsewhere = Others::read(plan, others, &room, control)?;
        let beside = (&mut from_elsewhere, &mut execution);
        queries::measure(plan, snapshot, others, control, beside)?;
        let mut proof = prove(plan, snapshot, trust.unwrap_or(Trust::None))?;
        execution.disputes = proof.disputes().to_vec();
        let mut uniqueness = Uniqueness::of(recording, plan, snapshot.identity.rows, &budget);
        let reads = reads(&plan.metrics, &mut proof, &uniqueness, snapshot, self.group_bytes);
        let mut run = Measuring::new(plan, snapshot, &from_elsewhere, room, control, execution);
        for id in plan.metrics.ids() {
            if let Some(value) = proof.value(id) {
                run.give(id, value.clone());
            }
        }
        run.judge_all(&reads, &mut uniqueness)?;
        control.go_on()?;
        let mut doubtful = run.tell(uniqueness)?;
        let Fetched { mut samples, relative, unfetched, .. } = loop {
            let second = Second::of(plan, snapshot, &proof, &run.values, &doubtful);
            let found = run.fetch(&second)?;
            if !found.collided {
                break found;
            }
            // Rows were fetched by a hash that different keys have: now the repeated keys are known.
            doubtful.clear();
        };
        for (check, samples) in plan.checks.iter().zip(&mut samples) {
            if let (Ok(Form::Readable { .. }), Some(malformed)) = (&check.form, malformed(snapshot)) {
                *samples = unreadable(snapshot, malformed, check.samples);
            }
        }
        let Measuring { values, mut execution, columns, .. } = run;
        execution.columns_read =
            snapshot.schema.names().filter(|name| columns.contains(*name)).map(str::to_owned).collect();
        execution.others = from_elsewhere.reads;
        // What was fetched from an object store was counted there.
        execution.bytes_read = snapshot.bytes_fetched().or(execution.bytes_read);
        execution.network = snapshot.network();
        let malformed = malformed(snapshot).map(|malformed| malformed.rows);
        Ok(Measurements {
            measured: values,
            proved: proof.proved(),
            relative,
            samples,
            unfetched,
            malformed,
            execution,
        })
    }
}

impl Measuring<'_> {
    /// Measures what must be read for, a read after the other.
    fn judge_all(&mut self, reads: &[Read], uniqueness: &mut Uniqueness<'_>) -> Result<(), EngineError> {
        let total = reads.iter().map(|read| read.bytes).sum();
        let (mut done, mut most_scans) = (0, 0);
        for read in reads {
            let mut took = Executed::default();
            let values = self.judge(&read.rows, &read.metrics, Some(&mut *uniqueness), &mut took);
            // No row belongs to two reads: each is read so many times at most.
            most_scans = most_scans.max(took.scans);
            self.execution.add_part(&took);
            self.columns.append(&mut took.columns);
            for (id, value) in values? {
                self.add(id, value);
            }
            done += read.bytes;
            (self.control.progress)(Progress { done, total });
        }
        self.execution.scans += most_scans;
        Ok(())
    }
}

/// What statistics prove; nothing, if that ends in a panic: then everything is measured.
fn prove(plan: &Plan, snapshot: &Snapshot, trust: Trust) -> Result<Proof, EngineError> {
    match guarded(|| Proof::of(plan, snapshot, trust)) {
        Err(error) if error.is_of_query() => Proof::of(plan, snapshot, Trust::None),
        proved => proved,
    }
}

/// Whose statistics may count at most: only tables have a log, and frames in memory no statistics.
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
