//! Judges data, and tells its valid rows from the others.

use std::ops::ControlFlow;
use std::time::Instant;

use arrow::datatypes::SchemaRef;
use roaring::RoaringTreemap;

use super::part::{Divider, quarantine_schema, valid_schema};
use super::reasons::{ERRORS, Reasons, WARNINGS};
use super::{PartBatch, Parts, SplitError, SplitOptions};
use crate::data::ColumnPath;
use crate::engine::RowRequest;
use crate::evaluate::Verdict;
use crate::privacy::Privacy;
use crate::run::{CheckOptions, FailingRows, Run, SuiteRun, now, run_finding_rows};
use crate::sink::Destination;
use crate::source::files::CHANGE_TYPE;
use crate::source::{Data, Identity, unversioned};
use crate::suite::{Check, OnFail, Suite};

/// The columns that the rows of a range of versions have besides their own.
const CHANGE_COLUMNS: [&str; 3] = [CHANGE_TYPE, "_commit_version", "_commit_timestamp"];

/// Data whose failing rows are known. [`read`](Self::read) gives the rows of both parts, and [`write`](Self::write) writes them.
pub struct Split {
    /// The run of the suite, as [`check`](crate::check) would return it.
    pub run: Run,
    pub(super) rows: FailingRows,
    /// The numbers of the rows that go to the quarantine.
    pub(super) quarantined: RoaringTreemap,
    /// The names of the columns that are written.
    columns: Vec<String>,
    /// A quarantine is data, and keeps what is personal.
    nothing_hidden: Privacy,
    pub(super) options: SplitOptions,
    /// The place of the data, if it has one.
    pub(super) place: Option<Destination>,
}

/// Judges data by a suite, and finds every row that fails. Reads the data, and writes nothing.
///
/// A row that fails a check with `on_fail: quarantine`, as every critical check of rows has it unless it says otherwise, goes to the
/// quarantine, whatever the check's limits say. Columns that an earlier split has added are made anew.
///
/// # Errors
/// The data or the failing rows of a check could not be judged, or a check with `on_fail: stop` failed.
pub fn split(suite: &Suite, data: impl Into<Data>, options: &SplitOptions) -> Result<Split, SplitError> {
    let started_at = options.check.now.unwrap_or_else(now);
    let start = Instant::now();
    let check = CheckOptions { now: Some(started_at), ..options.check.clone() };
    let data = data.into();
    let place = match &data {
        Data::Uri { uri, .. } => Some(Destination::new(unversioned(uri), check.storage.clone())),
        _ => None,
    };
    let (run, rows) = run_finding_rows(suite, data, &check);
    let run = Run::new(started_at, start.elapsed(), vec![run]);
    Split::new(run, rows, SplitOptions { check, ..options.clone() }, place)
}

impl Split {
    fn new(
        run: Run,
        rows: FailingRows,
        options: SplitOptions,
        place: Option<Destination>,
    ) -> Result<Self, SplitError> {
        let suite = only(&run)?;
        if let Some(reason) = &suite.error {
            return Err(SplitError::Unjudged { reason: reason.to_string() });
        }
        for (check, outcome) in suite.suite.checks.iter().zip(&suite.outcomes) {
            if outcome.verdict == Verdict::Error {
                let reason = outcome.reason.as_ref().map_or_else(String::new, ToString::to_string);
                return Err(SplitError::Unjudged { reason: format!("{}: {reason}", check.id) });
            }
        }
        let stops = suite.suite.checks.iter().zip(&suite.outcomes);
        let stops = stops
            .filter(|(check, outcome)| check.on_fail == OnFail::Stop && outcome.uncapped == Verdict::Fail);
        let checks: Vec<String> = stops.map(|(check, _)| check.id.clone()).collect();
        if !checks.is_empty() {
            return Err(SplitError::Stopped { checks });
        }
        let mut quarantined = RoaringTreemap::new();
        for (check, failing) in rows.by_check(suite)? {
            if check.on_fail == OnFail::Quarantine {
                quarantined |= failing;
            }
        }
        let columns = columns(&rows)?;
        Ok(Self { run, rows, quarantined, columns, nothing_hidden: Privacy::default(), options, place })
    }

