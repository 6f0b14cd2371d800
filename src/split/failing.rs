//! All failing rows of a table, with their reasons, as they may be shown.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::ArrayRef;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use roaring::RoaringTreemap;

use super::SplitError;
use super::reasons::{ERRORS, Reasons, field};
use crate::data::ColumnPath;
use crate::engine::{RowBatch, RowRequest};
use crate::privacy::Privacy;
use crate::run::{CheckOptions, FailingRows, Run, now, run_finding_rows};
use crate::source::Data;
use crate::suite::{Check, Suite};

/// All failing rows of a table. [`read`](Self::read) gives them with all their columns and their reasons, in their order.
pub struct AllFailing {
    /// The run of the suite, as [`check`](crate::check) would return it.
    pub run: Run,
    rows: FailingRows,
    /// The numbers of the rows that fail any of the checks.
    failing: RoaringTreemap,
    columns: Vec<String>,
    privacy: Privacy,
    options: CheckOptions,
}

/// Judges data by a suite, and finds every row that fails one of the selected checks. Personal columns of the suite hold null or
/// hashes, as its mask says.
///
/// `columns` are those that are wanted, all if empty.
///
/// # Errors
/// The data or the failing rows of a check could not be judged, or a column is not there.
pub fn failing_rows(
    suite: &Suite,
    data: impl Into<Data>,
    columns: &[String],
    options: &CheckOptions,
) -> Result<AllFailing, SplitError> {
    let started_at = options.now.unwrap_or_else(now);
    let start = Instant::now();
    let options = CheckOptions { now: Some(started_at), ..options.clone() };
    let (run, rows) = run_finding_rows(suite, data.into(), &options);
    if let Some(reason) = &run.error {
        return Err(SplitError::Unjudged { reason: reason.to_string() });
    }
    let mut failing = RoaringTreemap::new();
    for (_, of_check) in rows.by_check(&run)? {
        failing |= of_check;
    }
    let columns = wanted(&rows, columns)?;
    let privacy = run.suite.privacy();
    let run = Run::new(started_at, start.elapsed(), vec![run]);
    Ok(AllFailing { run, rows, failing, columns, privacy, options })
}

impl AllFailing {
    /// Returns the number of failing rows.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.failing.len()
    }

    /// Returns the columns of the rows: those of the data that are wanted, and the list of reasons [`ERRORS`].
    ///
    /// # Errors
    /// Arrow has no such type as a column has.
    pub fn schema(&self) -> Result<SchemaRef, SplitError> {
        Ok(with_reasons(&self.rows.schema(self.request(), &self.options)?))
    }

    /// Reads the failing rows in their order, a batch at a time, and gives them to `take` until it breaks off.
    ///
    /// # Errors
    /// The data cannot be read, or has changed since it was judged.
    pub fn read(&self, take: &mut dyn FnMut(RecordBatch) -> ControlFlow<()>) -> Result<(), SplitError> {
        let Some(suite) = self.run.suites.first().filter(|_| !self.failing.is_empty()) else { return Ok(()) };
        let checks: Vec<(&Check, &RoaringTreemap)> = self.rows.by_check(suite)?;
        let reasons = Reasons::of(&checks, suite, &self.run.id)?;
        let mut failed = None;
        self.rows.read(self.request(), &self.options, &mut |RowBatch { numbers, values }| {
            let batch = reasons.column(&numbers).and_then(|reasons: ArrayRef| {
                let columns = values.columns().iter().cloned().chain([reasons]);
                RecordBatch::try_new(with_reasons(&values.schema()), columns.collect())
            });
            match batch {
                Ok(batch) => take(batch),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    fn request(&self) -> RowRequest<'_> {
        RowRequest { columns: &self.columns, rows: Some(&self.failing), privacy: &self.privacy }
    }
}

fn with_reasons(rows: &SchemaRef) -> SchemaRef {
    let own = rows.fields().iter().cloned();
    Arc::new(Schema::new(own.chain([Arc::new(field(ERRORS))]).collect::<Vec<_>>()))
}

/// Returns the columns to read: those that are named, or all that can be read.
fn wanted(rows: &FailingRows, names: &[String]) -> Result<Vec<String>, SplitError> {
    let schema = rows.opened()?.schema();
    if names.is_empty() {
        let readable = schema.names().filter(|name| schema.unread(&ColumnPath::column(*name)).is_none());
        return Ok(readable.filter(|name| *name != ERRORS).map(str::to_owned).collect());
    }
    for name in names {
        let column = ColumnPath::column(name);
        if let Some(reason) = schema.unread(&column) {
            return Err(SplitError::Unread { column: name.clone(), reason });
        }
        schema
            .resolve(&column)
            .map_err(|error| SplitError::NoColumn { message: error.message, help: error.help })?;
    }
    Ok(names.to_vec())
}
