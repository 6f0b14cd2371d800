//! Proof before scan: what logs, footers and dictionaries tell of metrics without a row being read,
//! and which rows they leave to be read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::dictionaries;
use crate::data::{ColumnPath, KnownRows, Value};
use crate::engine::polars::scan::FileSet;
use crate::engine::polars::snapshot::{Rows, Snapshot};
use crate::engine::polars::statistics::Chunk;
use crate::engine::{EngineError, Proved};
use crate::metric::{Aggregate, Metric, MetricId, Misshapen, PerMetric, State};
use crate::plan::{FailingCount, Form, Plan};
use crate::predicate::bounds::{Told, count};
use crate::predicate::{Term, Typed};
use crate::source::{Dispute, Trust};

/// What is proved of the metrics of a plan.
#[derive(Debug)]
pub(in crate::engine::polars) struct Proof {
    all: Range<u64>,
    metrics: PerMetric<Parts>,
    disputes: Vec<Dispute>,
}

/// What is proved of a metric.
#[derive(Clone, Debug, Default)]
struct Parts {
    /// What is proved of it, on the rows on which it is; nothing without such rows.
    state: Option<State>,
    /// The rows on which it must be measured: no ranges at all only if it is proved on every row.
    left: Vec<Range<u64>>,
    /// Rows on which it is proved, and counts some.
    counted: Vec<Range<u64>>,
    /// How many rows are proved, and by what.
    proved: Proved,
}

/// What a proof stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Witness {
    Log,
    Footer,
    Dictionary,
}

impl Proof {
    /// What may be proved of a plan by those that are trusted. No row is read.
    pub(in crate::engine::polars) fn of(
        plan: &Plan,
        snapshot: &Snapshot,
        trust: Trust,
    ) -> Result<Self, EngineError> {
        let metrics = &plan.metrics;
        let mut proof = Self::open(metrics, snapshot.all_rows());
        let Rows::Files(set) = &snapshot.rows else { return Ok(proof) };
        let mut known = set.known(trust, &proof.columns(metrics))?;
        loop {
            proof.refine(metrics, set, &known.log, Witness::Log)?;
            proof.refine(metrics, set, &known.footers, Witness::Footer)?;
            let contradicted = proof.look_up(metrics, set, &known.footers)?;
            for (chunk, column) in &contradicted {
                known.distrust(set, *chunk, column);
            }
            // Of a column that is read all the same, what only the log tells could be seen to be wrong.
            let read = if known.has_unconfirmed() { columns_read(plan, &proof) } else { BTreeSet::new() };
            if !known.forget_unconfirmed(&read) && contradicted.is_empty() {
                proof.disputes = known.disputes;
                return Ok(proof);
            }
            proof = Self::open(metrics, snapshot.all_rows());
        }
    }

    /// One of which nothing is proved.
    fn open(metrics: &PerMetric<Metric>, all: Range<u64>) -> Self {
        Self { metrics: metrics.map(|_| Parts::open(&all)), all, disputes: Vec::new() }
    }

    /// Where those contradict each other who should agree.
    pub(in crate::engine::polars) fn disputes(&self) -> &[Dispute] {
        &self.disputes
    }

    /// The metrics that must be measured on some rows.
    pub(in crate::engine::polars) fn left_open(&self) -> Vec<MetricId> {
        self.metrics.ids().filter(|id| !self.left(*id).is_empty()).collect()
    }

    /// The rows on which a metric must be measured.
    pub(in crate::engine::polars) fn left(&self, id: MetricId) -> &[Range<u64>] {
        self.metrics.get(id).map_or(&[], |parts| parts.left.as_slice())
    }

    /// The rows that a metric may count.
    pub(in crate::engine::polars) fn may_count(&self, id: MetricId) -> impl Iterator<Item = &Range<u64>> {
        self.metrics.get(id).into_iter().flat_map(|parts| parts.left.iter().chain(&parts.counted))
    }

    /// What is proved of a metric, on the rows on which it is.
    pub(in crate::engine::polars) fn state(&self, id: MetricId) -> Option<&State> {
        self.metrics.get(id)?.state.as_ref()
    }

    /// Returns how many rows of each metric are proved, and by what.
    pub(in crate::engine::polars) fn proved(&self) -> PerMetric<Proved> {
        self.metrics.map(|parts| parts.proved)
    }

