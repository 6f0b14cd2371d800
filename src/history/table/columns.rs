//! The columns of the table, as they are published.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, Int64Array, ListBuilder, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, TimeUnit};
use chrono::{DateTime, Utc};
use delta_kernel::schema::StructType;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel as _;

use super::rows::Row;
use crate::history::record::VERSION;

/// A column.
pub(super) struct Column {
    pub(super) name: &'static str,
    values: Values,
    /// Whether every row has a value.
    is_required: bool,
    /// What it holds, as those see it who look at the table.
    comment: &'static str,
}

/// The type of a column, with what a row has there.
enum Values {
    Text(for<'r> fn(&'r Row<'_>) -> Option<&'r str>),
    Texts(for<'r> fn(&'r Row<'_>) -> Option<&'r [String]>),
    Position(fn(&Row<'_>) -> Option<usize>),
    Whole(fn(&Row<'_>) -> Option<u64>),
    Number(fn(&Row<'_>) -> Option<f64>),
    Time(fn(&Row<'_>) -> Option<DateTime<Utc>>),
}

use Values::{Number, Position, Text, Texts, Time, Whole};

/// All columns. Rows of a later version may have more, and none of these less.
pub(super) const COLUMNS: [Column; 41] = [
    required("history_version", Position(|_| Some(VERSION as usize)), "Version of this format: 1"),
    required(RUN_ID, Text(|row| Some(&row.run.id)), "Id of the run, which sorts by time"),
    required("started_at", Time(|row| Some(row.run.started_at)), "Start of the run"),
    required("elapsed_ms", Whole(|row| Some(row.run.elapsed_ms)), "Duration of the run in milliseconds"),
    required("karat_version", Text(|row| Some(&row.run.karat_version)), "Version of karat"),
    required(
        "run_verdict",
        Text(|row| Some(row.run.verdict.name())),
        "Worst verdict of the run: pass, warn, fail, error or skip",
    ),
    required(
        "run_gate",
        Text(|row| Some(row.run.gate.name())),
        "Worst decision among the gates of the run: pass, fail, error or skip",
    ),
    required(
        "suite_position",
        Position(|row| Some(row.suite_position)),
        "Place of the suite in the run, from 0",
    ),
    required("suite", Text(|row| Some(&row.suite.name)), "Name of the suite"),
    optional("layer", Text(|row| row.suite.layer.as_deref()), "Layer of the suite"),
    optional("owner", Text(|row| row.suite_report.owner.as_deref()), "Owner of the dataset"),
    required("suite_digest", Text(|row| Some(&row.suite.digest)), "SHA-256 of the suite's text"),
    required(
        "suite_verdict",
        Text(|row| Some(row.suite.verdict.name())),
        "Worst verdict of the suite's checks: pass, warn, fail, error or skip",
    ),
    required(
        "gate",
        Text(|row| Some(row.suite.gate.name())),
        "Decision of the suite's gate: pass, fail, error or skip",
    ),
    required("gate_reason", Text(|row| Some(&row.suite.reason)), "Counts behind the decision"),
    optional(
        "suite_error",
        Text(|row| row.suite.error.as_deref()),
        "Why no rows of the dataset could be judged",
    ),
    optional("uri", Text(|row| row.suite.uri.as_deref()), "Location of the dataset"),
    optional("table_version", Whole(|row| row.suite.version), "Version of the dataset that was judged"),
    optional("table_rows", Whole(|row| row.suite.rows), "Number of rows of the dataset, by its metadata"),
    optional(
        "check_position",
        Position(|row| Some(row.check.as_ref()?.position)),
        "Place of the check in its suite, from 0; null in the one row of a suite without checks",
    ),
    optional(
        "check_id",
        Text(|row| Some(&row.check.as_ref()?.record.id)),
        "Name of the check within its suite",
    ),
    optional(
        "expectation",
        Text(|row| Some(&row.check.as_ref()?.report.expectation)),
        "Id of the expectation",
    ),
    optional(
        "columns",
        Texts(|row| Some(&row.check.as_ref()?.report.columns)),
        "Columns that the check refers to",
    ),
    optional("tags", Texts(|row| Some(&row.check.as_ref()?.report.tags)), "Words to select the check by"),
    optional(
        "severity",
        Text(|row| Some(row.check.as_ref()?.report.severity.name())),
        "Severity of the check: critical, warning or info",
    ),
    optional(
        "verdict",
        Text(|row| Some(row.check.as_ref()?.record.verdict.name())),
        "Verdict on the check: pass, warn, fail, error (not evaluated) or skip (not selected)",
    ),
    optional(
        "considered",
        Whole(|row| row.check.as_ref()?.record.considered),
        "Number of rows that the check considered",
    ),
    optional("failing", Whole(|row| row.check.as_ref()?.record.failing), "Number of these rows that fail"),
    optional(
        "observed",
        Number(|row| row.check.as_ref()?.record.observed),
        "Measured value, of a check that judges a number",
    ),
    optional(
        "sentence",
        Text(|row| Some(&row.check.as_ref()?.report.sentence)),
        "Statement that holds when the check passes",
    ),
    optional("summary", Text(|row| Some(&row.check.as_ref()?.report.summary)), "Finding in one line"),
    optional(
        "reason",
        Text(|row| row.check.as_ref()?.report.reason.as_deref()),
        "Reason for the verdict, if the counts do not show it",
    ),
    optional(
        "fingerprint",
        Text(|row| Some(&row.check.as_ref()?.record.fingerprint)),
        "SHA-256 of what the check demands",
    ),
    optional(
        "demand",
        Text(|row| row.check.as_ref()?.demand.as_deref()),
        "What the check demands: a suite of this check alone, as JSON; null where that is long",
    ),
    optional(
        "since_started_at",
        Time(|row| Some(row.check.as_ref()?.record.since.as_ref()?.started_at)),
        "Start of the first of the runs in an unbroken row, up to this one, that the check did not pass",
    ),
    optional(
        "since_version",
        Whole(|row| row.check.as_ref()?.record.since.as_ref()?.version),
        "Version of the dataset that this first run judged",
    ),
    optional(
        "since_runs",
        Whole(|row| Some(row.check.as_ref()?.record.since.as_ref()?.runs)),
        "Number of these runs",
    ),
    optional(
        "verdicts",
        Text(|row| Some(&row.check.as_ref()?.record.verdicts)),
        "Last verdicts of the check, the oldest first, this run's among them: p, w, f, e (error) or s (skip)",
    ),
    optional(
        CHECK_REPORT,
        Text(|row| Some(&row.check.as_ref()?.json)),
        "Whole report of the check as JSON, with failing rows and frequent values",
    ),
    optional(
        SUITE_REPORT,
        Text(|row| row.suite_json.as_deref()),
        "Report of the suite as JSON, without its checks; in the first row of a suite",
    ),
    optional(
        RUN_REPORT,
        Text(|row| row.run_json.as_deref()),
        "Report of the run as JSON, without its suites; in the first row of a run",
    ),
];

pub(super) const RUN_ID: &str = "run_id";
pub(super) const CHECK_REPORT: &str = "check_report";
pub(super) const SUITE_REPORT: &str = "suite_report";
pub(super) const RUN_REPORT: &str = "run_report";

/// The columns that only whole reports need.
pub(super) const OF_REPORTS: [&str; 3] = [CHECK_REPORT, SUITE_REPORT, RUN_REPORT];

/// The columns whose least and greatest values the log has, for those who look for runs: those of texts without end are not
/// among them.
pub(super) const WITH_STATISTICS: &str = "run_id,started_at,suite";

const fn required(name: &'static str, values: Values, comment: &'static str) -> Column {
    Column { name, values, is_required: true, comment }
}

const fn optional(name: &'static str, values: Values, comment: &'static str) -> Column {
    Column { name, values, is_required: false, comment }
}

impl Column {
    pub(super) fn field(&self) -> Field {
        let data_type = match self.values {
            Text(_) => DataType::Utf8,
            Texts(_) => DataType::List(element()),
            Position(_) => DataType::Int32,
            Whole(_) => DataType::Int64,
            Number(_) => DataType::Float64,
            Time(_) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        };
        let comment = HashMap::from([("comment".to_owned(), self.comment.to_owned())]);
        Field::new(self.name, data_type, !self.is_required).with_metadata(comment)
    }

    /// Returns the values of the rows.
    pub(super) fn array(&self, rows: &[Row<'_>]) -> ArrayRef {
        match self.values {
            Text(of) => Arc::new(rows.iter().map(of).collect::<StringArray>()),
            Position(of) => {
                let position = |row| of(row).and_then(|position| i32::try_from(position).ok());
                Arc::new(rows.iter().map(position).collect::<Int32Array>())
            }
            Whole(of) => {
                // No table has more rows or versions than that.
                let whole = |row| of(row).map(|number| i64::try_from(number).unwrap_or(i64::MAX));
                Arc::new(rows.iter().map(whole).collect::<Int64Array>())
            }
            Number(of) => Arc::new(rows.iter().map(of).collect::<Float64Array>()),
            Time(of) => {
                let micros = |row| of(row).map(|time| time.timestamp_micros());
                Arc::new(rows.iter().map(micros).collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
            }
            Texts(of) => {
                let mut lists = ListBuilder::new(StringBuilder::new()).with_field(element());
                for row in rows {
                    lists.append_option(of(row).map(|texts| texts.iter().map(Some)));
                }
                Arc::new(lists.finish())
            }
        }
    }
}

fn element() -> FieldRef {
    Arc::new(Field::new("element", DataType::Utf8, true))
}

/// Returns the columns as Arrow knows them.
pub(super) fn arrow_schema() -> Schema {
    Schema::new(COLUMNS.iter().map(Column::field).collect::<Vec<_>>())
}

/// Returns the columns as Delta knows them.
pub(super) fn delta_schema() -> Result<StructType, String> {
    (&arrow_schema()).try_into_kernel().map_err(|error| error.to_string())
}

/// Returns the schema of the table of version 1, as Delta writes it, and Spark reads it.
#[must_use]
pub fn history_table_schema() -> serde_json::Value {
    delta_schema().ok().and_then(|schema| serde_json::to_value(schema).ok()).unwrap_or_default()
}

/// Says what tells that a table with this schema is no history.
pub(super) fn misfit(schema: &StructType) -> Result<Option<String>, String> {
    for own in delta_schema()?.fields() {
        match schema.field(own.name()) {
            None => return Ok(Some(format!("it has no column {:?}", own.name()))),
            Some(field) if field.data_type() != own.data_type() => {
                let (is, wanted) = (field.data_type(), own.data_type());
                return Ok(Some(format!("its column {:?} is of the type {is}, not {wanted}", own.name())));
            }
            Some(_) => {}
        }
    }
    Ok(None)
}
