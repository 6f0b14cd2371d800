//! One table is the same table whatever it is written as: CSV, NDJSON, Arrow IPC and Parquet come to the
//! same verdicts, counts, observed values and failing rows, and those of numbers are the exact ones.
//!
//! A table is a number and the same everywhere. A fixed run of them is tested always; as many as one
//! likes are by `formats::for_a_while`, see CONTRIBUTING.md.

mod cells;
mod table;
mod write;

use std::fmt::Write as _;

use karat::data::Value;
use karat::evaluate::Verdict;
use karat::{CheckOptions, Run, Suite, check};

use crate::fuzz::run_for_a_while;
use crate::support::outcome;
use table::Table;
use write::Format;

#[test]
fn a_table_comes_to_the_same_whatever_it_is_written_as() {
    let mut told = 0;
    for seed in 0..16 {
        told += compare(seed);
    }
    eprintln!("formats: {told} evaluations without a difference");
}

/// For `KARAT_FUZZ_SECONDS`, from the table `KARAT_FUZZ_FROM` on, or else from one of the clock.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let mut told = 0;
    let tables = run_for_a_while(|seed| told += compare(seed));
    eprintln!("formats: {told} evaluations of the tables {tables:?} without a difference");
}

/// Writes a table as everything and compares; gives how many outcomes were compared.
fn compare(seed: u64) -> usize {
    let table = Table::of(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut first: Option<(Format, Vec<String>)> = None;
    let mut told = 0;
    for format in Format::ALL {
        let uri = write::write(&table, format, folder.path(), seed);
        let suite = suite(&table, format);
        let run = run(&suite, &uri);
        for (column, outcomes) in table.columns.iter().zip(0..) {
            column.assert_exact(
                &|check| outcome(&run, &format!("c{outcomes}.{check}")),
                &format!("table {seed} as {format:?}, c{outcomes}"),
            );
        }
        let found = described(&run);
        told += found.len();
        match &first {
            None => first = Some((format, found)),
            Some((other, wanted)) => {
                for (found, wanted) in found.iter().zip(wanted) {
                    assert_eq!(found, wanted, "table {seed} as {format:?} and as {other:?}\n{suite}");
                }
                assert_eq!(found.len(), wanted.len());
            }
        }
    }
    told
}

fn run(suite: &str, uri: &str) -> Run {
    let options = CheckOptions { samples: 50, ..CheckOptions::default() };
    let run =
        check(&Suite::from_yaml(suite).unwrap_or_else(|error| panic!("{error}\n{suite}")), uri, &options);
    assert_eq!(run.suites[0].error, None, "{suite}");
    run
}

/// The checks of a table, and what text does not say of it.
fn suite(table: &Table, format: Format) -> String {
    let mut suite = "suite: s\nkey: row\n".to_owned();
    if let Some(schema) = write::schema(table, format) {
        suite += &schema;
    }
    suite += "table:\n  - row_count: {min: 0}\n  - readable\ncolumns:\n  row: [unique]\n";
    for (number, column) in table.columns.iter().enumerate() {
        writeln!(suite, "  c{number}:").unwrap();
        for check in column.checks() {
            writeln!(suite, "    - {check}").unwrap();
        }
    }
    suite
}

/// All that a run says of its checks.
fn described(run: &Run) -> Vec<String> {
    let run = &run.suites[0];
    let checks = run.suite.checks.iter().zip(&run.outcomes);
    checks
        .map(|(check, outcome)| {
            assert_ne!(
                outcome.verdict,
                Verdict::Error,
                "{}: {:?} {:?}",
                check.id,
                outcome.reason,
                outcome.help
            );
            let rows = outcome.samples.rows.iter().map(|row| {
                let values: Vec<String> =
                    row.values.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
                format!("{:?}: {}", row.row, values.join(","))
            });
            format!(
                "{} {} {:?} observed {} rows {:?}",
                check.id,
                outcome.verdict.name(),
                outcome.counts,
                shown(&outcome.observed),
                rows.collect::<Vec<_>>(),
            )
        })
        .collect()
}

/// A value, whole numbers and decimals alike.
fn shown(value: &Value) -> String {
    match value {
        Value::Decimal(decimal) => decimal.normalised().to_string(),
        Value::Float(float) => format!("{:?}", float.0),
        Value::List(items) => format!("{:?}", items.iter().map(shown).collect::<Vec<_>>()),
        other => other.to_string(),
    }
}
