//! The second scan: counts rows by conditions that need measured values, resolves repeated hashes, and
//! fetches the first failing rows of each check, in one narrow scan.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use polars::prelude::{Expr, LazyFrame};
use roaring::RoaringTreemap;

use super::sampling::{FailingCheck, any_of, failing_checks, samples};
use crate::data::ColumnPath;
use crate::engine::polars::judging::Others;
use crate::engine::polars::metrics::count;
use crate::engine::polars::proof_by_statistics::{Proof, union};
use crate::engine::polars::query::{QueryCost, cell, execute_counted, nothing_given};
use crate::engine::polars::snapshot::Snapshot;
use crate::engine::polars::strategy::MOST_RANGES;
use crate::engine::polars::uniqueness::collisions::{CollisionCheck, ResolvedCollisions};
use crate::engine::{Control, EngineError, MetricError};
use crate::metric::{Measured, MetricId, PerMetric};
use crate::plan::{DependentCount, Plan};
use crate::predicate::Typed;
use crate::privacy::MaskedSamples;
use crate::source::files::overlap;

/// The second scan of a run. Without parts, nothing is read.
pub(in crate::engine::polars) struct SecondScan<'a> {
    plan: &'a Plan,
    snapshot: &'a Snapshot,
    proof: &'a Proof,
    /// The condition of each dependent count of the plan.
    conditions: Vec<Result<Typed, MetricError>>,
    collisions: &'a [CollisionCheck<'a>],
    others: &'a Others<'a>,
    failing_checks: Vec<FailingCheck<'a>>,
}

/// A part of the second scan that can fail on its own, by its index among those of its kind.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine::polars) enum Part {
    /// A count of failing rows whose condition needs measured values.
    Count(usize),
    /// A grouping with repeated hashes.
    Groups(usize),
    /// Failing rows of a check.
    Rows(usize),
}

/// The result of a part.
pub(in crate::engine::polars) enum PartResult {
    Count {
        dependent: usize,
        rows: Result<u64, MetricError>,
    },
    Groups {
        /// Values of metrics that were known only by their hashes.
        values: Vec<(MetricId, Measured)>,
        /// True if rows were fetched for a hash that different keys share.
        collided: bool,
    },
    Rows {
        check: usize,
        samples: MaskedSamples,
        /// The numbers of all failing rows, if the plan wants them.
        all: Option<RoaringTreemap>,
    },
}

