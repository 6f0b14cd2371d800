//! The columns that say why a row is where it is: one list of reasons for each row, one reason for each check that it fails.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, ListBuilder, StringArray, StringBuilder, StructArray, UInt32Array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use arrow::error::ArrowError;
use roaring::RoaringTreemap;

use crate::run::SuiteRun;
use crate::suite::Check;

/// The column with the checks for which a row was put aside.
pub const ERRORS: &str = "_karat_errors";
/// The column with the other checks that a row fails.
pub const WARNINGS: &str = "_karat_warnings";

/// The checks that give reasons of one kind, with the rows that fail them.
#[derive(Debug)]
pub(crate) struct Reasons<'a> {
    /// For each check, the numbers of the rows that fail it.
    failing: Vec<&'a RoaringTreemap>,
    /// For each check, the reason.
    each: StructArray,
}

impl<'a> Reasons<'a> {
    /// Makes the reasons of checks of a run.
    pub(crate) fn of(
        checks: &[(&Check, &'a RoaringTreemap)],
        run: &SuiteRun,
        run_id: &str,
    ) -> Result<Self, ArrowError> {
        let texts = |text: &dyn Fn(&Check) -> String| -> ArrayRef {
            Arc::new(checks.iter().map(|(check, _)| Some(text(check))).collect::<StringArray>())
        };
        let mut columns = ListBuilder::new(StringBuilder::new()).with_field(element(DataType::Utf8));
        for (check, _) in checks {
            let of_check =
                run.outcome(&check.id).map(|outcome| outcome.columns.as_slice()).unwrap_or_default();
            columns.append_value(of_check.iter().map(|column| Some(column.to_string())));
        }
        let arrays: Vec<ArrayRef> = vec![
            texts(&|check| check.id.clone()),
            texts(&|check| check.definition.id.to_owned()),
            Arc::new(columns.finish()),
            texts(&message),
            texts(&|_| run_id.to_owned()),
            texts(&|_| run.suite.digest.clone()),
        ];
        let each = StructArray::try_new(fields(), arrays, None)?;
        Ok(Self { failing: checks.iter().map(|(_, failing)| *failing).collect(), each })
    }

    /// Returns the column for rows with these numbers.
    pub(crate) fn column(&self, numbers: &[u64]) -> Result<ArrayRef, ArrowError> {
        let mut indices = Vec::new();
        let lengths = numbers.iter().map(|number| {
            let before = indices.len();
            let failing = (0_u32..).zip(&self.failing).filter(|(_, failing)| failing.contains(*number));
            indices.extend(failing.map(|(index, _)| index));
            indices.len() - before
        });
        let offsets = OffsetBuffer::<i32>::from_lengths(lengths.collect::<Vec<_>>());
        let reasons = take(&self.each, &UInt32Array::from(indices), None)?;
        Ok(Arc::new(ListArray::try_new(element(reason()), offsets, reasons, None)?))
    }
}

/// Returns the field of a column of reasons.
pub(crate) fn field(name: &str) -> Field {
    Field::new(name, DataType::List(element(reason())), false)
}

/// Returns the type of a reason.
fn reason() -> DataType {
    DataType::Struct(fields())
}

fn fields() -> Fields {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let columns = Field::new("columns", DataType::List(element(DataType::Utf8)), false);
    let fields =
        [text("check"), text("expectation"), columns, text("message"), text("run_id"), text("suite_digest")];
    fields.into_iter().collect()
}

fn element(of: DataType) -> FieldRef {
    Arc::new(Field::new("element", of, true))
}

/// Says what a row had to be: `status: in_set [O, F, P]`.
fn message(check: &Check) -> String {
    match &check.column {
        Some(column) => format!("{column}: {}", check.demand()),
        None => check.demand(),
    }
}