    /// Forgets what is proved of metrics that are measured on every row all the same.
    pub(in crate::engine::polars) fn forget(&mut self, ids: &[MetricId]) {
        for id in ids {
            self.metrics[*id] = Parts::open(&self.all);
        }
    }

    /// What may still be proved, of these rows.
    fn open_claims<'a>(
        &self,
        metrics: &'a PerMetric<Metric>,
    ) -> impl Iterator<Item = (&[Range<u64>], Claim<'a>)> {
        let open = self.metrics.iter().zip(metrics).filter(|(parts, _)| !parts.left.is_empty());
        open.filter_map(|(parts, metric)| Some((parts.left.as_slice(), Claim::of(metric)?)))
    }

    /// The columns that tell it.
    fn columns(&self, metrics: &PerMetric<Metric>) -> BTreeSet<ColumnPath> {
        let mut columns = BTreeSet::new();
        for (_, claim) in self.open_claims(metrics) {
            claim.condition.each_column(&mut |path| {
                columns.insert(path.clone());
            });
        }
        columns
    }

    /// Proves what chunks tell, on those of them that are left.
    fn refine(
        &mut self,
        metrics: &PerMetric<Metric>,
        set: &FileSet,
        chunks: &[Chunk],
        witness: Witness,
    ) -> Result<(), Misshapen> {
        let rows = numbered(set, chunks);
        for (parts, metric) in self.metrics.iter_mut().zip(metrics) {
            if let Some(claim) = Claim::of(metric) {
                parts.refine(&rows, witness, |chunk| claim.told(&chunks[chunk].known))?;
            }
        }
        Ok(())
    }

    /// Proves what the dictionaries of columns tell, where statistics do not; gives the chunks with the
    /// columns of which dictionaries say that what is known is wrong.
    fn look_up(
        &mut self,
        metrics: &PerMetric<Metric>,
        set: &FileSet,
        chunks: &[Chunk],
    ) -> Result<Vec<(usize, ColumnPath)>, EngineError> {
        let rows = numbered(set, chunks);
        let open = metrics.entries().filter_map(|(id, metric)| match metric {
            Metric::Count(condition) if !self.left(id).is_empty() => Some((id, condition)),
            _ => None,
        });
        let open: Vec<(MetricId, &Typed)> = open.collect();
        let is_left = |id: MetricId, chunk: usize| {
            let left = self.left(id);
            let next = left.get(left.partition_point(|left| left.end <= rows[chunk].start));
            next.is_some_and(|left| left.start <= rows[chunk].start)
        };
        let looked = dictionaries::counts(set, chunks, &open, is_left)?;
        for (id, counts) in looked.counts {
            let told = |chunk: usize| counts.get(&chunk).map(|count| State::Count(*count));
            self.metrics[id].refine(&rows, Witness::Dictionary, told)?;
        }
        Ok(looked.contradicted)
    }
}

/// The columns of which something is read with such a proof: those of metrics that it leaves open, and of
/// checks of which failing rows are to be fetched.
fn columns_read(plan: &Plan, proof: &Proof) -> BTreeSet<ColumnPath> {
    let mut read = BTreeSet::new();
    let open = proof.left_open().into_iter().map(|id| &plan.metrics[id]);
    for metric in open {
        if metric.is_query() {
            // Only the engine knows what a query reads.
            plan.metrics.iter().for_each(|metric| add_columns(metric, &mut read));
        }
        add_columns(metric, &mut read);
    }
    for check in &plan.checks {
        let Ok(Form::Rows { failing, .. }) = &check.form else { continue };
        let none_fail = match failing {
            FailingCount::Metric(id) => matches!(proof.state(*id), Some(State::Count(0))),
            FailingCount::Relative(_) => false,
        };
        if !none_fail {
            read.extend(check.columns.iter().chain(&plan.key).cloned());
        }
    }
    read
}

fn add_columns(metric: &Metric, columns: &mut BTreeSet<ColumnPath>) {
    metric.each_column(&mut |path| {
        columns.insert(path.clone());
    });
}

/// What statistics may tell of a metric.
struct Claim<'a> {
    metric: &'a Metric,
    /// What is counted: of a minimum or maximum, the rows that have a value and pass the filter.
    condition: Cow<'a, Typed>,
}