impl<'a> SecondScan<'a> {
    /// Decides by the measured values what must be counted, grouped and fetched; the rows of the checks in `found` are known.
    pub(in crate::engine::polars) fn new(
        plan: &'a Plan,
        snapshot: &'a Snapshot,
        proof: &'a Proof,
        values: &PerMetric<Result<Measured, MetricError>>,
        collisions: &'a [CollisionCheck<'a>],
        others: &'a Others<'a>,
        found: &BTreeSet<usize>,
    ) -> Self {
        let conditions: Vec<_> =
            plan.dependent.iter().map(|dependent| dependent_condition(dependent, values)).collect();
        let failing_checks = failing_checks(plan, values, collisions, &conditions, found);
        Self { plan, snapshot, proof, conditions, collisions, others, failing_checks }
    }

    /// Returns all parts of the scan.
    pub(in crate::engine::polars) fn parts(&self) -> Vec<Part> {
        let counts = (0..self.conditions.len()).filter(|index| self.conditions[*index].is_ok());
        let counts = counts.map(Part::Count);
        let groups = (0..self.collisions.len()).map(Part::Groups);
        counts.chain(groups).chain((0..self.failing_checks.len()).map(Part::Rows)).collect()
    }

    /// Returns the columns that the scan reads.
    pub(in crate::engine::polars) fn columns(&self) -> BTreeSet<String> {
        let mut columns = BTreeSet::new();
        let mut see = |path: &ColumnPath| {
            columns.insert(path.root().to_owned());
        };
        for condition in self.conditions.iter().flatten() {
            condition.each_column(&mut see);
        }
        for check in self.collisions {
            check.grouping.each_column(&mut see);
        }
        for wanted in &self.failing_checks {
            let check = &self.plan.checks[wanted.check];
            check.columns.iter().chain(&check.key.columns).for_each(&mut see);
        }
        columns
    }

    /// Returns the metrics of a grouping.
    pub(in crate::engine::polars) fn metrics_of(&self, groups: usize) -> impl Iterator<Item = MetricId> {
        self.collisions[groups].metrics()
    }

    /// Returns the check that failing rows are fetched for.
    pub(in crate::engine::polars) fn check_of(&self, rows: usize) -> usize {
        self.failing_checks[rows].check
    }

    /// Returns an error for each dependent count, as long as it is not counted.
    pub(in crate::engine::polars) fn uncounted(&self) -> Vec<Result<u64, MetricError>> {
        let error = |condition: &Result<Typed, MetricError>| condition.as_ref().err().cloned();
        self.conditions.iter().map(|condition| Err(error(condition).unwrap_or_else(uncounted))).collect()
    }

    /// Runs parts of the second scan as one execution over the rows that can matter to them.
    pub(in crate::engine::polars) fn run(
        &self,
        parts: &[Part],
        control: Control<'_>,
        cost: &mut QueryCost,
    ) -> Result<Vec<PartResult>, EngineError> {
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let frame = self.frame(parts)?;
        let mut queries = Vec::with_capacity(parts.len());
        // All counts and kept rows share one query; each grouping and each sort is a query of its own. Unique
        // column names keep the queries from sharing anything but the scan.
        let mut shared = self.counts(parts);
        let mut fetching = HashMap::new();
        for part in parts {
            match part {
                Part::Count(_) => {}
                Part::Groups(index) => {
                    let number = self.plan.checks.len() + index;
                    queries.push(self.collisions[*index].query(&frame, number));
                }
                Part::Rows(index) => {
                    let method = self.failing_checks[*index].fetch(self.plan, &frame, self.others)?;
                    shared.extend(method.expression.clone());
                    queries.extend(method.query.clone());
                    fetching.insert(*index, method);
                }
            }
        }
        let own = queries.len();
        if !shared.is_empty() {
            queries.push(frame.select(shared));
        }
        let frames = execute_counted(queries, self.snapshot, control, cost)?;
        let (own, shared) = frames.split_at(own.min(frames.len()));
        let mut own = own.iter();
        let mut next = || own.next().ok_or_else(nothing_given);
        let mut found = Vec::with_capacity(parts.len());
        for part in parts {
            found.push(match part {
                Part::Count(dependent) => {
                    let counts = shared.first().ok_or_else(nothing_given)?;
                    let rows = cell(counts, &name(*dependent), 0)?.as_count().ok_or_else(uncounted);
                    PartResult::Count { dependent: *dependent, rows }
                }
                Part::Groups(index) => {
                    let ResolvedCollisions { values, collided } =
                        self.collisions[*index].read_result(next()?)?;
                    PartResult::Groups { values, collided }
                }
                Part::Rows(index) => {
                    let wanted = &self.failing_checks[*index];
                    let method = fetching.get(index).ok_or_else(nothing_given)?;
                    let own = if method.query.is_some() { Some(next()?) } else { None };
                    let rows = match (&method.kept, own) {
                        (Some(kept), _) => kept.rows(),
                        (None, Some(own)) => wanted.queried(own)?,
                        (None, None) => Vec::new(),
                    };
                    PartResult::Rows {
                        check: wanted.check,
                        samples: samples(self.plan, wanted, &rows, self.snapshot),
                        all: method.every.as_ref().map(|every| every.rows()),
                    }
                }
            });
        }
        Ok(found)
    }

    /// Returns the expressions of the counts among parts.
    fn counts(&self, parts: &[Part]) -> Vec<Expr> {
        let counted = parts.iter().filter_map(|part| match part {
            Part::Count(index) => self.conditions[*index].as_ref().ok().map(|condition| (index, condition)),
            _ => None,
        });
        counted.map(|(index, condition)| count(condition).alias(name(*index))).collect()
    }

    /// Returns the rows that parts read, as a frame.
    fn frame(&self, parts: &[Part]) -> Result<LazyFrame, EngineError> {
        let all = [self.snapshot.all_rows()];
        // Counts need every row.
        if parts.iter().any(|part| matches!(part, Part::Count(_))) {
            return Ok(self.snapshot.frame(&all, true)?);
        }
        let wanted = parts.iter().filter_map(|part| match part {
            Part::Rows(index) => Some(&self.failing_checks[*index]),
            _ => None,
        });
        let wanted: Vec<&FailingCheck<'_>> = wanted.collect();
        let collisions = parts.iter().filter_map(|part| match part {
            Part::Groups(index) => Some(&self.collisions[*index]),
            _ => None,
        });
        let collisions: Vec<&CollisionCheck<'_>> = collisions.collect();
        let counting: Option<Vec<MetricId>> = wanted.iter().map(|wanted| wanted.counted_by).collect();
        let frame = match counting.filter(|_| collisions.is_empty()) {
            Some(metrics) => {
                self.snapshot.frame(&intersection(&all, &may_fail(self.proof, &metrics)), true)?
            }
            None => self.snapshot.frame(&all, true)?,
        };
        Ok(match any_of(&wanted, &collisions) {
            Some(any) => frame.filter(any),
            None => frame,
        })
    }
}

/// Returns the rows that metrics may count.
fn may_fail(proof: &Proof, metrics: &[MetricId]) -> Vec<Range<u64>> {
    let rows = union(metrics.iter().flat_map(|id| proof.may_count(*id)));
    match rows.as_slice() {
        // Superfluous rows do no harm, and Polars scans each range separately.
        [first, .., last] if rows.len() > MOST_RANGES => std::iter::once(first.start..last.end).collect(),
        _ => rows,
    }
}

/// Returns the intersection of two lists of ranges.
fn intersection(rows: &[Range<u64>], others: &[Range<u64>]) -> Vec<Range<u64>> {
    let common = rows.iter().flat_map(|rows| others.iter().map(|others| overlap(rows, others)));
    common.filter(|rows| !rows.is_empty()).collect()
}

/// Returns the condition of a dependent count, with the measured values filled in.
fn dependent_condition(
    dependent: &DependentCount,
    values: &PerMetric<Result<Measured, MetricError>>,
) -> Result<Typed, MetricError> {
    let values = dependent.metrics.iter().map(|id| values[*id].clone());
    let values: Vec<Measured> = values.collect::<Result<_, _>>()?;
    dependent.condition.of(&values).map_err(MetricError::Undefined)
}

fn uncounted() -> MetricError {
    MetricError::Undefined("the engine gave no count of its rows".to_owned())
}

/// Returns the name of the column of a dependent count.
fn name(index: usize) -> String {
    format!("r{index}")
}
