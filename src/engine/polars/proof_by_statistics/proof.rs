//! Proves metrics by logs, footers and dictionaries before a scan, and finds the rows that are left to read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::dictionaries;
use crate::data::{ColumnPath, KnownRows, Value};
use crate::engine::polars::scan::FileSet;
use crate::engine::polars::snapshot::{Rows, Snapshot};
use crate::engine::polars::statistics::RowChunk;
use crate::engine::{EngineError, Proved};
use crate::metric::{Aggregate, Metric, MetricId, Misshapen, PerMetric, State};
use crate::plan::{FailingCount, JudgedBy, Plan};
use crate::predicate::bounds::{ProvedCount, count};
use crate::predicate::{Term, Typed};
use crate::source::{Dispute, Trust};

/// The proved part of each metric in a plan.
#[derive(Debug)]
pub(in crate::engine::polars) struct Proof {
    all: Range<u64>,
    metrics: PerMetric<MetricProof>,
    disputes: Vec<Dispute>,
}

/// The proved part of a metric.
#[derive(Clone, Debug, Default)]
struct MetricProof {
    /// The result of the metric on the proved rows. `None` if no rows are proved.
    state: Option<State>,
    /// The ranges of rows on which the metric must still be measured; none only if every row is proved.
    open_rows: Vec<Range<u64>>,
    /// The ranges of proved rows in which the metric counts at least one row.
    counted: Vec<Range<u64>>,
    /// Number of proved rows, by source.
    proved: Proved,
}

/// The source of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProofSource {
    Log,
    Footer,
    Dictionary,
}

impl Proof {
    /// Proves the metrics of a plan by the trusted sources. No row is read.
    pub(in crate::engine::polars) fn of(
        plan: &Plan,
        snapshot: &Snapshot,
        trust: Trust,
    ) -> Result<Self, EngineError> {
        let metrics = &plan.metrics;
        let mut proof = Self::open(metrics, snapshot.all_rows());
        let Rows::Files(set) = &snapshot.rows else { return Ok(proof) };
        let mut statistics = set.trusted_statistics(trust, &proof.columns(metrics))?;
        loop {
            proof.refine(metrics, set, &statistics.log, ProofSource::Log)?;
            proof.refine(metrics, set, &statistics.footers, ProofSource::Footer)?;
            let contradicted = proof.look_up(metrics, set, &statistics.footers)?;
            for (chunk, column) in &contradicted {
                statistics.distrust(set, *chunk, column);
            }
            // If a column is read anyway, its rows could contradict what only the log states, so that proves
            // nothing.
            let read =
                if statistics.has_unconfirmed() { columns_read(plan, &proof) } else { BTreeSet::new() };
            if !statistics.forget_unconfirmed(&read) && contradicted.is_empty() {
                proof.disputes = statistics.disputes;
                return Ok(proof);
            }
            proof = Self::open(metrics, snapshot.all_rows());
        }
    }

    /// Returns a proof in which nothing is proved.
    fn open(metrics: &PerMetric<Metric>, all: Range<u64>) -> Self {
        Self { metrics: metrics.map(|_| MetricProof::open(&all)), all, disputes: Vec::new() }
    }

    /// Returns the contradictions between sources that should agree.
    pub(in crate::engine::polars) fn disputes(&self) -> &[Dispute] {
        &self.disputes
    }

    /// Returns the metrics that must be measured on some rows.
    pub(in crate::engine::polars) fn open_metrics(&self) -> Vec<MetricId> {
        self.metrics.ids().filter(|id| !self.open_rows(*id).is_empty()).collect()
    }

    /// Returns the ranges of rows on which a metric must be measured.
    pub(in crate::engine::polars) fn open_rows(&self, id: MetricId) -> &[Range<u64>] {
        self.metrics.get(id).map_or(&[], |metric_proof| metric_proof.open_rows.as_slice())
    }

    /// Returns the ranges of rows that a metric may count.
    pub(in crate::engine::polars) fn may_count(&self, id: MetricId) -> impl Iterator<Item = &Range<u64>> {
        self.metrics
            .get(id)
            .into_iter()
            .flat_map(|metric_proof| metric_proof.open_rows.iter().chain(&metric_proof.counted))
    }

