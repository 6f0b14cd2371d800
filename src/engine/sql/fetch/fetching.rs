//! Judges by another engine what a system cannot: the checks that came to nothing there, on rows that are fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use super::batches::batch;
use super::needed::{Needed, Tables};
use crate::data::{Dataset, Dialect as TextDialect, Field, thousands};
use crate::engine::sql::metrics::{as_text, counted, statement};
use crate::engine::sql::opened::OpenedTable;
use crate::engine::sql::read_values::{Cell, count};
use crate::engine::sql::select::Runner;
use crate::engine::{Control, Engine, EngineError, Measurements, MetricError, Origin};
use crate::plan::{Plan, PlannedCheck, Subset};
use crate::privacy::Untrusted;
use crate::source::{Data, Opened, StorageOptions};

/// Which rows are fetched, and what judges them.
#[derive(Clone)]
pub struct Fetching {
    /// The most rows that are fetched of a table.
    pub rows: u64,
    /// What judges them.
    pub engine: Arc<dyn Engine>,
}

/// What is known of the tables of a run.
pub(in crate::engine::sql) struct Run<'a> {
    pub(in crate::engine::sql) plan: &'a Plan,
    pub(in crate::engine::sql) tables: Tables<'a>,
    pub(in crate::engine::sql) control: Control<'a>,
}

/// A check that came to nothing, and the columns that decide it.
struct Left {
    check: usize,
    needed: Needed,
}

impl Fetching {
    /// Judges what came to nothing so far, as far as its rows may be fetched.
    ///
    /// # Errors
    /// The run was cancelled, or a connection was lost.
    pub(in crate::engine::sql) fn complete(
        &self,
        run: &Run<'_>,
        found: &mut Measurements,
    ) -> Result<(), EngineError> {
        let mut left = run.left(found);
        for dataset in datasets(&left) {
            let Some(table) = run.tables.of(dataset.as_ref()) else { continue };
            let broken =
                run.broken(table, &all_columns(&left, |needed| needed.get(&dataset)), found, self.rows)?;
            left.retain(|left| {
                let columns = left.needed.get(&dataset);
                let why = columns.and_then(|columns| broken.why(columns));
                if let Some(why) = &why {
                    run.refuse(left.check, why, found);
                }
                why.is_none()
            });
        }
        if left.is_empty() {
            return Ok(());
        }
        let subset = run.subset(&left);
        let statements = found.execution.statements.len();
        let measured = self.measure(run, &left, &subset, found);
        let statements = (statements..found.execution.statements.len()).collect();
        match measured {
            Ok(measured) => {
                take(found, measured, &subset, &Origin { engine: self.engine.name(), statements });
            }
            Err(cancelled @ EngineError::Cancelled) => return Err(cancelled),
            Err(error) => {
                for left in &left {
                    let reason = MetricError::failed(&"what was fetched", &error);
                    run.fail(left.check, &reason, found);
                }
            }
        }
        Ok(())
    }

    /// Fetches rows, and measures what is asked of them.
    fn measure(
        &self,
        run: &Run<'_>,
        left: &[Left],
        subset: &Subset,
        found: &mut Measurements,
    ) -> Result<Measurements, EngineError> {
        let (mut judged, mut others) = (None, BTreeMap::new());
        for dataset in datasets(left) {
            let Some(table) = run.tables.of(dataset.as_ref()) else { continue };
            let mut columns = all_columns(left, |needed| needed.get(&dataset));
            if dataset.is_none() {
                columns.extend(shown(&subset.plan));
            }
            let opened = self.open(run, table, &columns, found)?;
            match dataset {
                None => judged = Some(opened),
                Some(dataset) => drop(others.insert(dataset, opened)),
            }
        }
        let judged = judged.ok_or(EngineError::Foreign)?;
        self.engine.measure(&subset.plan, judged.as_ref(), &others, run.control)
    }

    /// Fetches columns of a table, and opens them.
    fn open(
        &self,
        run: &Run<'_>,
        table: &OpenedTable,
        columns: &BTreeSet<String>,
        found: &mut Measurements,
    ) -> Result<Box<dyn Opened>, EngineError> {
        let fields = table.table.schema.fields.iter().filter(|field| run.tables.is_fetched(field));
        let mut asked: Vec<Field> =
            fields.clone().filter(|field| columns.contains(&field.name)).cloned().collect();
        if asked.is_empty() {
            // Rows without a column could not be counted.
            asked.extend(fields.take(1).cloned());
        }
        let texts = asked.iter().filter_map(|field| {
            run.tables.dialect.shown(&run.tables.dialect.quoted(&field.name), &field.data_type)
        });
        let text = statement(run.tables.dialect, &texts.collect::<Vec<_>>(), &table.table.relation, "");
        let answer = run.ask(table, &text, found)?;
        let rows = answer.map_err(|message| EngineError::Query { reason: message.into() })?;
        found.execution.rows_read += rows.len() as u64;
        let batch = batch(&asked, &rows)
            .map_err(|unreadable| EngineError::Query { reason: Untrusted::places(unreadable.to_string()) })?;
        let data = Data::Batches(vec![batch]);
        Ok(self.engine.open(data, &StorageOptions::default(), &TextDialect::default())?)
    }
}

/// The datasets of which rows are needed; always the judged one.
fn datasets(left: &[Left]) -> BTreeSet<Option<Dataset>> {
    left.iter().flat_map(|left| left.needed.keys().cloned()).chain([None]).collect()
}

