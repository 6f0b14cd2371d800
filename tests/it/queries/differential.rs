//! The same queries on the same small tables, by karat and by DuckDB: their rows are the same bags.
//!
//! Where karat means something else on purpose (`expectations/queries.md` says where), DuckDB is asked
//! for that: integers are computed in 128 bits, `/` in doubles and null for a zero divisor, `avg` as a
//! decimal, casts cut off.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use karat::data::Value;
use karat::evaluate::{Outcome, Verdict};
use karat::{CheckOptions, Suite, check};
use polars::prelude::IntoLazy as _;
use serde_json::{Value as Json, json};

use super::generate::{Query, query};
use super::random::Random;
use super::table::{Table, table};

/// Queries of one table.
const AT_ONCE: usize = 40;

/// What came of comparing.
#[derive(Default)]
struct Count {
    /// As bags of rows.
    compared: usize,
    /// Only the numbers of rows, since there are more than are shown.
    by_number: usize,
    /// Refused before a row is read, since a computation may have more digits than there are.
    refused: usize,
    /// Ended in an error of too many digits, in both.
    overflowed: usize,
    differences: Vec<String>,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.by_number += other.by_number;
        self.refused += other.refused;
        self.overflowed += other.overflowed;
        self.differences.extend(other.differences);
    }
}

/// `KARAT_QUERIES` says how many queries are compared, then by another seed every time unless
/// `KARAT_QUERIES_SEED` says which.
#[test]
#[cfg_attr(not(duckdb), ignore = "there is no DuckDB; KARAT_DUCKDB_PYTHON names a Python that has it")]
fn queries_give_what_duckdb_gives() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let wanted = number("KARAT_QUERIES");
    let since_1970 = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let otherwise = if wanted.is_some() { since_1970 } else { 20_261_128 };
    let seed = number("KARAT_QUERIES_SEED").unwrap_or(otherwise);
    let tables = wanted.unwrap_or(1_200).div_ceil(AT_ONCE as u64);
    let threads = 2;
    let mut count = Count::default();
    std::thread::scope(|scope| {
        let parts = (0..threads).map(|part| {
            let own = (0..tables).filter(move |table| table % threads == part);
            let seeds = own.map(move |table| seed.wrapping_mul(1_000_003).wrapping_add(table));
            // Unoptimised, the engine's planner takes a deep stack for expressions as nested as these.
            let thread = std::thread::Builder::new().stack_size(64 << 20);
            thread.spawn_scoped(scope, move || compare(seeds)).unwrap()
        });
        for part in parts.collect::<Vec<_>>() {
            count.add(part.join().unwrap());
        }
    });
    let Count { compared, by_number, refused, overflowed, differences } = count;
    eprintln!(
        "seed {seed}: {compared} queries compared as bags of rows, {by_number} by the number of rows; \
         {overflowed} overflow in both, {refused} refused as too wide; {} differences",
        differences.len()
    );
    let first = differences.iter().take(12).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(differences.is_empty(), "{first}");
    assert!(refused * 8 < compared && compared > 500, "too few queries are compared");
}

fn compare(seeds: impl Iterator<Item = u64>) -> Count {
    let mut count = Count::default();
    // Some hundred tables a process.
    let seeds: Vec<u64> = seeds.collect();
    for seeds in seeds.chunks(100) {
        let cases: Vec<(u64, Table, Vec<Query>)> = seeds
            .iter()
            .map(|seed| {
                let mut random = Random::new(*seed);
                let table = table(&mut random);
                (*seed, table, (0..AT_ONCE).map(|_| query(&mut random)).collect())
            })
            .collect();
        let answers = duckdb(&cases);
        for ((seed, table, queries), answers) in cases.iter().zip(answers.chunks(AT_ONCE)) {
            let outcomes = karat(table, queries);
            for ((query, answer), outcome) in queries.iter().zip(answers).zip(outcomes) {
                if let Err(difference) = same(&outcome, answer, &mut count) {
                    count.differences.push(told(*seed, query, &table.statements, &difference));
                }
            }
        }
    }
    count
}

fn told(seed: u64, query: &Query, table: &[String], difference: &str) -> String {
    let mut text = format!("seed {seed}: {difference}\n  karat: {}\n  duckdb: {}", query.karat, query.duck);
    for statement in table {
        let _ = write!(text, "\n  {statement};");
    }
    text
}

