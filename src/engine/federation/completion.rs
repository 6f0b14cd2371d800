//! Judges on fetched rows what came to nothing where the data is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::datasets::{Datasets, Side};
use super::held::Held;
use super::needed::{Columns, Needed};
use crate::data::{Dataset, Dialect};
use crate::engine::{
    Control, Engine, EngineError, Execution, FetchedRows, Measurements, MetricError, Origin, OtherRead,
};
use crate::plan::{Plan, PlannedCheck, Subset};
use crate::source::{Data, Opened, StorageOptions};

/// What is completed, of which data, and by which rows.
#[derive(Clone, Copy)]
pub(super) struct Completion<'a> {
    pub(super) plan: &'a Plan,
    pub(super) datasets: &'a Datasets<'a>,
    /// The engine that judges fetched rows.
    pub(super) own: &'a Arc<dyn Engine>,
    /// The most rows that are fetched of a dataset.
    pub(super) most: u64,
    pub(super) control: Control<'a>,
}

/// A check that came to nothing, and the columns that decide it.
struct Left {
    check: usize,
    needed: Needed,
}

/// The data of which what is left is judged: fetched, where another engine holds it.
#[derive(Default)]
struct Gathered {
    fetched: BTreeMap<Side, Box<dyn Opened>>,
    /// The reads of other datasets.
    reads: Vec<OtherRead>,
    /// The places in [`Execution::statements`] of the statements that gave rows.
    statements: Vec<usize>,
}

