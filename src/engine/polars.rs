//! The engine on Polars' streaming executor.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::judging::Judged;
use super::locate::locate;
use super::measurements::{Execution, Measurements, Progress};
use super::others::Others;
use super::sampling::unreadable;
use super::second::{Second, second};
use super::uniqueness::{Told, Uniqueness};
use super::{Control, Engine, EngineError, judging, merge, queries};
use crate::data::{Dataset, Value};
use crate::plan::{Form, Plan};
use crate::source::{Malformed, Rows, Snapshot};

/// The engine on Polars.
#[derive(Clone, Copy, Debug)]
pub struct PolarsEngine {
    /// Where partial results merge, files are read in groups of at most so many bytes.
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

    fn measure(
        &self,
        plan: &Plan,
        snapshot: &Snapshot,
        others: &BTreeMap<Dataset, Snapshot>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let mut execution = Execution::default();
        let mut columns = BTreeSet::new();
        let mut from_elsewhere = Others::read(&plan.metrics, others)?;
        let show = plan.pii.is_empty();
        let reads = (&mut execution, from_elsewhere.reads.as_mut_slice());
        let selected = queries::measure(&plan.metrics, snapshot, others, show, reads);
        from_elsewhere.values.extend(selected);
        let others = from_elsewhere;
        let mut values = Vec::new();
        let mut told = Told::default();
        if !plan.metrics.is_empty() {
            let mut most_scans = 0;
            let uniqueness = Uniqueness::of(plan);
            let mut metrics = plan.metrics.iter().enumerate();
            let places = metrics.any(|(index, metric)| metric.asks_for_places() && !uniqueness.tells(index));
            for group in self.groups(plan, snapshot) {
                if (control.cancelled)() {
                    return Err(EngineError::Cancelled);
                }
                let judge = |files| {
                    let frame = snapshot.frame(files, places)?;
                    judging::measure((snapshot, &frame), &plan.metrics, (&others, &uniqueness), Vec::new())
                };
                let Judged { values: part, executed, .. } = judge(group.clone())
                    .map_err(|error| locate(error, snapshot, |files| judge(files).map(drop)))?;
                if values.is_empty() {
                    values = part;
                } else {
                    merge::merge(&plan.metrics, &mut values, &part);
                }
                // Each group of files is read so many times; the snapshot is read as often.
                most_scans = most_scans.max(executed.scans);
                execution.rows_read += executed.rows;
                columns.extend(executed.columns);
                (control.progress)(done(snapshot, group.end));
            }
            add(&mut execution, snapshot, most_scans, &columns);
            told = uniqueness.told();
            give(&told.values, &mut values);
        }
        if (control.cancelled)() {
            return Err(EngineError::Cancelled);
        }
        let mut doubtful = told.doubtful;
        let Second { mut samples, relative, .. } = loop {
            let frame = |files| Ok(snapshot.frame(files, true)?);
            let second = |files| second((plan, &values), &doubtful, || frame(files), snapshot);
            let found = second(snapshot.all_files())
                .map_err(|error| locate(error, snapshot, |files| second(files).map(drop)))?;
            if found.executed.scans > 0 {
                execution.rows_read += found.executed.rows;
                add(&mut execution, snapshot, found.executed.scans, &found.executed.columns);
            }
            give(&found.told, &mut values);
            if !found.collided {
                break found;
            }
            // Rows were fetched by a hash that different keys have: now the repeated keys are known.
            doubtful.clear();
        };
        for (check, samples) in plan.checks.iter().zip(&mut samples) {
            if let (Ok(Form::Readable { .. }), Some(malformed)) = (&check.form, malformed(snapshot)) {
                *samples = unreadable(plan, snapshot, malformed, check.samples);
            }
        }
        execution.columns_read =
            snapshot.schema.names().filter(|name| columns.contains(*name)).map(str::to_owned).collect();
        execution.others = others.reads;
        let malformed = malformed(snapshot).map(|malformed| malformed.rows);
        Ok(Measurements { values, relative, samples, malformed, execution })
    }
}

/// Fills in the values of metrics.
fn give(told: &[(usize, Value)], values: &mut [Value]) {
    for (position, value) in told {
        values[*position] = value.clone();
    }
}

/// Adds scans of all files. The engine maps local files into memory, where it counts no bytes: they
/// are those that the columns take, or that were fetched from an object store.
fn add(execution: &mut Execution, snapshot: &Snapshot, scans: u64, columns: &BTreeSet<String>) {
    execution.scans += scans;
    if let Rows::Files(set) = &snapshot.rows {
        let mapped = || execution.bytes_read.unwrap_or_default() + scans * set.bytes_of(columns);
        execution.bytes_read = Some(set.bytes_fetched().unwrap_or_else(mapped));
    }
}

impl PolarsEngine {
    /// The files in groups, if the plan's results merge; all of them at once otherwise.
    fn groups(self, plan: &Plan, snapshot: &Snapshot) -> Vec<Range<usize>> {
        match &snapshot.rows {
            Rows::Files(set) if plan.merges() => set.groups(self.group_bytes),
            _ => std::iter::once(snapshot.all_files()).collect(),
        }
    }
}

fn done(snapshot: &Snapshot, files: usize) -> Progress {
    match &snapshot.rows {
        Rows::Files(set) => Progress {
            done: set.files.iter().take(files).map(|file| file.bytes).sum(),
            total: set.files.iter().map(|file| file.bytes).sum(),
        },
        Rows::Frame(_) => Progress { done: 1, total: 1 },
    }
}

fn malformed(snapshot: &Snapshot) -> Option<&Malformed> {
    match &snapshot.rows {
        Rows::Files(set) => set.malformed(),
        Rows::Frame(_) => None,
    }
}
