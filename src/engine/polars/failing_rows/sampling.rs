//! Builds the queries that select the first failing rows of each check, and turns these rows into samples.

use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::{
    Column, DataFrame, DataType as PlType, Expr, Field as PlField, IntoColumn as _, IntoSeries as _,
    LazyFrame, PlSmallStr, PolarsResult, Series, SortMultipleOptions, StructChunked, as_struct, lit,
};
use polars_ops::series::is_in;

use crate::data::{ColumnPath, Value};
use crate::engine::polars::expression::{to_polars, value_series};
use crate::engine::polars::metrics::sequences;
use crate::engine::polars::query::{COUNTED, FirstRows, NUMBER, cell, of_rows};
use crate::engine::polars::snapshot::{Rows, Snapshot};
use crate::engine::polars::uniqueness::collisions::CollisionCheck;
use crate::engine::{EngineError, MetricError};
use crate::expectation::FailureRule;
use crate::metric::{Grouping, Measured, MetricId, PerMetric, Sequence};
use crate::plan::{FailingCount, JudgedBy, Plan};
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
}

/// The way in which failing rows are found.
enum RowSelector<'a> {
    Where(Expr),
    OutOfOrder(&'a Sequence),
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
        RowSelector::OutOfOrder(_) => None,
    });
    let conditions = conditions.chain(collisions.iter().map(|check| Some(check.condition())));
    conditions.collect::<Option<Vec<Expr>>>()?.into_iter().reduce(Expr::or)
}

impl FailingCheck<'_> {
    /// Returns how the first failing rows are fetched, with their number, key and values.
    pub(super) fn fetch(&self, plan: &Plan, frame: &LazyFrame) -> FetchMethod {
        let limit = if counts_values(plan, self) { COUNTED.max(self.limit) } else { self.limit };
        let number = Expr::Column(PlSmallStr::from_static(ROW_COLUMN)).alias(NUMBER);
        let fields = named(&plan.checks[self.check].key.columns, plan, "key").chain(named(
            self.columns.iter().copied(),
            plan,
            "value",
        ));
        match &self.rows {
            RowSelector::Where(condition) => {
                let kept = FirstRows::new(limit);
                let keep = kept.keep(condition, number, fields.collect()).alias(name(self.check));
                FetchMethod::Kept { kept, keep: Box::new(keep) }
            }
            RowSelector::OutOfOrder(sequence) => {
                let row = as_struct(std::iter::once(number).chain(fields).collect());
                let out_of_order = |row: Expr| row.filter(sequences::out_of_order(sequence));
                let number = sequences::carried(0).struct_().field_by_name(NUMBER);
                let rows = out_of_order(sequences::carried(0))
                    .sort_by([out_of_order(number)], SortMultipleOptions::default())
                    .head(Some(limit));
                let ordered = sequences::in_order(frame, sequence, vec![row], self.check);
                FetchMethod::Queried(Box::new(ordered.select([rows.alias(name(self.check))])))
            }
        }
    }

    /// Returns the rows that the check's own query gave.
    pub(super) fn queried(&self, found: &DataFrame) -> Result<Vec<Value>, EngineError> {
        (0..found.height()).map(|row| cell(found, &name(self.check), row)).collect()
    }
}

/// The way in which failing rows are fetched.
pub(super) enum FetchMethod {
    /// By an expression of the query that all checks share.
    Kept {
        /// The rows that the expression keeps.
        kept: Arc<FirstRows>,
        /// The expression.
        keep: Box<Expr>,
    },
    /// By a query of its own.
    Queried(Box<LazyFrame>),
}

/// Returns the checks that have failing rows, or may have some.
pub(in crate::engine::polars) fn failing_checks<'a>(
    plan: &'a Plan,
    values: &PerMetric<Result<Measured, MetricError>>,
    collisions: &[CollisionCheck<'_>],
    conditions: &[Result<Typed, MetricError>],
) -> Vec<FailingCheck<'a>> {
    let mut wanted = Vec::new();
    for (index, check) in plan.checks.iter().enumerate().filter(|(_, check)| check.samples > 0) {
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
            (FailureRule::Unmatched(lookup), _) => {
                keys.and_then(|keys| among(&lookup.grouping, keys)).map(RowSelector::Where)
            }
            (FailureRule::OutOfOrder(sequence), _) => Some(RowSelector::OutOfOrder(sequence)),
            (FailureRule::MeasuredCondition { .. }, FailingCount::Dependent(position)) => {
                conditions[*position].as_ref().ok().map(|condition| RowSelector::Where(to_polars(condition)))
            }
            (FailureRule::MeasuredCondition { .. }, FailingCount::Metric(_)) => None,
        };
        if let Some(rows) = rows {
            let columns = check.columns.iter().collect();
            let counted_by = match (&rule.fails, failing) {
                (FailureRule::Condition(_), FailingCount::Metric(metric)) => Some(*metric),
                _ => None,
            };
            wanted.push(FailingCheck { check: index, counted_by, rows, columns, limit: check.samples });
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
        value_series(&values, &key.data_type).with_name(PlSmallStr::from(name(index)))
    });
    let wanted: Vec<Series> = wanted.collect();
    let fields: Vec<PlField> = wanted.iter().map(|values| values.field().into_owned()).collect();
    let wanted = StructChunked::from_series(PlSmallStr::EMPTY, keys.len(), wanted.iter()).ok()?;
    let wanted = wanted.into_series().implode().ok()?.into_series();
    let found = of_rows(grouping, PlType::Boolean, move |rows| {
        // Cast to the type of the values: the engine may compute in a wider type.
        let part =
            |(key, field): (&Column, &PlField)| Ok(key.cast(field.dtype())?.with_name(field.name().clone()));
        let parts: Vec<Column> = rows.keys.iter().zip(&fields).map(part).collect::<PolarsResult<_>>()?;
        let keys = StructChunked::from_columns(PlSmallStr::EMPTY, rows.grouped.len(), &parts)?;
        Ok((is_in(&keys.into_series(), &wanted, true)? & rows.grouped.clone()).into_column())
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

fn name(check: usize) -> String {
    format!("c{check}")
}