impl Completion<'_> {
    /// Judges what came to nothing so far, as far as its rows may be fetched.
    ///
    /// # Errors
    /// The run was cancelled.
    pub(super) fn complete(&self, found: &mut Measurements) -> Result<(), EngineError> {
        let mut left = self.left(found);
        let gathered = self.gather(&mut left, found)?;
        if left.is_empty() {
            return Ok(());
        }
        let subset = self.subset(&left, &gathered);
        match self.measure(&subset, &gathered) {
            Ok(measured) => self.take(found, measured, &subset, gathered),
            Err(cancelled @ EngineError::Cancelled) => return Err(cancelled),
            Err(error) => {
                for left in &left {
                    self.fail(left.check, &error, found);
                }
            }
        }
        Ok(())
    }

    /// Returns the checks that came to nothing and that rows decide.
    fn left(&self, found: &mut Measurements) -> Vec<Left> {
        let mut left = Vec::new();
        let is_own = self.datasets.judged.is_of(self.own);
        for (check, planned) in self.plan.checks.iter().enumerate() {
            // What failed on rows that the own engine reads fails on them again.
            if !self.is_open(planned, found) || is_own && !self.datasets.asks_elsewhere(self.plan, planned) {
                continue;
            }
            match self.datasets.needed(self.plan, planned, is_own) {
                Ok(needed) => left.push(Left { check, needed }),
                Err(why) => self.refuse(check, why, found),
            }
        }
        left
    }

    /// Returns whether a check came to nothing since something was not measured.
    fn is_open(&self, check: &PlannedCheck, found: &Measurements) -> bool {
        let Ok(judged_by) = &check.judged_by else { return false };
        let mut measured = self.plan.metrics_of(judged_by).into_iter().map(|id| found.of(id).err());
        let counted =
            judged_by.dependent().and_then(|position| found.dependent.get(position)?.as_ref().err());
        let is_unmeasured = |error: &MetricError| !matches!(error, MetricError::Undefined(_));
        measured.any(|error| error.as_ref().is_some_and(is_unmeasured)) || counted.is_some_and(is_unmeasured)
    }

    /// Fetches what the checks need of datasets that another engine holds, and leaves out checks for which that cannot be done.
    fn gather(&self, left: &mut Vec<Left>, found: &mut Measurements) -> Result<Gathered, EngineError> {
        let mut gathered = Gathered::default();
        // The judged data is the last one: it is not fetched for what cannot be compared with it.
        for side in self.datasets.sides() {
            let is_needed = left.iter().any(|left| left.needed.contains_key(&side));
            let held = self.datasets.of(&side).filter(|held| is_needed && !held.is_of(self.own));
            let Some(held) = held else { continue };
            let mut columns = all_columns(left, &side);
            if side == Side::Judged {
                columns.extend(left.iter().flat_map(|left| self.shown(left.check)));
            }
            let opened = held.opened.as_ref();
            match held.engine.fetch(opened, &columns, self.most, self.control) {
                Ok(rows) => {
                    self.drop_undecided(left, &side, &rows, found);
                    self.add(side, held, rows, &mut gathered, &mut found.execution)?;
                }
                Err(cancelled @ EngineError::Cancelled) => return Err(cancelled),
                Err(error) => left.retain(|left| {
                    let is_of_it = left.needed.contains_key(&side);
                    if is_of_it {
                        self.fail(left.check, &error, found);
                    }
                    !is_of_it
                }),
            }
        }
        Ok(gathered)
    }

    /// Leaves out checks for which something was not fetched.
    fn drop_undecided(
        &self,
        left: &mut Vec<Left>,
        side: &Side,
        rows: &FetchedRows,
        found: &mut Measurements,
    ) {
        left.retain(|left| {
            let why = left.needed.get(side).and_then(|columns| match &rows.rows {
                Ok(_) => columns.deciding.iter().find_map(|column| rows.withheld.get(column)),
                Err(why) => Some(why),
            });
            if let Some(why) = why {
                self.refuse(left.check, why, found);
            }
            why.is_none()
        });
    }

    /// Opens fetched rows, and counts what they cost.
    fn add(
        &self,
        side: Side,
        held: &Held,
        rows: FetchedRows,
        gathered: &mut Gathered,
        execution: &mut Execution,
    ) -> Result<(), EngineError> {
        let scans = rows.statements.len() as u64;
        execution.statements.extend(rows.statements);
        let batches = rows.rows.unwrap_or_default();
        let rows_read = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        match &side {
            Side::Judged => {
                execution.scans += scans;
                execution.rows_read += rows_read;
            }
            Side::Other(dataset) => gathered.reads.push(other_read(dataset, held, scans, rows_read)),
        }
        if !batches.is_empty() {
            // The rows came with the last one.
            gathered.statements.extend(execution.statements.len().checked_sub(1).filter(|_| scans > 0));
            let data = Data::Batches(batches);
            let opened = self.own.open(data, &StorageOptions::default(), &Dialect::default())?;
            gathered.fetched.insert(side, opened);
        }
        Ok(())
    }

    /// Returns the columns that the failing rows of a check are shown by.
    fn shown(&self, check: usize) -> impl Iterator<Item = String> {
        let check = &self.plan.checks[check];
        check.key.columns.iter().chain(&check.columns).map(|path| path.root().to_owned())
    }

    /// Returns the plan of what is left. Columns that are not fetched are not shown of failing rows.
    fn subset(&self, left: &[Left], gathered: &Gathered) -> Subset {
        let mut subset = Subset::of(self.plan, left.iter().map(|left| left.check));
        if let Some(judged) = gathered.fetched.get(&Side::Judged) {
            let fetched: BTreeSet<&str> = judged.schema().names().collect();
            for check in &mut subset.plan.checks {
                check.key.columns.retain(|path| fetched.contains(path.root()));
            }
        }
        subset
    }

    fn measure(&self, subset: &Subset, gathered: &Gathered) -> Result<Measurements, EngineError> {
        let of = |side: &Side| {
            let fetched = gathered.fetched.get(side).map(AsRef::as_ref);
            fetched.or_else(|| {
                let held = self.datasets.of(side).filter(|held| held.is_of(self.own));
                held.map(|held| held.opened.as_ref())
            })
        };
        let judged = of(&Side::Judged).ok_or(EngineError::Foreign)?;
        let others = self.datasets.others.keys();
        let others =
            others.filter_map(|name| Some((name.clone(), of(&Side::Other(name.clone()))?))).collect();
        self.own.measure(&subset.plan, judged, &others, self.control)
    }

    /// Takes what was measured, where nothing was measured before.
    fn take(
        &self,
        found: &mut Measurements,
        mut measured: Measurements,
        subset: &Subset,
        gathered: Gathered,
    ) {
        let origin = Origin { engine: self.own.name(), statements: gathered.statements };
        for (id, own) in subset.metrics.entries() {
            if found.measured[*own].is_err() {
                found.measured[*own] = measured.of(id).cloned();
            }
        }
        for (position, count) in subset.dependent.iter().zip(std::mem::take(&mut measured.dependent)) {
            found.dependent[*position] = count;
        }
        let is_fetched = gathered.fetched.contains_key(&Side::Judged);
        found.origins.resize(self.plan.checks.len(), None);
        for (index, check) in subset.checks.iter().enumerate() {
            let samples = measured.samples.get(index).cloned().unwrap_or_default();
            // Fetched rows come in no order, so that their places mean nothing.
            found.samples[*check] = if is_fetched { samples.without_places() } else { samples };
            if !is_fetched && let Some(rows) = measured.failing_rows.get_mut(index) {
                found.failing_rows[*check] = std::mem::take(rows);
            }
            found.origins[*check] = Some(origin.clone());
            match measured.unfetched.remove(&index) {
                Some(reason) => drop(found.unfetched.insert(*check, reason)),
                None => drop(found.unfetched.remove(check)),
            }
        }
        let Execution { scans, rows_read, bytes_read, columns_read, others, .. } = measured.execution;
        let execution = &mut found.execution;
        if !is_fetched {
            execution.scans += scans;
            execution.rows_read += rows_read;
            let known = std::mem::take(&mut execution.columns_read);
            let columns = self.datasets.judged.schema().names();
            let is_read = |name: &&str| known.iter().chain(&columns_read).any(|read| read == name);
            execution.columns_read = columns.filter(is_read).map(str::to_owned).collect();
            execution.bytes_read = execution.bytes_read.zip(bytes_read).map(|(one, other)| one + other);
        }
        let fetched = |read: &OtherRead| gathered.reads.iter().any(|fetched| fetched.dataset == read.dataset);
        execution.others.extend(others.into_iter().filter(|read| !fetched(read)));
        execution.others.extend(gathered.reads);
    }

    /// Adds to the reasons why a check is not judged.
    fn refuse(&self, check: usize, why: &str, found: &mut Measurements) {
        self.change(check, found, &|error| match error {
            MetricError::Unsupported(reason) if reason.contains(why) => MetricError::Unsupported(reason),
            MetricError::Unsupported(reason) => MetricError::Unsupported(format!("{reason}; {why}")),
            other => other,
        });
    }

    fn fail(&self, check: usize, error: &EngineError, found: &mut Measurements) {
        let reason = MetricError::failed(&"what was fetched", error);
        self.change(check, found, &|_| reason.clone());
    }

    /// Changes the errors of what a check needs.
    fn change(&self, check: usize, found: &mut Measurements, how: &dyn Fn(MetricError) -> MetricError) {
        let Ok(judged_by) = &self.plan.checks[check].judged_by else { return };
        let change = |error: &mut MetricError| {
            if !matches!(error, MetricError::Undefined(_)) {
                *error = how(error.clone());
            }
        };
        for id in self.plan.metrics_of(judged_by) {
            if let Err(error) = &mut found.measured[id] {
                change(error);
            }
        }
        let counted = judged_by.dependent().and_then(|position| found.dependent.get_mut(position));
        if let Some(Err(error)) = counted {
            change(error);
        }
    }
}

/// Returns the columns of a dataset that are needed.
fn all_columns(left: &[Left], side: &Side) -> BTreeSet<String> {
    let needed = left.iter().filter_map(|left| left.needed.get(side));
    needed.flat_map(|Columns { deciding, named }| deciding.iter().chain(named)).cloned().collect()
}

/// Returns what a read of another dataset cost.
pub(super) fn other_read(dataset: &Dataset, held: &Held, scans: u64, rows_read: u64) -> OtherRead {
    let identity = held.identity();
    OtherRead {
        dataset: dataset.to_string(),
        uri: identity.uri.clone(),
        version: identity.version,
        scans,
        rows_read,
        network: None,
    }
}
