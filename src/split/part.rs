//! Divides a batch of rows into its parts.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::compute::{filter_record_batch, not};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use roaring::RoaringTreemap;

use super::reasons::{ERRORS, Reasons, WARNINGS, field};
use crate::engine::RowBatch;

/// Number of rows in a run of valid rows below which they are copied.
const SHORT_RUN: usize = 256;

/// The rows of a batch, by the part to which they belong; `None` where a part has none of them.
#[derive(Debug)]
pub struct PartBatch {
    /// The valid rows.
    pub valid: Option<RecordBatch>,
    /// The rows for the quarantine, with their reasons.
    pub quarantine: Option<RecordBatch>,
}

/// All rows, by the part to which they belong, in their order.
#[derive(Debug, Default)]
pub struct Parts {
    /// The valid rows.
    pub valid: Vec<RecordBatch>,
    /// The rows for the quarantine, with their reasons.
    pub quarantine: Vec<RecordBatch>,
}

/// What divides batches.
pub(super) struct Divider<'a> {
    /// The numbers of the rows that go to the quarantine.
    pub(super) quarantined: &'a RoaringTreemap,
    pub(super) errors: Reasons<'a>,
    pub(super) warnings: Reasons<'a>,
    /// True if valid rows carry their warnings.
    pub(super) warns_valid: bool,
}

/// Returns the columns of valid rows.
pub(super) fn valid_schema(rows: &SchemaRef, with_warnings: bool) -> SchemaRef {
    if with_warnings { extended(rows, &[WARNINGS]) } else { Arc::clone(rows) }
}

/// Returns the columns of rows in the quarantine.
pub(super) fn quarantine_schema(rows: &SchemaRef) -> SchemaRef {
    extended(rows, &[ERRORS, WARNINGS])
}

fn extended(rows: &SchemaRef, names: &[&str]) -> SchemaRef {
    let own = rows.fields().iter().cloned();
    Arc::new(Schema::new(own.chain(names.iter().map(|name| Arc::new(field(name)))).collect::<Vec<_>>()))
}

impl Divider<'_> {
    /// Divides a batch into parts, which keep the order of its rows. Where runs of valid rows are long, each is a part that
    /// shares the memory of the batch, for to copy them takes longer than to write a few parts more.
    pub(super) fn divide(&self, batch: RowBatch) -> Result<Vec<PartBatch>, ArrowError> {
        let RowBatch { numbers, values } = batch;
        let is_quarantined = self.are_quarantined(&numbers);
        let runs: Vec<Range<usize>> = runs_of(&is_quarantined, false).collect();
        if let [run] = runs.as_slice()
            && *run == (0..numbers.len())
        {
            return Ok(vec![PartBatch { valid: self.valid(values, &numbers)?, quarantine: None }]);
        }
        let numbers_of = |wanted: bool| -> Vec<u64> {
            runs_of(&is_quarantined, wanted).flat_map(|run| numbers[run].iter().copied()).collect()
        };
        let (kept, aside) = (numbers_of(false), numbers_of(true));
        let mask = BooleanArray::from(is_quarantined.clone());
        let quarantine = self.quarantine(&filter_record_batch(&values, &mask)?, &aside)?;
        if runs.len() * SHORT_RUN > kept.len() {
            let valid = self.valid(filter_record_batch(&values, &not(&mask)?)?, &kept)?;
            return Ok(vec![PartBatch { valid, quarantine }]);
        }
        let valid = runs.into_iter().map(|run| {
            let rows = values.slice(run.start, run.len());
            Ok(PartBatch { valid: self.valid(rows, &numbers[run])?, quarantine: None })
        });
        std::iter::once(Ok(PartBatch { valid: None, quarantine })).chain(valid).collect()
    }

    /// Returns of each row whether it goes to the quarantine. Numbers of a batch ascend.
    fn are_quarantined(&self, numbers: &[u64]) -> Vec<bool> {
        let mut quarantined = self.quarantined.iter();
        quarantined.advance_to(numbers.first().copied().unwrap_or_default());
        let mut quarantined = quarantined.peekable();
        let is_next = |number: &u64| {
            while quarantined.next_if(|row| row < number).is_some() {}
            quarantined.next_if_eq(number).is_some()
        };
        numbers.iter().map(is_next).collect()
    }

    fn valid(&self, rows: RecordBatch, numbers: &[u64]) -> Result<Option<RecordBatch>, ArrowError> {
        if rows.num_rows() == 0 {
            return Ok(None);
        }
        if !self.warns_valid {
            return Ok(Some(rows));
        }
        let schema = valid_schema(&rows.schema(), true);
        with_columns(&rows, schema, [self.warnings.column(numbers)?]).map(Some)
    }

    fn quarantine(&self, rows: &RecordBatch, numbers: &[u64]) -> Result<Option<RecordBatch>, ArrowError> {
        if rows.num_rows() == 0 {
            return Ok(None);
        }
        let reasons = [self.errors.column(numbers)?, self.warnings.column(numbers)?];
        with_columns(rows, quarantine_schema(&rows.schema()), reasons).map(Some)
    }
}

/// Returns the ranges of neighbours that are equal to a value.
fn runs_of(values: &[bool], wanted: bool) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    let runs = values.chunk_by(|one, other| one == other).map(move |run| {
        let start = end;
        end += run.len();
        (run.first() == Some(&wanted)).then_some(start..end)
    });
    runs.flatten()
}

fn with_columns(
    rows: &RecordBatch,
    schema: SchemaRef,
    columns: impl IntoIterator<Item = ArrayRef>,
) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_new(schema, rows.columns().iter().cloned().chain(columns).collect())
}
