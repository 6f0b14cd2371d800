//! Builds the queries that select the first failing rows of each check, and turns these rows into samples.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType as PlType, Expr, IntoColumn as _, LazyFrame,
    NewChunkedArray as _, PlSmallStr, PolarsResult, SortMultipleOptions, as_struct, lit,
};

use crate::data::{ColumnPath, Value};
use crate::engine::polars::expression::{to_polars, value_series};
use crate::engine::polars::judging::Others;
use crate::engine::polars::metrics::sequences;
use crate::engine::polars::query::{
    COUNTED, EveryRow, FirstRows, NUMBER, cell, encoded, nothing_given, of_rows,
};
use crate::engine::polars::snapshot::{Rows, Snapshot};
use crate::engine::polars::uniqueness::collisions::CollisionCheck;
use crate::engine::{EngineError, MetricError};
use crate::expectation::FailureRule;
use crate::metric::{Grouping, Lookup, Measured, MetricId, PerMetric, Sequence};
use crate::plan::{FailingCount, JudgedBy, Plan, PlannedCheck};
use crate::predicate::Typed;
use crate::privacy::{Masked, MaskedRow, MaskedSamples};
use crate::source::files::{Malformed, ROW_COLUMN};

/// Number of most frequent values that samples list.
const FREQUENT: usize = 5;

/// A check that has failing rows, or may have some, and how they are found.
pub(super) struct FailingCheck<'a> {
    /// The index of the check in the plan.
    pub(super) check: usize,
    /// The metric that counts the failing rows, if it counts the rows for which a condition holds.
    pub(super) counted_by: Option<MetricId>,
    rows: RowSelector<'a>,
    columns: Vec<&'a ColumnPath>,
    limit: usize,
    /// True if the numbers of all failing rows are wanted.
    all: bool,
}

