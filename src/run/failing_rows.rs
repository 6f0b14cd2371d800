//! Checks data against a suite, and finds every row that fails a check.

use std::ops::ControlFlow;

use arrow::datatypes::SchemaRef;
use chrono::{DateTime, Utc};
use roaring::RoaringTreemap;

use super::bound::{OpenedData, open};
use super::check::{controlled, judged, measure, only, run_caught, unbound, unjudged};
use super::{CheckOptions, SuiteRun, untrusted};
use crate::data::ColumnPath;
use crate::engine::{EngineError, RowBatch, RowRequest};
use crate::evaluate::Verdict;
use crate::plan::Plan;
use crate::source::{Data, Opened};
use crate::suite::{Check, Suite};

/// Every row that fails a check of a run, and the data that was judged.
#[derive(Default)]
pub struct FailingRows {
    /// For each check of the suite, the numbers of its failing rows. They run through the rows of all files of the data,
    /// deleted ones included.
    pub of_checks: Vec<RoaringTreemap>,
    /// The data; `None` if it could not be opened.
    data: Option<OpenedData>,
    /// What was measured.
    plan: Option<Plan>,
}

/// The failing rows of a check are not known, so that its rows cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the failing rows of {check} are not known: {reason}")]
pub struct UnknownRows {
    /// The id of the check.
    pub check: String,
    /// The reason.
    pub reason: String,
}

/// Checks data against a suite, and finds every row that fails.
pub fn run_finding_rows(suite: &Suite, data: Data, options: &CheckOptions) -> (SuiteRun, FailingRows) {
    let uri = data.uri();
    let mut rows = FailingRows::default();
    let runs = run_caught(&[suite], &uri, options, || vec![find(suite, data, options, &uri, &mut rows)]);
    (only(suite, runs), rows)
}

/// Judges data, and adds what was found to `rows`.
fn find(suite: &Suite, data: Data, options: &CheckOptions, uri: &str, rows: &mut FailingRows) -> SuiteRun {
    let opened = match open(&[suite], data, options) {
        Ok(opened) => opened,
        Err(error) => {
            let message = suite.privacy().text(&untrusted(&error));
            return unjudged(suite.clone(), uri, None, message, error.help(), options);
        }
    };
    let is_there = |column: &ColumnPath| opened.snapshot.schema().resolve(column).is_ok();
    let suite = Suite::sharing_personal(&[suite], is_there).pop().unwrap_or_else(|| suite.clone());
    let run = match opened.plan(&suite, options, true) {
        Err(error) => unbound(suite, &error, &opened, options, uri),
        Ok(plan) => {
            let measured = measure(&plan, opened.snapshot.as_ref(), &opened.others, options);
            let mut measured = measured.map_err(|error| error.untrusted());
            if let Ok(measured) = &mut measured {
                rows.of_checks = std::mem::take(&mut measured.failing_rows);
            }
            let run = judged(suite, &plan, measured, &opened, options, uri);
            rows.plan = Some(plan);
            run
        }
    };
    rows.data = Some(opened);
    run
}

impl FailingRows {
    /// Returns the checks of the run that judge single rows, each with the numbers of its failing rows.
    ///
    /// # Errors
    /// The failing rows of a check are not known, or not as many as it counts.
    pub fn by_check<'a>(
        &'a self,
        run: &'a SuiteRun,
    ) -> Result<Vec<(&'a Check, &'a RoaringTreemap)>, UnknownRows> {
        let mut found = Vec::new();
        for (index, (check, outcome)) in run.suite.checks.iter().zip(&run.outcomes).enumerate() {
            let unknown = |reason: String| UnknownRows { check: check.id.clone(), reason };
            if !check.judges_rows() || outcome.verdict == Verdict::Skip {
                continue;
            }
            let Some(counts) = outcome.counts.as_ref().filter(|_| outcome.verdict != Verdict::Error) else {
                let reason = outcome.reason.as_ref().map_or_else(String::new, ToString::to_string);
                return Err(unknown(format!("it could not be evaluated: {reason}")));
            };
            let rows = self.of_checks.get(index).ok_or_else(|| unknown("none were looked for".to_owned()))?;
            if rows.len() != counts.failing {
                return Err(unknown(format!("{} were found, and {} counted", rows.len(), counts.failing)));
            }
            found.push((check, rows));
        }
        Ok(found)
    }

    /// Returns the Arrow types of the columns of a request, as [`read`](Self::read) gives them.
    ///
    /// # Errors
    /// The data was not opened, or Arrow has no such type.
    pub fn schema(&self, request: RowRequest<'_>, options: &CheckOptions) -> Result<SchemaRef, EngineError> {
        options.engine.row_schema(self.opened()?, request)
    }

    /// Reads rows of the judged data in their order.
    ///
    /// # Errors
    /// The data cannot be read, has changed since it was judged, or the run was cancelled.
    pub fn read(
        &self,
        request: RowRequest<'_>,
        options: &CheckOptions,
        take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        let data = self.opened()?;
        controlled(options, |control| options.engine.read_rows(data, request, control, take))
    }

    /// Returns the data.
    ///
    /// # Errors
    /// It was not opened.
    pub fn opened(&self) -> Result<&dyn Opened, EngineError> {
        self.data.as_ref().map(|data| data.snapshot.as_ref()).ok_or(EngineError::Foreign)
    }

    /// Returns whether the same rows would fail if another time counted as now.
    #[must_use]
    pub fn are_same_at(&self, now: DateTime<Utc>, run: &SuiteRun, options: &CheckOptions) -> bool {
        let (Some(data), Some(plan)) = (&self.data, &self.plan) else { return false };
        data.plan_at(now, &run.suite, options, true).is_ok_and(|other| other == *plan)
    }
}
