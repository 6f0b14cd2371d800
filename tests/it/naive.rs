//! A second engine, with rows in memory and a loop for every metric. karat's own tests pass on this engine,
//! which shows that nothing but the Polars engine depends on Polars.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "naive arithmetic is the purpose"
)]

pub(crate) mod kinds;
mod metrics;
mod table;
mod terms;

use std::ops::ControlFlow;

use arrow::datatypes::SchemaRef;
use karat::data::{Dialect, Value};
use karat::engine::{
    Control, Engine, EngineError, Execution, Measurements, MetricError, OtherDatasets, RowBatch, RowRequest,
    Strategy, Support,
};
use karat::expectation::FailureRule;
use karat::metric::{Measured, Metric};
use karat::plan::{FailingCount, JudgedBy, Plan, PlannedCheck};
use karat::predicate::Typed;
use karat::privacy::{Masked, MaskedRow, MaskedSamples};
use karat::source::{Data, Opened, SourceError, StorageOptions};

use metrics::{grouped, measured, out_of_order, rows_of, unmatched_rows};
use table::Table;

/// Returns the schema and the rows of a frame.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn of_frame(frame: &polars::prelude::DataFrame) -> (karat::data::Schema, Vec<Vec<Value>>) {
    let Table { schema, rows, .. } = Table::of(frame).unwrap();
    (schema, rows)
}

/// An engine that measures frames row by row.
pub struct Naive;

impl Engine for Naive {
    fn name(&self) -> String {
        "naive".to_owned()
    }

    fn open(&self, data: Data, _: &StorageOptions, _: &Dialect) -> Result<Box<dyn Opened>, SourceError> {
        match data {
            Data::Lazy(frame) => Ok(Box::new(Table::of(&frame.collect().unwrap())?)),
            Data::Uri { uri, .. } => {
                Err(SourceError::Unsupported { uri, reason: "the naive engine reads no files".to_owned() })
            }
            _ => Err(SourceError::Unsupported { uri: String::new(), reason: "it takes frames".to_owned() }),
        }
    }

    fn support(&self, metric: &Metric) -> Support {
        if metric.is_query() {
            Support::Refused("the naive engine has no SQL".to_owned())
        } else {
            Support::Measured
        }
    }

    fn strategy(
        &self,
        plan: &Plan,
        _: &dyn Opened,
        _: &OtherDatasets<'_>,
        _: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        Ok(Strategy::one_read(plan))
    }

    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        _: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let table = Table::from_opened(data).ok_or(EngineError::Foreign)?;
        let rows = rows_of(table, &Typed::always());
        let other = |metric: &Metric| {
            let opened = others.get(metric.dataset()?)?;
            Table::from_opened(*opened)
        };
        let found = plan.metrics.map(|metric| match self.support(metric) {
            Support::Refused(reason) => Err(MetricError::Unsupported(reason)),
            _ => measured(metric, &rows, other(metric)).map_err(MetricError::Undefined),
        });
        let condition = |dependent: &karat::plan::DependentCount| -> Result<Typed, MetricError> {
            let values: Vec<Measured> =
                dependent.metrics.iter().map(|id| found[*id].clone()).collect::<Result<_, _>>()?;
            dependent.condition.of(&values).map_err(MetricError::Undefined)
        };
        let conditions: Vec<_> = plan.dependent.iter().map(condition).collect();
        let dependent = conditions.iter().map(|condition| match condition {
            Ok(condition) => Ok(rows.iter().filter(|(_, row)| row.holds(condition)).count() as u64),
            Err(error) => Err(error.clone()),
        });
        let dependent = dependent.collect();
        let failing = plan.checks.iter().map(|check| failing(check, table, others, &conditions));
        let failing: Vec<Vec<usize>> = failing.collect();
        let samples =
            plan.checks.iter().zip(&failing).map(|(check, rows)| samples(check, table, rows)).collect();
        let failing_rows = failing.iter().map(|rows| rows.iter().map(|row| *row as u64).collect()).collect();
        let execution = Execution { scans: 1, rows_read: rows.len() as u64, ..Execution::default() };
        let proved = plan.metrics.map(|_| karat::engine::Proved::default());
        Ok(Measurements {
            measured: found,
            proved,
            dependent,
            samples,
            failing_rows,
            execution,
            ..Measurements::default()
        })
    }

    fn row_schema(&self, _: &dyn Opened, _: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
        Err(EngineError::Foreign)
    }

    fn read_rows(
        &self,
        _: &dyn Opened,
        _: RowRequest<'_>,
        _: Control<'_>,
        _: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        Err(EngineError::Foreign)
    }
}

/// Returns the numbers of the rows that fail a check.
fn failing(
    check: &PlannedCheck,
    table: &Table,
    others: &OtherDatasets<'_>,
    conditions: &[Result<Typed, MetricError>],
) -> Vec<usize> {
    let Ok(JudgedBy::Rows { rule, failing, .. }) = &check.judged_by else { return Vec::new() };
    let considered = rows_of(table, &rule.considered);
    let where_true = |condition: &Typed| -> Vec<usize> {
        rows_of(table, condition).into_iter().map(|(number, _)| number).collect()
    };
    let mut numbers = match (&rule.fails, failing) {
        (FailureRule::Condition(condition), _) => where_true(condition),
        (FailureRule::Duplicate { keys }, _) => {
            let repeated = grouped(&considered, keys).into_iter().filter(|group| group.rows.len() > 1);
            repeated.flat_map(|group| group.rows).map(|(number, _)| number).collect()
        }
        (FailureRule::OutOfOrder(sequence), _) => out_of_order(sequence, &rows_of(table, &sequence.filter)),
        (FailureRule::MeasuredCondition { .. }, FailingCount::Dependent(position)) => {
            conditions[*position].as_ref().map(where_true).unwrap_or_default()
        }
        (FailureRule::Unmatched(lookup), _) => {
            let there = others.get(&lookup.dataset).and_then(|other| Table::from_opened(*other));
            there
                .map(|there| unmatched_rows(lookup, &rows_of(table, &lookup.grouping.filter), there))
                .unwrap_or_default()
        }
        _ => Vec::new(),
    };
    numbers.sort_unstable();
    numbers
}

/// Returns the first failing rows of a check; none of a lookup, of which the engine shows others.
fn samples(check: &PlannedCheck, table: &Table, failing: &[usize]) -> MaskedSamples {
    if matches!(&check.judged_by, Ok(JudgedBy::Rows { rule, .. }) if matches!(rule.fails, FailureRule::Unmatched(_)))
    {
        return MaskedSamples::default();
    }
    let named = |number: usize, columns: &[karat::data::ColumnPath]| -> Vec<(String, Masked<Value>)> {
        let row = terms::Row { schema: &table.schema, values: &table.rows[number] };
        let value = |path| row.value(&Typed::column(path, &karat::data::DataType::Boolean));
        columns.iter().map(|path| (path.to_string(), Masked::of([path], value(path)))).collect()
    };
    let row = |number: usize| MaskedRow {
        row: Some(number as u64),
        position: Some(number as u64),
        key: named(number, &check.key.columns),
        values: named(number, &check.columns),
        ..MaskedRow::default()
    };
    MaskedSamples::of_rows(failing.iter().take(check.samples).copied().map(row).collect())
}
