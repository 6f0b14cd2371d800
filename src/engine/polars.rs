//! The engine on Polars' streaming executor.

use std::collections::BTreeSet;
use std::ops::Range;

use super::execute::Executed;
use super::locate::locate;
use super::measurements::{Execution, Measurements, Progress};
use super::{Control, Engine, EngineError, judging, merge, sampling};
use crate::plan::Plan;
use crate::source::{Rows, Snapshot};

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

    fn measure(&self, plan: &Plan, snapshot: &Snapshot, control: Control<'_>) -> Result<Measurements, EngineError> {
        let mut execution = Execution::default();
        let mut columns = BTreeSet::new();
        let mut values = Vec::new();
        if !plan.metrics.is_empty() {
            let mut most_scans = 0;
            for group in self.groups(plan, snapshot) {
                if (control.cancelled)() {
                    return Err(EngineError::Cancelled);
                }
                let frame = snapshot.frame(group.clone(), false)?;
                let (part, executed) =
                    judging::measure(&frame, &plan.metrics).map_err(|error| locate(error, plan, snapshot))?;
                if values.is_empty() {
                    values = part;
                } else {
                    merge::merge(&plan.metrics, &mut values, &part);
                }
                // Each group of files is read so many times; the snapshot is read as often.
                most_scans = most_scans.max(executed.scans);
                add(&mut execution, &executed);
                columns.extend(executed.columns);
                (control.progress)(done(snapshot, group.end));
            }
            execution.scans += most_scans;
        }
        if (control.cancelled)() {
            return Err(EngineError::Cancelled);
        }
        let whole = || Ok(snapshot.frame(0..files(snapshot), true)?);
        let (samples, executed) =
            sampling::sample(plan, &values, whole, snapshot).map_err(|error| locate(error, plan, snapshot))?;
        if let Some(executed) = executed {
            execution.scans += executed.scans;
            add(&mut execution, &executed);
        }
        execution.columns_read = snapshot.schema.names().filter(|name| columns.contains(*name)).map(str::to_owned).collect();
        if matches!(snapshot.rows, Rows::Frame(_)) {
            execution.bytes_read = None;
        }
        Ok(Measurements { values, samples, execution })
    }
}

fn add(execution: &mut Execution, executed: &Executed) {
    execution.rows_read += executed.rows;
    execution.bytes_read = Some(execution.bytes_read.unwrap_or_default() + executed.bytes);
}

fn files(snapshot: &Snapshot) -> usize {
    match &snapshot.rows {
        Rows::Files(set) => set.files.len(),
        Rows::Frame(_) => 0,
    }
}

impl PolarsEngine {
    /// The files in groups, if the plan's results merge; all of them at once otherwise.
    fn groups(self, plan: &Plan, snapshot: &Snapshot) -> Vec<Range<usize>> {
        match &snapshot.rows {
            Rows::Files(set) if plan.merges() => set.groups(self.group_bytes),
            _ => std::iter::once(0..files(snapshot)).collect(),
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