impl<'a> Claim<'a> {
    fn of(metric: &'a Metric) -> Option<Self> {
        match metric {
            Metric::Count(condition) => Some(Self { metric, condition: Cow::Borrowed(condition) }),
            Metric::Aggregate { function: Aggregate::Min | Aggregate::Max, of, filter }
                if matches!(of.term, Term::Column(_)) =>
            {
                let passing = Typed::all([filter.clone(), of.clone().is_not_null()]);
                Some(Self { metric, condition: Cow::Owned(passing) })
            }
            _ => None,
        }
    }

    /// What rows of which this is known say of the metric; nothing, if that does not tell it.
    fn told(&self, known: &KnownRows) -> Option<State> {
        let Told::Exactly(counted) = count(&self.condition, known) else { return None };
        let Metric::Aggregate { function, of, .. } = self.metric else {
            return Some(State::Count(counted));
        };
        let is_least = *function == Aggregate::Min;
        let extreme = |value| Some(if is_least { State::Least(value) } else { State::Greatest(value) });
        if counted == 0 {
            return extreme(Value::Null);
        }
        let Term::Column(path) = &of.term else { return None };
        let column = known.columns.get(path)?;
        // Of all values, the extreme is known; of some of them, it would be another one.
        let all_pass = column.nulls.and_then(|nulls| known.rows.checked_sub(nulls)) == Some(counted);
        let bound = if is_least { &column.least } else { &column.greatest };
        let bound = bound.as_ref().filter(|bound| all_pass && bound.attained)?;
        extreme(bound.value.clone())
    }
}

/// The numbers of the rows of chunks.
fn numbered(set: &FileSet, chunks: &[Chunk]) -> Vec<Range<u64>> {
    let starts: Vec<u64> = set.rows_of_files().map(|rows| rows.start).collect();
    let start = |chunk: &Chunk| starts.get(chunk.file).copied().unwrap_or_default();
    chunks.iter().map(|chunk| start(chunk) + chunk.rows.start..start(chunk) + chunk.rows.end).collect()
}

/// All numbers of some ranges, as ranges in order that do not touch.
pub(in crate::engine::polars) fn union<'a>(ranges: impl Iterator<Item = &'a Range<u64>>) -> Vec<Range<u64>> {
    let mut sorted: Vec<&Range<u64>> = ranges.collect();
    sorted.sort_by_key(|range| range.start);
    let mut union = Vec::new();
    for range in sorted {
        add(&mut union, range.clone());
    }
    union
}

/// Adds a range; to the last one, if it begins in that or right behind it.
fn add(ranges: &mut Vec<Range<u64>>, more: Range<u64>) {
    match ranges.last_mut() {
        Some(last) if (last.start..=last.end).contains(&more.start) => last.end = last.end.max(more.end),
        _ => ranges.push(more),
    }
}

impl Parts {
    /// A metric of which nothing is proved on these rows.
    fn open(all: &Range<u64>) -> Self {
        let proved = Proved { of: all.end - all.start, ..Proved::default() };
        Self { left: vec![all.clone()], proved, ..Self::default() }
    }

    /// Proves what is told of chunks, which have these rows, in their order.
    fn refine(
        &mut self,
        chunks: &[Range<u64>],
        witness: Witness,
        told: impl Fn(usize) -> Option<State>,
    ) -> Result<(), Misshapen> {
        let mut still_left = Vec::new();
        for rows in std::mem::take(&mut self.left) {
            let mut start = rows.start;
            let first = chunks.partition_point(|chunk| chunk.start < rows.start);
            for (index, chunk) in chunks.iter().enumerate().skip(first) {
                if chunk.end > rows.end {
                    break;
                }
                let Some(state) = told(index) else { continue };
                if start < chunk.start {
                    add(&mut still_left, start..chunk.start);
                }
                start = chunk.end;
                self.prove(chunk, state, witness)?;
            }
            // Nothing is told of a table without rows.
            if start < rows.end || rows.is_empty() {
                add(&mut still_left, start..rows.end);
            }
        }
        self.left = still_left;
        Ok(())
    }

    fn prove(&mut self, rows: &Range<u64>, state: State, witness: Witness) -> Result<(), Misshapen> {
        if matches!(state, State::Count(1..)) {
            add(&mut self.counted, rows.clone());
        }
        let number = rows.end - rows.start;
        match witness {
            Witness::Log => self.proved.by_log += number,
            Witness::Footer => self.proved.by_footers += number,
            Witness::Dictionary => self.proved.by_dictionaries += number,
        }
        match &mut self.state {
            Some(before) => before.merge(state),
            none => {
                *none = Some(state);
                Ok(())
            }
        }
    }
}