/// The way in which failing rows are found.
pub(super) enum RowSelector<'a> {
    /// By a condition.
    Where(Expr),
    /// By their order.
    OutOfOrder(&'a Sequence),
    /// By the keys of another dataset, which they lack; the first rows by the least keys that it lacks.
    Unmatched { lookup: &'a Lookup, first: Expr },
}

/// Returns the condition that some check or collision check needs a row; `None` if one of them has no
/// condition, or if there are too many. Every query would contain the condition, and planning it would take
/// longer than reading the rows that it excludes.
pub(super) fn any_of(wanted: &[&FailingCheck<'_>], collisions: &[&CollisionCheck<'_>]) -> Option<Expr> {
    const MOST_CONDITIONS: usize = 64;
    const MOST_QUERIES: usize = 8;
    if wanted.len() > MOST_CONDITIONS || collisions.len() > MOST_QUERIES {
        return None;
    }
    let conditions = wanted.iter().map(|wanted| match &wanted.rows {
        RowSelector::Where(condition) => Some(condition.clone()),
        RowSelector::Unmatched { first, .. } if !wanted.all => Some(first.clone()),
        RowSelector::OutOfOrder(_) | RowSelector::Unmatched { .. } => None,
    });
    let conditions = conditions.chain(collisions.iter().map(|check| Some(check.condition())));
    conditions.collect::<Option<Vec<Expr>>>()?.into_iter().reduce(Expr::or)
}

impl<'a> FailingCheck<'a> {
    /// Returns a check of a plan.
    pub(super) fn new(
        plan: &'a Plan,
        check: usize,
        counted_by: Option<MetricId>,
        rows: RowSelector<'a>,
    ) -> Self {
        let planned = &plan.checks[check];
        let (columns, all) = (planned.columns.iter().collect(), plan.finds_all_rows);
        Self { check, counted_by, rows, columns, limit: planned.samples, all }
    }

    /// Returns how the failing rows are fetched: the first ones with their number, key and values, and, if all are wanted, the
    /// numbers of all.
    pub(super) fn fetch(
        &self,
        plan: &Plan,
        frame: &LazyFrame,
        others: &Others<'_>,
    ) -> Result<FetchMethod, EngineError> {
        let every = self.all.then(Arc::<EveryRow>::default);
        match &self.rows {
            RowSelector::Where(condition) => {
                let (kept, expression) = self.keep(plan, condition, every.clone());
                Ok(FetchMethod { kept: Some(kept), expression: Some(expression), query: None, every })
            }
            RowSelector::Unmatched { lookup, first } => {
                // The condition finds only the first rows, a query of its own all of them.
                let (kept, expression) = self.keep(plan, first, None);
                let collected = |every: &Arc<EveryRow>| {
                    let rows = others.unmatched_rows(frame, lookup, self.check)?;
                    let collect = every.collect(&row_number().is_not_null(), row_number());
                    Ok::<_, EngineError>(rows.select([collect.alias(all_name(self.check))]))
                };
                let query = every.as_ref().map(collected).transpose()?;
                Ok(FetchMethod { kept: Some(kept), expression: Some(expression), query, every })
            }
            RowSelector::OutOfOrder(sequence) => {
                let fields = std::iter::once(row_number().alias(NUMBER)).chain(self.fields(plan));
                let out_of_order = |row: Expr| row.filter(sequences::out_of_order(sequence));
                let number = sequences::carried(0).struct_().field_by_name(NUMBER);
                let rows = out_of_order(sequences::carried(0))
                    .sort_by([out_of_order(number.clone())], SortMultipleOptions::default())
                    .head(Some(self.rows_kept(plan)));
                // Beside another column, the list must be one value.
                let mut found = vec![rows.implode(true).alias(name(self.check))];
                let collect = |every: &Arc<EveryRow>| {
                    every.collect(&sequences::out_of_order(sequence), number).alias(all_name(self.check))
                };
                found.extend(every.as_ref().map(collect));
                let row = as_struct(fields.collect());
                let ordered = sequences::in_order(frame, sequence, vec![row], self.check);
                Ok(FetchMethod { kept: None, expression: None, query: Some(ordered.select(found)), every })
            }
        }
    }

    /// Returns the first rows for which a condition holds, with the expression that keeps them, and collects the numbers of all in
    /// `every`.
    pub(super) fn keep(
        &self,
        plan: &Plan,
        condition: &Expr,
        every: Option<Arc<EveryRow>>,
    ) -> (Arc<FirstRows>, Expr) {
        let kept = FirstRows::new(self.rows_kept(plan), every);
        let fields = self.fields(plan).collect();
        let expression = kept.keep(condition, row_number().alias(NUMBER), fields).alias(name(self.check));
        (kept, expression)
    }

    /// Returns the number of rows to keep: those that are shown, and those by which the most frequent values are found.
    fn rows_kept(&self, plan: &Plan) -> usize {
        match self.limit {
            0 => 0,
            limit if counts_values(plan, self) => COUNTED.max(limit),
            limit => limit,
        }
    }

    /// Returns the key and the values of a row, as fields.
    fn fields(&self, plan: &'a Plan) -> impl Iterator<Item = Expr> {
        let key = named(&plan.checks[self.check].key.columns, plan, "key");
        key.chain(named(self.columns.iter().copied(), plan, "value"))
    }

    /// Returns the rows that the check's own query gave.
    pub(super) fn queried(&self, found: &DataFrame) -> Result<Vec<Value>, EngineError> {
        match cell(found, &name(self.check), 0)? {
            Value::List(rows) => Ok(rows),
            _ => Err(nothing_given()),
        }
    }
}

/// The way in which the failing rows of a check are fetched.
pub(super) struct FetchMethod {
    /// The first rows, where an expression keeps them; otherwise the query gives them.
    pub(super) kept: Option<Arc<FirstRows>>,
    /// An expression of the query that all checks share.
    pub(super) expression: Option<Expr>,
    /// A query of its own.
    pub(super) query: Option<LazyFrame>,
    /// The numbers of all rows, if they are wanted.
    pub(super) every: Option<Arc<EveryRow>>,
}

/// Returns the checks that have failing rows, or may have some, except those whose rows are found already.
pub(in crate::engine::polars) fn failing_checks<'a>(
    plan: &'a Plan,
    values: &PerMetric<Result<Measured, MetricError>>,
    collisions: &[CollisionCheck<'_>],
    conditions: &[Result<Typed, MetricError>],
    found: &BTreeSet<usize>,
) -> Vec<FailingCheck<'a>> {
    let mut wanted = Vec::new();
    let asks_for_rows = |(index, check): &(usize, &PlannedCheck)| {
        (check.samples > 0 || plan.finds_all_rows) && !found.contains(index)
    };
    for (index, check) in plan.checks.iter().enumerate().filter(asks_for_rows) {
        let Ok(JudgedBy::Rows { rule, failing, keys, .. }) = &check.judged_by else { continue };
        // A check whose count failed shows no rows. A count that the second pass determines may find some.
        if let FailingCount::Metric(metric) = failing {
            match &values[*metric] {
                Ok(found) if found.count().is_ok_and(|count| count > 0) => {}
                Err(MetricError::Unmeasured) => {}
                Ok(_) | Err(_) => continue,
            }
        }
        let keys = keys.and_then(|keys| values[keys].as_ref().ok()?.keys().ok());
        let rows = match (&rule.fails, failing) {
            (FailureRule::Condition(failing), _) => Some(RowSelector::Where(to_polars(failing))),
            (FailureRule::Duplicate { keys: of }, _) => {
                let grouping = rule.grouping(of);
                let check = collisions.iter().find(|check| *check.grouping == grouping);
                match (check, keys) {
                    (Some(check), _) => Some(RowSelector::Where(check.condition())),
                    (None, Some(keys)) => among(&grouping, keys).map(RowSelector::Where),
                    (None, _) => None,
                }
            }
            (FailureRule::Unmatched(lookup), _) => keys
                .and_then(|keys| among(&lookup.grouping, keys))
                .map(|first| RowSelector::Unmatched { lookup, first }),
            (FailureRule::OutOfOrder(sequence), _) => Some(RowSelector::OutOfOrder(sequence)),
            (FailureRule::MeasuredCondition { .. }, FailingCount::Dependent(position)) => {
                conditions[*position].as_ref().ok().map(|condition| RowSelector::Where(to_polars(condition)))
            }
            (FailureRule::MeasuredCondition { .. }, FailingCount::Metric(_)) => None,
        };
        if let Some(rows) = rows {
            let counted_by = match (&rule.fails, failing) {
                (FailureRule::Condition(_), FailingCount::Metric(metric)) => Some(*metric),
                _ => None,
            };
            wanted.push(FailingCheck::new(plan, index, counted_by, rows));
        }
    }
    wanted
}