    /// Returns the result of a metric on the proved rows.
    pub(in crate::engine::polars) fn state(&self, id: MetricId) -> Option<&State> {
        self.metrics.get(id)?.state.as_ref()
    }

    /// Returns the number of proved rows of each metric, by source.
    pub(in crate::engine::polars) fn proved(&self) -> PerMetric<Proved> {
        self.metrics.map(|metric_proof| metric_proof.proved)
    }

    /// Discards the proofs of metrics that are measured on every row anyway.
    pub(in crate::engine::polars) fn forget(&mut self, ids: &[MetricId]) {
        for id in ids {
            self.metrics[*id] = MetricProof::open(&self.all);
        }
    }

    /// Returns the claims that may still be proved, each with its open ranges of rows.
    fn open_claims<'a>(
        &self,
        metrics: &'a PerMetric<Metric>,
    ) -> impl Iterator<Item = (&[Range<u64>], Claim<'a>)> {
        let open =
            self.metrics.iter().zip(metrics).filter(|(metric_proof, _)| !metric_proof.open_rows.is_empty());
        open.filter_map(|(metric_proof, metric)| {
            Some((metric_proof.open_rows.as_slice(), Claim::of(metric)?))
        })
    }

    /// Returns the columns that open claims depend on.
    fn columns(&self, metrics: &PerMetric<Metric>) -> BTreeSet<ColumnPath> {
        let mut columns = BTreeSet::new();
        for (_, claim) in self.open_claims(metrics) {
            claim.condition.each_column(&mut |path| {
                columns.insert(path.clone());
            });
        }
        columns
    }

    /// Proves open metrics by the statistics of chunks.
    fn refine(
        &mut self,
        metrics: &PerMetric<Metric>,
        set: &FileSet,
        chunks: &[RowChunk],
        source: ProofSource,
    ) -> Result<(), Misshapen> {
        let rows = numbered(set, chunks);
        for (metric_proof, metric) in self.metrics.iter_mut().zip(metrics) {
            if let Some(claim) = Claim::of(metric) {
                metric_proof.refine(&rows, source, |chunk| claim.evaluate(&chunks[chunk].known))?;
            }
        }
        Ok(())
    }

    /// Proves open metrics by the dictionaries of columns, where statistics do not. Returns the chunks and
    /// columns whose statistics a dictionary contradicts.
    fn look_up(
        &mut self,
        metrics: &PerMetric<Metric>,
        set: &FileSet,
        chunks: &[RowChunk],
    ) -> Result<Vec<(usize, ColumnPath)>, EngineError> {
        let rows = numbered(set, chunks);
        let open = metrics.entries().filter_map(|(id, metric)| match metric {
            Metric::Count(condition) if !self.open_rows(id).is_empty() => Some((id, condition)),
            _ => None,
        });
        let open: Vec<(MetricId, &Typed)> = open.collect();
        let is_left = |id: MetricId, chunk: usize| {
            let left = self.open_rows(id);
            let next = left.get(left.partition_point(|left| left.end <= rows[chunk].start));
            next.is_some_and(|left| left.start <= rows[chunk].start)
        };
        let found = dictionaries::count_by_dictionary(set, chunks, &open, is_left)?;
        for (id, counts) in found.counts {
            let evaluate = |chunk: usize| counts.get(&chunk).map(|count| State::Count(*count));
            self.metrics[id].refine(&rows, ProofSource::Dictionary, evaluate)?;
        }
        Ok(found.contradicted)
    }
}

/// Returns the columns that are read despite a proof: those of metrics that it leaves open, and those of
/// checks whose failing rows are fetched.
fn columns_read(plan: &Plan, proof: &Proof) -> BTreeSet<ColumnPath> {
    let mut read = BTreeSet::new();
    let open = proof.open_metrics().into_iter().map(|id| &plan.metrics[id]);
    for metric in open {
        if metric.is_query() {
            // Only the engine knows what a query reads.
            plan.metrics.iter().for_each(|metric| add_columns(metric, &mut read));
        }
        add_columns(metric, &mut read);
    }
    for check in &plan.checks {
        let Ok(JudgedBy::Rows { failing, .. }) = &check.judged_by else { continue };
        let none_fail = match failing {
            FailingCount::Metric(id) => matches!(proof.state(*id), Some(State::Count(0))),
            FailingCount::Dependent(_) => false,
        };
        if !none_fail {
            read.extend(check.columns.iter().chain(&check.key.columns).cloned());
        }
    }
    read
}

