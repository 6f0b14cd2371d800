//! The engine on Polars' streaming executor.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use polars::prelude::{DataFrame, LazyFrame};

use super::execute::execute;
use super::judging::Judged;
use super::locate::locate;
use super::measurements::{Execution, Measurements, Progress};
use super::merge::merged;
use super::others::Others;
use super::proof::Proof;
use super::reads::reads;
use super::sampling::unreadable;
use super::second::{Second, second};
use super::uniqueness::{Told, Uniqueness};
use super::{Control, Engine, EngineError, judging, queries};
use crate::data::{Dataset, Value};
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
        let trust = trusted(snapshot, self.trust);
        let mut execution = Execution { trust, bytes_read: trust.map(|_| 0), ..Execution::default() };
        let mut columns = BTreeSet::new();
        let mut from_elsewhere = Others::read(&plan.metrics, others)?;
        let show = plan.pii.is_empty();
        let took = (&mut execution, from_elsewhere.reads.as_mut_slice());
        let selected = queries::measure(&plan.metrics, snapshot, others, show, took);
        from_elsewhere.values.extend(selected);
        let others = from_elsewhere;
        let mut proof = Proof::of(plan, snapshot, trust.unwrap_or(Trust::None))?;
        execution.disputes = proof.disputes().to_vec();
        let uniqueness = Uniqueness::of(plan, snapshot.identity.rows, self.memory);
        let reads = reads(&plan.metrics, &mut proof, &uniqueness, snapshot, self.group_bytes);
        let mut values = vec![Value::Null; plan.metrics.len()];
        for (position, value) in values.iter_mut().enumerate() {
            let known = others.values.get(&position).or_else(|| proof.value(position));
            *value = known.cloned().unwrap_or(Value::Null);
        }
        let total = reads.iter().map(|read| read.bytes).sum();
        let (mut done, mut most_scans) = (0, 0);
        for read in &reads {
            if (control.cancelled)() {
                return Err(EngineError::Cancelled);
            }
            let asks =
                |position: &usize| plan.metrics[*position].asks_for_places() && !uniqueness.tells(*position);
            let places = read.metrics.iter().any(asks);
            let judge = |rows: &[Range<u64>]| {
                let frame = snapshot.frame(rows, places)?;
                let wanted = (plan.metrics.as_slice(), read.metrics.as_slice());
                judging::measure((snapshot, &frame), wanted, (&others, &uniqueness), Vec::new())
            };
            let Judged { values: part, executed, .. } = judge(&read.rows)
                .map_err(|error| locate(error, snapshot, &read.rows, |rows| judge(rows).map(drop)))?;
            for position in &read.metrics {
                values[*position] = merged(&plan.metrics[*position], &values[*position], &part[*position]);
            }
            // No row belongs to two reads: each is read so many times at most.
            most_scans = most_scans.max(executed.scans);
            execution.add_part(&executed);
            columns.extend(executed.columns);
            done += read.bytes;
            (control.progress)(Progress { done, total });
        }
        execution.scans += most_scans;
        if (control.cancelled)() {
            return Err(EngineError::Cancelled);
        }
        let Told { values: told, mut doubtful } = uniqueness.told(&mut |places, query| {
            if (control.cancelled)() {
                return Err(EngineError::Cancelled);
            }
            once_more(&mut execution, snapshot, places, query)
        })?;
        give(&told, &mut values);
        let rows = [snapshot.all_rows()];
        let Second { mut samples, relative, .. } = loop {
            let second = |rows: &[Range<u64>]| second((plan, &values), (&doubtful, &proof), rows, snapshot);
            let found = second(&rows)
                .map_err(|error| locate(error, snapshot, &rows, |rows| second(rows).map(drop)))?;
            execution.add(&found.executed);
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
        // What was fetched from an object store was counted there.
        execution.bytes_read = snapshot.bytes_fetched().or(execution.bytes_read);
        let malformed = malformed(snapshot).map(|malformed| malformed.rows);
        Ok(Measurements { values, proved: proof.proved(), relative, samples, malformed, execution })
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

/// Fills in the values of metrics.
fn give(told: &[(usize, Value)], values: &mut [Value]) {
    for (position, value) in told {
        values[*position] = value.clone();
    }
}

/// Runs a query in a further scan of all rows, which is made for the sake of memory.
fn once_more(
    execution: &mut Execution,
    snapshot: &Snapshot,
    places: bool,
    query: &dyn Fn(&LazyFrame) -> LazyFrame,
) -> Result<DataFrame, EngineError> {
    let rows = [snapshot.all_rows()];
    let read = |rows: &[Range<u64>]| execute(vec![query(&snapshot.frame(rows, places)?)], snapshot);
    let mut executed =
        read(&rows).map_err(|error| locate(error, snapshot, &rows, |rows| read(rows).map(drop)))?;
    execution.add(&executed);
    execution.scans_for_memory += executed.scans;
    executed.frames.pop().ok_or_else(|| EngineError::Query { reason: "a query gave nothing".to_owned() })
}

fn malformed(snapshot: &Snapshot) -> Option<&Malformed> {
    match &snapshot.rows {
        Rows::Files(set) => set.malformed(),
        Rows::Frame(_) => None,
    }
}