/// Returns the condition that a row has one of these keys; `None` without keys. It is evaluated row by row:
/// Polars' own expression joins the rows with the keys, and holds back all other columns, decoded, until the
/// join is done.
fn among(grouping: &Grouping, keys: &[Vec<Value>]) -> Option<Expr> {
    let part = |index: usize, key: &Vec<Value>| key.get(index).cloned().unwrap_or(Value::Null);
    let wanted = grouping.keys.iter().enumerate().map(|(index, key)| {
        let values: Vec<Value> = keys.iter().map(|row| part(index, row)).collect();
        value_series(&values, &key.data_type).into_column()
    });
    let wanted: Vec<Column> = wanted.collect();
    let types: Vec<PlType> = wanted.iter().map(|values| values.dtype().clone()).collect();
    let wanted: HashSet<Box<[u8]>> = encoded(&wanted).ok()?.iter().flatten().map(Box::from).collect();
    let found = of_rows(grouping, PlType::Boolean, move |rows| {
        // Cast to the type of the values: the engine may compute in a wider type.
        let parts = rows.keys.iter().zip(&types).map(|(key, of)| key.cast(of));
        let parts: Vec<Column> = parts.collect::<PolarsResult<_>>()?;
        let found: Vec<bool> = encoded(&parts)?
            .iter()
            .zip(rows.grouped.iter())
            .map(|(key, grouped)| grouped == Some(true) && key.is_some_and(|key| wanted.contains(key)))
            .collect();
        Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &found).into_column())
    });
    Some(found).filter(|_| !keys.is_empty())
}

/// Returns whether failing values are counted: those of a single column, and keys of several columns that are
/// duplicated or missing in another dataset. Personal values are counted only if something stands for them.
fn counts_values(plan: &Plan, wanted: &FailingCheck<'_>) -> bool {
    let by_keys = || {
        let judged_by = plan.checks.get(wanted.check).map(|check| &check.judged_by);
        matches!(judged_by, Some(Ok(JudgedBy::Rows { rule, .. })) if matches!(rule.fails, FailureRule::Duplicate { .. } | FailureRule::Unmatched(_)))
    };
    (wanted.columns.len() == 1 || by_keys())
        && !wanted.columns.iter().any(|path| plan.privacy.withholds(path))
}

/// Returns the value by which a failing row is counted: for several columns, a struct of their values.
fn key_of(wanted: &FailingCheck<'_>, row: &Value) -> Value {
    let value = |index: usize| row.field(&format!("value{index}")).cloned().unwrap_or(Value::Null);
    match wanted.columns.as_slice() {
        [_] => value(0),
        several => {
            let named = several.iter().enumerate().map(|(index, path)| (path.to_string(), value(index)));
            Value::Struct(named.collect())
        }
    }
}