fn add_columns(metric: &Metric, columns: &mut BTreeSet<ColumnPath>) {
    metric.each_column(&mut |path| {
        columns.insert(path.clone());
    });
}

/// A metric that statistics may prove.
struct Claim<'a> {
    metric: &'a Metric,
    /// The condition that is counted. For a minimum or maximum: the row has a value and passes the filter.
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

    /// Returns the result of the metric on rows with known statistics, or `None` if these do not prove it.
    fn evaluate(&self, known: &KnownRows) -> Option<State> {
        let ProvedCount::Exactly(counted) = count(&self.condition, known) else { return None };
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
        // The extreme of all values is known; the extreme of only some of them may differ.
        let all_pass = column.nulls.and_then(|nulls| known.rows.checked_sub(nulls)) == Some(counted);
        let bound = if is_least { &column.lower } else { &column.upper };
        let bound = bound.as_ref().filter(|bound| all_pass && bound.is_exact)?;
        extreme(bound.value.clone())
    }
}

/// Returns the ranges of row numbers of chunks.
fn numbered(set: &FileSet, chunks: &[RowChunk]) -> Vec<Range<u64>> {
    let starts: Vec<u64> = set.rows_of_files().map(|rows| rows.start).collect();
    let start = |chunk: &RowChunk| starts.get(chunk.file).copied().unwrap_or_default();
    chunks.iter().map(|chunk| start(chunk) + chunk.rows.start..start(chunk) + chunk.rows.end).collect()
}

/// Merges ranges into ordered ranges that neither overlap nor touch.
pub(in crate::engine::polars) fn union<'a>(ranges: impl Iterator<Item = &'a Range<u64>>) -> Vec<Range<u64>> {
    let mut sorted: Vec<&Range<u64>> = ranges.collect();
    sorted.sort_by_key(|range| range.start);
    let mut union = Vec::new();
    for range in sorted {
        add(&mut union, range.clone());
    }
    union
}

/// Adds a range, or extends the last range if the new one begins in it or right behind it.
fn add(ranges: &mut Vec<Range<u64>>, more: Range<u64>) {
    match ranges.last_mut() {
        Some(last) if (last.start..=last.end).contains(&more.start) => last.end = last.end.max(more.end),
        _ => ranges.push(more),
    }
}

impl MetricProof {
    /// Returns a metric of which nothing is proved on these rows.
    fn open(all: &Range<u64>) -> Self {
        let proved = Proved { of: all.end - all.start, ..Proved::default() };
        Self { open_rows: vec![all.clone()], proved, ..Self::default() }
    }

    /// Proves the metric on chunks, given as ranges of rows in order, for which `evaluate` gives a result.
    fn refine(
        &mut self,
        chunks: &[Range<u64>],
        source: ProofSource,
        evaluate: impl Fn(usize) -> Option<State>,
    ) -> Result<(), Misshapen> {
        let mut still_left = Vec::new();
        for rows in std::mem::take(&mut self.open_rows) {
            let mut start = rows.start;
            let first = chunks.partition_point(|chunk| chunk.start < rows.start);
            for (index, chunk) in chunks.iter().enumerate().skip(first) {
                if chunk.end > rows.end {
                    break;
                }
                let Some(state) = evaluate(index) else { continue };
                if start < chunk.start {
                    add(&mut still_left, start..chunk.start);
                }
                start = chunk.end;
                self.prove(chunk, state, source)?;
            }
            // The empty range of a table without rows is never proved, so it stays.
            if start < rows.end || rows.is_empty() {
                add(&mut still_left, start..rows.end);
            }
        }
        self.open_rows = still_left;
        Ok(())
    }

    fn prove(&mut self, rows: &Range<u64>, state: State, source: ProofSource) -> Result<(), Misshapen> {
        if matches!(state, State::Count(1..)) {
            add(&mut self.counted, rows.clone());
        }
        let number = rows.end - rows.start;
        match source {
            ProofSource::Log => self.proved.by_log += number,
            ProofSource::Footer => self.proved.by_footers += number,
            ProofSource::Dictionary => self.proved.by_dictionaries += number,
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
