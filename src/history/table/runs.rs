//! Makes runs of the rows of a table.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray as _};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::columns::{CHECK_REPORT, RUN_ID, RUN_REPORT, SUITE_REPORT};
use crate::evaluate::Verdict;
use crate::history::error::Skipped;
use crate::history::record::{CheckRecord, RunRecord, SuiteRecord, VERSION};
use crate::report::{Report, SinceReport};

/// A row of some batch.
#[derive(Clone, Copy)]
struct Cells<'a> {
    batch: &'a RecordBatch,
    row: usize,
}

/// The rows of a run, in the order of its suites and their checks.
type Rows<'a> = Vec<Cells<'a>>;

/// Makes something of the rows of each run, the oldest first; or says why they are none.
fn of_rows<T>(
    batches: &[RecordBatch],
    make: fn(&str, &[Cells<'_>]) -> Result<T, String>,
) -> Vec<Result<T, Skipped>> {
    let mut runs: BTreeMap<&str, Rows<'_>> = BTreeMap::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = Cells { batch, row };
            runs.entry(cells.text(RUN_ID).unwrap_or_default()).or_default().push(cells);
        }
    }
    let made = runs.into_iter().map(|(id, mut rows)| {
        rows.sort_by_key(|row| (row.integer("suite_position"), row.integer("check_position")));
        let made = match id {
            "" => Err("its rows have no run_id".to_owned()),
            id => readable(&rows).and_then(|()| make(id, &rows)),
        };
        made.map_err(|reason| Skipped { file: id.to_owned(), reason })
    });
    made.collect()
}

/// Makes the record of each run.
pub(super) fn records(batches: &[RecordBatch]) -> Vec<Result<RunRecord, Skipped>> {
    of_rows(batches, record)
}

/// Makes the whole report of each run.
pub(super) fn reports(batches: &[RecordBatch]) -> Vec<Result<Report, Skipped>> {
    of_rows(batches, report)
}

fn readable(rows: &[Cells<'_>]) -> Result<(), String> {
    let versions = rows.iter().map(|row| row.integer("history_version").unwrap_or_default());
    match versions.max() {
        Some(version) if version > i64::from(VERSION) => {
            Err(format!("a later karat wrote it, as version {version}"))
        }
        _ => Ok(()),
    }
}

fn record(id: &str, rows: &[Cells<'_>]) -> Result<RunRecord, String> {
    let first = rows.first().ok_or("it has no rows")?;
    let mut suites: Vec<SuiteRecord> = Vec::new();
    for of_suite in
        rows.chunk_by(|one, other| one.integer("suite_position") == other.integer("suite_position"))
    {
        suites.push(suite(of_suite)?);
    }
    Ok(RunRecord {
        history_version: VERSION,
        id: id.to_owned(),
        started_at: first.time("started_at").ok_or("it has no time")?,
        elapsed_ms: first.whole("elapsed_ms").unwrap_or_default(),
        karat_version: first.required("karat_version")?,
        verdict: first.verdict("run_verdict")?,
        gate: first.verdict("run_gate")?,
        suites,
        report_bytes: None,
    })
}

fn suite(rows: &[Cells<'_>]) -> Result<SuiteRecord, String> {
    let first = rows.first().ok_or("a suite has no rows")?;
    let of_checks = rows.iter().filter(|row| row.integer("check_position").is_some());
    Ok(SuiteRecord {
        name: first.required("suite")?,
        layer: first.owned("layer"),
        digest: first.required("suite_digest")?,
        verdict: first.verdict("suite_verdict")?,
        gate: first.verdict("gate")?,
        reason: first.required("gate_reason")?,
        error: first.owned("suite_error"),
        uri: first.owned("uri"),
        version: first.whole("table_version"),
        rows: first.whole("table_rows"),
        checks: of_checks.map(check).collect::<Result<_, _>>()?,
    })
}

fn check(row: &Cells<'_>) -> Result<CheckRecord, String> {
    let demand = row.text("demand").map(serde_json::from_str).transpose();
    Ok(CheckRecord {
        id: row.required("check_id")?,
        fingerprint: row.required("fingerprint")?,
        demand: demand.map_err(|error| format!("a demand is no JSON: {error}"))?,
        verdict: row.verdict("verdict")?,
        considered: row.whole("considered"),
        failing: row.whole("failing"),
        observed: row.number("observed"),
        since: row.time("since_started_at").map(|started_at| SinceReport {
            started_at,
            version: row.whole("since_version"),
            runs: row.whole("since_runs").unwrap_or(1),
        }),
        verdicts: row.owned("verdicts").unwrap_or_default(),
    })
}

fn report(id: &str, rows: &[Cells<'_>]) -> Result<Report, String> {
    let mut suites = Vec::new();
    for of_suite in
        rows.chunk_by(|one, other| one.integer("suite_position") == other.integer("suite_position"))
    {
        let checks = of_suite.iter().filter(|row| row.integer("check_position").is_some());
        let checks: Result<Vec<Json>, String> = checks.map(|row| row.json(CHECK_REPORT)).collect();
        let mut suite = of_suite.first().ok_or("a suite has no rows")?.json(SUITE_REPORT)?;
        suite["checks"] = json!(checks?);
        suites.push(suite);
    }
    let mut whole = rows.first().ok_or("it has no rows")?.json(RUN_REPORT)?;
    whole["suites"] = json!(suites);
    let mut report = Report::read(&whole.to_string()).map_err(|error| error.to_string())?;
    id.clone_into(&mut report.run.id);
    Ok(report)
}

impl<'a> Cells<'a> {
    fn column(&self, name: &str) -> Option<&'a dyn Array> {
        let column = self.batch.column_by_name(name)?;
        column.is_valid(self.row).then_some(column.as_ref())
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        Some(self.column(name)?.as_string_opt::<i32>()?.value(self.row))
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    fn required(&self, name: &str) -> Result<String, String> {
        self.owned(name).ok_or_else(|| format!("a row has no {name}"))
    }

    fn integer(&self, name: &str) -> Option<i64> {
        let column = self.column(name)?;
        let long = column.as_primitive_opt::<Int64Type>().map(|column| column.value(self.row));
        long.or_else(|| Some(column.as_primitive_opt::<Int32Type>()?.value(self.row).into()))
    }

    fn whole(&self, name: &str) -> Option<u64> {
        self.integer(name).and_then(|number| u64::try_from(number).ok())
    }

    fn number(&self, name: &str) -> Option<f64> {
        Some(self.column(name)?.as_primitive_opt::<Float64Type>()?.value(self.row))
    }

    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        let micros = self.column(name)?.as_primitive_opt::<TimestampMicrosecondType>()?.value(self.row);
        DateTime::from_timestamp_micros(micros)
    }

    fn verdict(&self, name: &str) -> Result<Verdict, String> {
        let text = self.required(name)?;
        serde_json::from_value(Json::String(text)).map_err(|_| format!("a row's {name} is none"))
    }

    fn json(&self, name: &str) -> Result<Json, String> {
        let text = self.text(name).ok_or_else(|| format!("a row has no {name}"))?;
        let value: Json =
            serde_json::from_str(text).map_err(|error| format!("a {name} is no JSON: {error}"))?;
        if value.is_object() { Ok(value) } else { Err(format!("a {name} is no object")) }
    }
}
