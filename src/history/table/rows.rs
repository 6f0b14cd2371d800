//! The rows of a run.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use serde_json::{Value as Json, json};

use super::columns::{COLUMNS, Column, RUN_ID, arrow_schema};
use crate::history::record::{CheckRecord, RunRecord, SuiteRecord};
use crate::report::{CheckReport, Report, SuiteReport};

/// A row: of a check, or of a suite that has none.
pub(super) struct Row<'a> {
    pub(super) run: &'a RunRecord,
    /// The report without its suites, in the first row of the run.
    pub(super) run_json: Option<String>,
    pub(super) suite_position: usize,
    pub(super) suite: &'a SuiteRecord,
    pub(super) suite_report: &'a SuiteReport,
    /// The report of the suite without its checks, in the first row of the suite.
    pub(super) suite_json: Option<String>,
    pub(super) check: Option<CheckRow<'a>>,
}

/// What a row has of a check.
pub(super) struct CheckRow<'a> {
    pub(super) position: usize,
    pub(super) record: &'a CheckRecord,
    pub(super) report: &'a CheckReport,
    pub(super) demand: Option<String>,
    pub(super) json: String,
}

/// Returns the rows of a run.
pub(super) fn batch(record: &RunRecord, report: &Report) -> Result<RecordBatch, String> {
    let rows = rows(record, report).map_err(|error| error.to_string())?;
    let columns: Vec<ArrayRef> = COLUMNS.iter().map(|column: &Column| column.array(&rows)).collect();
    RecordBatch::try_new(Arc::new(arrow_schema()), columns).map_err(|error| error.to_string())
}

/// Returns the same rows under another id of their run.
pub(super) fn renamed(batch: &RecordBatch, id: &str) -> Result<RecordBatch, ArrowError> {
    let mut columns = batch.columns().to_vec();
    if let Some(place) = COLUMNS.iter().position(|column| column.name == RUN_ID) {
        columns[place] = Arc::new(std::iter::repeat_n(Some(id), batch.num_rows()).collect::<StringArray>());
    }
    RecordBatch::try_new(batch.schema(), columns)
}

fn rows<'a>(run: &'a RunRecord, report: &'a Report) -> serde_json::Result<Vec<Row<'a>>> {
    let mut whole = serde_json::to_value(report)?;
    let suite_values = parts(&mut whole, "suites");
    let mut run_json = Some(whole.to_string());
    let mut rows = Vec::new();
    let suites = run.suites.iter().zip(&report.suites).zip(suite_values).enumerate();
    for (suite_position, ((suite, suite_report), mut suite_value)) in suites {
        let check_values = parts(&mut suite_value, "checks");
        let mut suite_json = Some(suite_value.to_string());
        let of_checks = suite.checks.iter().zip(&suite_report.checks).zip(check_values).enumerate();
        let mut checks: Vec<Option<CheckRow<'a>>> = of_checks
            .map(|(position, ((record, report), value))| {
                let demand = record.demand.as_ref().map(Json::to_string);
                Some(CheckRow { position, record, report, demand, json: value.to_string() })
            })
            .collect();
        if checks.is_empty() {
            checks.push(None);
        }
        rows.extend(checks.into_iter().map(|check| Row {
            run,
            run_json: run_json.take(),
            suite_position,
            suite,
            suite_report,
            suite_json: suite_json.take(),
            check,
        }));
    }
    Ok(rows)
}

/// Takes the list of this name out of an object, which then has an empty one.
fn parts(of: &mut Json, name: &str) -> Vec<Json> {
    match of.get_mut(name).map(|list| std::mem::replace(list, json!([]))) {
        Some(Json::Array(parts)) => parts,
        _ => Vec::new(),
    }
}