    /// Returns what is read: all rows, as they are.
    fn request(&self) -> RowRequest<'_> {
        self.request_of(None)
    }

    fn request_of<'a>(&'a self, rows: Option<&'a RoaringTreemap>) -> RowRequest<'a> {
        RowRequest { columns: &self.columns, rows, privacy: &self.nothing_hidden }
    }

    /// Returns the run of the suite.
    pub(super) fn suite_run(&self) -> Result<&SuiteRun, SplitError> {
        only(&self.run)
    }

    /// Returns the identity of the data that was judged.
    pub(super) fn identity(&self) -> Result<&Identity, SplitError> {
        Ok(self.rows.opened()?.identity())
    }

    /// Returns the number of rows that go to the quarantine.
    #[must_use]
    pub fn quarantined(&self) -> u64 {
        self.quarantined.len()
    }

    /// Returns the columns of valid rows.
    ///
    /// # Errors
    /// Arrow has no such type as a column has.
    pub fn valid_schema(&self) -> Result<SchemaRef, SplitError> {
        Ok(valid_schema(&self.rows.schema(self.request(), &self.options.check)?, self.options.warnings))
    }

    /// Returns the columns of rows in the quarantine: those of the data, and the lists of reasons [`ERRORS`] and [`WARNINGS`].
    ///
    /// # Errors
    /// Arrow has no such type as a column has.
    pub fn quarantine_schema(&self) -> Result<SchemaRef, SplitError> {
        Ok(quarantine_schema(&self.rows.schema(self.request(), &self.options.check)?))
    }

    /// Reads all rows of both parts into memory.
    ///
    /// # Errors
    /// The data cannot be read, or has changed since it was judged.
    pub fn collect(&self) -> Result<Parts, SplitError> {
        let mut parts = Parts::default();
        self.read(&mut |batch| {
            parts.valid.extend(batch.valid);
            parts.quarantine.extend(batch.quarantine);
            ControlFlow::Continue(())
        })?;
        Ok(parts)
    }

    /// Reads all rows in their order, a batch at a time, and gives them to `take`, divided into both parts, until it breaks off.
    ///
    /// # Errors
    /// The data cannot be read, or has changed since it was judged.
    pub fn read(&self, take: &mut dyn FnMut(PartBatch) -> ControlFlow<()>) -> Result<(), SplitError> {
        self.read_of(self.request(), take)
    }

    /// Reads the rows that go to the quarantine alone.
    pub(super) fn read_quarantined(
        &self,
        take: &mut dyn FnMut(PartBatch) -> ControlFlow<()>,
    ) -> Result<(), SplitError> {
        self.read_of(self.request_of(Some(&self.quarantined)), take)
    }

    fn read_of(
        &self,
        request: RowRequest<'_>,
        take: &mut dyn FnMut(PartBatch) -> ControlFlow<()>,
    ) -> Result<(), SplitError> {
        let suite = only(&self.run)?;
        let (aside, others): (Vec<_>, Vec<_>) = self
            .rows
            .by_check(suite)?
            .into_iter()
            .partition(|(check, _)| check.on_fail == OnFail::Quarantine);
        let reasons = |of: &[(&Check, _)]| Reasons::of(of, suite, &self.run.id);
        let divider = Divider {
            quarantined: &self.quarantined,
            errors: reasons(&aside)?,
            warnings: reasons(&others)?,
            warns_valid: self.options.warnings,
        };
        let mut failed = None;
        self.rows.read(request, &self.options.check, &mut |batch| match divider.divide(batch) {
            Ok(parts) => parts.into_iter().try_for_each(&mut *take),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Returns the run of the only suite of a split.
fn only(run: &Run) -> Result<&SuiteRun, SplitError> {
    run.suites.first().ok_or_else(|| SplitError::Unjudged { reason: "the run has no suite".to_owned() })
}

/// Returns the columns of the data, without the reasons of an earlier split.
fn columns(rows: &FailingRows) -> Result<Vec<String>, SplitError> {
    let data = rows.opened()?;
    let schema = data.schema();
    let is_change = |name: &str| data.identity().changes_from.is_some() && CHANGE_COLUMNS.contains(&name);
    let names = schema.names().filter(|name| ![ERRORS, WARNINGS].contains(name) && !is_change(name));
    names
        .map(|name| match schema.unread(&ColumnPath::column(name)) {
            Some(reason) => Err(SplitError::Unread { column: name.to_owned(), reason }),
            None => Ok(name.to_owned()),
        })
        .collect()
}