/// Returns the columns of a dataset that are needed.
fn all_columns<'a>(
    left: &'a [Left],
    of: impl Fn(&'a Needed) -> Option<&'a BTreeSet<String>>,
) -> BTreeSet<String> {
    left.iter().filter_map(|left| of(&left.needed)).flatten().cloned().collect()
}

/// Returns the columns that failing rows are shown by.
fn shown(plan: &Plan) -> Vec<String> {
    let paths = plan.checks.iter().flat_map(|check| check.key.columns.iter().chain(&check.columns));
    paths.map(|path| path.root().to_owned()).collect()
}

/// Why a table's rows are not fetched, or not all of its columns.
#[derive(Default)]
struct Broken {
    whole: Option<String>,
    columns: BTreeMap<String, String>,
}

impl Broken {
    fn why(&self, columns: &BTreeSet<String>) -> Option<String> {
        let column = || columns.iter().find_map(|column| self.columns.get(column));
        self.whole.as_ref().or_else(column).cloned()
    }
}

impl Run<'_> {
    /// Returns the checks that came to nothing and can be judged of fetched rows.
    fn left(&self, found: &mut Measurements) -> Vec<Left> {
        let mut left = Vec::new();
        for (check, planned) in self.plan.checks.iter().enumerate() {
            if !self.is_open(planned, found) {
                continue;
            }
            match self.tables.needed(self.plan, planned) {
                Ok(needed) => left.push(Left { check, needed }),
                Err(why) => self.refuse(check, &why, found),
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

    /// Counts the rows of a table, and those that some columns of it may not have.
    fn broken(
        &self,
        table: &OpenedTable,
        columns: &BTreeSet<String>,
        found: &mut Measurements,
        most: u64,
    ) -> Result<Broken, EngineError> {
        let guards = table.table.guards.iter().filter(|(column, ..)| columns.contains(column));
        let dialect = self.tables.dialect;
        let counts = guards.clone().map(|(_, condition, _)| counted(dialect, condition));
        let counts: Vec<String> = std::iter::once(as_text(dialect, "count(*)")).chain(counts).collect();
        let asked = statement(dialect, &counts, &table.table.relation, "");
        let Ok(rows) = self.ask(table, &asked, found)? else {
            let whole = Some("its rows could not be counted".to_owned());
            return Ok(Broken { whole, ..Broken::default() });
        };
        let mut counts = rows.first().into_iter().flatten().map(|cell| count(cell).unwrap_or(u64::MAX));
        let rows = counts.next().unwrap_or(u64::MAX);
        if rows > most {
            let whole = format!(
                "{} rows of {} would be fetched, more than the {} of --fetch",
                thousands(&rows.to_string()),
                table.table.uri,
                thousands(&most.to_string())
            );
            return Ok(Broken { whole: Some(whole), ..Broken::default() });
        }
        let broken = guards.zip(counts).filter(|(_, rows)| *rows > 0);
        let columns = broken.map(|((column, _, why), _)| (column.clone(), why.clone()));
        Ok(Broken { whole: None, columns: columns.collect() })
    }

    /// Runs a statement in the session of a table.
    fn ask(
        &self,
        table: &OpenedTable,
        text: &str,
        found: &mut Measurements,
    ) -> Result<Result<Vec<Vec<Cell>>, String>, EngineError> {
        let mut session = table.table.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut runner = Runner {
            session: &mut *session,
            is_cancelled: self.control.cancelled,
            answered: &mut found.execution.statements,
            quotes_data: false,
        };
        Ok(runner.ask(text)?.map(|answer| answer.rows))
    }

    /// Returns the plan of what is left. Columns that are not fetched are not shown of failing rows.
    fn subset(&self, left: &[Left]) -> Subset {
        let mut subset = Subset::of(self.plan, left.iter().map(|left| left.check));
        let schema = &self.tables.judged.table.schema;
        let is_fetched = |root: &str| {
            schema.fields.iter().any(|field| field.name == root && self.tables.is_fetched(field))
        };
        for check in &mut subset.plan.checks {
            check.key.columns.retain(|path| is_fetched(path.root()));
        }
        subset
    }

    /// Adds to the reasons why a check is not judged.
    fn refuse(&self, check: usize, why: &str, found: &mut Measurements) {
        self.change(check, found, &|error| match error {
            MetricError::Unsupported(reason) if reason.contains(why) => MetricError::Unsupported(reason),
            MetricError::Unsupported(reason) => MetricError::Unsupported(format!("{reason}; {why}")),
            other => other,
        });
    }

    fn fail(&self, check: usize, reason: &MetricError, found: &mut Measurements) {
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

/// Takes what was measured of fetched rows, where nothing was measured before.
fn take(found: &mut Measurements, mut measured: Measurements, subset: &Subset, origin: &Origin) {
    for (id, own) in subset.metrics.entries() {
        if found.measured[*own].is_err() {
            found.measured[*own] = measured.of(id).cloned();
        }
    }
    for (position, count) in subset.dependent.iter().zip(measured.dependent) {
        found.dependent[*position] = count;
    }
    for (index, check) in subset.checks.iter().enumerate() {
        found.samples[*check] = measured.samples.get(index).cloned().unwrap_or_default().without_places();
        found.origins[*check] = Some(origin.clone());
        match measured.unfetched.remove(&index) {
            Some(reason) => drop(found.unfetched.insert(*check, reason)),
            None => drop(found.unfetched.remove(check)),
        }
    }
}