/// What DuckDB makes of all queries.
fn duckdb(cases: &[(u64, Table, Vec<Query>)]) -> Vec<Json> {
    let beside =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/karat-venv/bin/python"));
    let python = std::env::var_os("KARAT_DUCKDB_PYTHON").map(PathBuf::from).or(beside).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/queries/answer.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = String::new();
    // Not `total < 0`, which DuckDB 2.0.1 takes for false of some negative sums.
    let mean = "CREATE OR REPLACE MACRO mean(total, n) AS CASE WHEN n = 0 THEN NULL ELSE \
                (total // greatest(abs(total), 1)) * ((abs(total) * 2000000000000::HUGEINT + n) // (2 * n)) END";
    let _ = writeln!(input, "{}", json!({"set": [mean]}));
    for (_, table, queries) in cases {
        let _ = writeln!(input, "{}", json!({"set": table.statements}));
        for query in queries {
            let _ = writeln!(input, "{}", json!({"query": query.duck}));
        }
    }
    let mut stdin = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What karat makes of all queries; of one that does not parse, why.
fn karat(table: &Table, queries: &[Query]) -> Vec<Result<Outcome, String>> {
    let parsed: Vec<Result<(), String>> = queries
        .iter()
        .map(|query| karat::predicate::parse_query(&query.karat).map(drop).map_err(|error| error.message))
        .collect();
    let checks: Vec<Json> = queries
        .iter()
        .zip(&parsed)
        .enumerate()
        .filter(|(_, (_, parsed))| parsed.is_ok())
        .map(|(index, (query, _))| json!({"unexpected_rows": query.karat, "id": format!("q{index}")}))
        .collect();
    let suite = Suite::from_yaml(&json!({"suite": "queries", "table": checks}).to_string()).unwrap();
    let mut run = check(&suite, table.frame.clone().lazy(), &CheckOptions::default());
    let mut outcomes = std::mem::take(&mut run.suites[0].outcomes).into_iter();
    let outcome = |parsed: Result<(), String>| parsed.map(|()| outcomes.next().unwrap());
    parsed.into_iter().map(outcome).collect()
}

/// Compares and counts.
fn same(outcome: &Result<Outcome, String>, answer: &Json, count: &mut Count) -> Result<(), String> {
    let outcome = outcome.as_ref().map_err(|error| format!("does not parse: {error}"))?;
    let error = (outcome.verdict == Verdict::Error).then(|| outcome.reason.clone().unwrap_or_default());
    if let Some(error) = error {
        const TOO_WIDE: [&str; 6] = [
            "does not fit the type",
            "more than 128 bits",
            "more than the 38 of a decimal",
            "together they may have",
            "cannot be compared exactly",
            "this may overflow",
        ];
        if TOO_WIDE.iter().any(|words| error.contains(words)) {
            count.refused += 1;
            return Ok(());
        }
        if error.contains("has more digits than") && answer.get("error").is_some() {
            count.overflowed += 1;
            return Ok(());
        }
        return Err(format!("karat: {error}; DuckDB: {answer}"));
    }
    // It does not find `(a AND a)` among the keys that it has simplified.
    let of_keys = "must appear in the GROUP BY clause";
    if answer.get("error").and_then(Json::as_str).is_some_and(|error| error.contains(of_keys)) {
        count.refused += 1;
        return Ok(());
    }
    let Some(rows) = answer.get("rows").and_then(Json::as_array) else {
        return Err(format!("DuckDB: {answer}"));
    };
    let number = match &outcome.counts {
        Some(counts) => counts.failing,
        None => outcome.observed.as_count().unwrap_or(u64::MAX),
    };
    if number != rows.len() as u64 {
        return Err(format!("{number} rows, and {} of DuckDB: {answer}", rows.len()));
    }
    if outcome.counts.is_some() || rows.len() > outcome.samples.rows.len() {
        count.by_number += 1;
        return Ok(());
    }
    let mut ours: Vec<Vec<String>> = outcome
        .samples
        .rows
        .iter()
        .map(|row| row.values.iter().map(|(_, value)| text(value)).collect())
        .collect();
    let mut theirs: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect())
        .collect();
    ours.sort();
    theirs.sort();
    if ours == theirs {
        count.compared += 1;
        Ok(())
    } else {
        Err(format!("{ours:?}\n  and {theirs:?} of DuckDB"))
    }
}

/// A value as the other side writes it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "~".to_owned(),
        Value::Boolean(value) => format!("b{}", u8::from(*value)),
        Value::Integer(value) => format!("n{value}"),
        Value::Decimal(value) => format!("n{}", value.normalised()),
        Value::Float(float) if float.0.is_nan() => "fNaN".to_owned(),
        Value::Float(float) => format!("f{:016x}", (float.0 + 0.0).to_bits()),
        Value::String(text) => format!("s{text}"),
        Value::Timestamp { nanoseconds, .. } => format!("t{}", nanoseconds / 1000),
        other => format!("d{other}"),
    }
}