/// Returns columns under numbered names, so that no two of them collide. Personal data that is withheld is not even read.
fn named<'a>(
    columns: impl IntoIterator<Item = &'a ColumnPath>,
    plan: &'a Plan,
    prefix: &'a str,
) -> impl Iterator<Item = Expr> {
    columns.into_iter().enumerate().map(move |(index, path)| {
        let value = if plan.privacy.withholds(path) {
            lit(polars::prelude::Null {})
        } else {
            // The type of a column that is only fetched does not matter.
            to_polars(&Typed::column(path, &crate::data::DataType::Null))
        };
        value.alias(format!("{prefix}{index}"))
    })
}

/// Builds the samples of a check from the first failing rows that were fetched for it.
pub(super) fn samples(
    plan: &Plan,
    wanted: &FailingCheck<'_>,
    rows: &[Value],
    snapshot: &Snapshot,
) -> MaskedSamples {
    let counts_values = counts_values(plan, wanted);
    let key = &plan.checks[wanted.check].key;
    let mut counts: HashMap<Value, u64> = HashMap::new();
    let mut samples = MaskedSamples::default();
    for row in rows {
        if counts_values && samples.counted < u64::try_from(COUNTED).unwrap_or(u64::MAX) {
            *counts.entry(key_of(wanted, row)).or_default() += 1;
            samples.counted += 1;
        }
        if samples.rows.len() == wanted.limit {
            continue;
        }
        let named = |columns: Vec<&ColumnPath>, prefix: &str| -> Vec<(String, Masked<Value>)> {
            let value = |(index, path): (usize, &ColumnPath)| {
                let value = row.field(&format!("{prefix}{index}"))?.clone();
                Some((path.to_string(), Masked::of([path], value)))
            };
            columns.into_iter().enumerate().filter_map(value).collect()
        };
        // Nothing stands for a reason.
        let unread = key.unread.iter().filter(|(path, _)| !plan.privacy.hides(path));
        let unread = unread.map(|(path, reason)| {
            (path.to_string(), Masked::of([path], Value::String(format!("(not read: {reason})"))))
        });
        let position = row.field(NUMBER).and_then(Value::as_count).unwrap_or_default();
        let found = match &snapshot.rows {
            Rows::Files(files) => files.locate(position).map(|found| (files, found)),
            Rows::Frame(_) => None,
        };
        samples.rows.push(MaskedRow {
            file: found.map(|(_, (file, _))| name_of(&file.name, snapshot)),
            row: Some(found.map_or(position, |(_, (_, row))| row)),
            line: found.and_then(|(files, (file, row))| files.line(file, row)),
            position: Some(position),
            key: named(key.columns.iter().collect(), "key").into_iter().chain(unread).collect(),
            values: named(wanted.columns.clone(), "value"),
            whole: Vec::new(),
        });
    }
    let mut frequent: Vec<(Value, u64)> = counts.into_iter().collect();
    frequent.sort_by(|left, right| {
        right.1.cmp(&left.1).then_with(|| left.0.to_string().cmp(&right.0.to_string()))
    });
    frequent.truncate(FREQUENT);
    MaskedSamples { frequent: Masked::of(wanted.columns.iter().copied(), frequent), ..samples }
}

/// Returns the first malformed rows as samples: their places, and reasons that quote none of their values.
pub(in crate::engine::polars) fn unreadable(
    snapshot: &Snapshot,
    malformed: &Malformed,
    limit: usize,
) -> MaskedSamples {
    let rows = malformed.first.iter().take(limit).map(|row| MaskedRow {
        file: Some(name_of(&row.file, snapshot)),
        row: Some(row.row),
        line: Some(row.line),
        values: vec![("reason".to_owned(), Masked::of_none(Value::String(row.reason.clone())))],
        ..MaskedRow::default()
    });
    MaskedSamples::of_rows(rows.collect())
}

/// Wraps the name of a file, which contains values of the partition columns.
fn name_of(file: &str, snapshot: &Snapshot) -> Masked<String> {
    let columns: Vec<ColumnPath> = match &snapshot.rows {
        Rows::Files(files) => files.partition_columns().map(ColumnPath::column).collect(),
        Rows::Frame(_) => Vec::new(),
    };
    Masked::of(&columns, file.to_owned())
}

fn row_number() -> Expr {
    Expr::Column(PlSmallStr::from_static(ROW_COLUMN))
}

fn name(check: usize) -> String {
    format!("c{check}")
}

/// Returns the name of the column that collects the numbers of all failing rows of a check; its value is ignored.
fn all_name(check: usize) -> String {
    format!("a{check}")
}
