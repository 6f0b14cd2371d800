//! 1,000 checks on 5,000 rows of 30 columns, all of which hold or all of which fail: what it costs that much is broken.
//!
//! `cargo bench --bench broken`. A run in which every check fails may take a second more than one in which all hold,
//! and without samples no more than that one: there is nothing to fetch.

#![expect(clippy::unwrap_used, reason = "a bench stops where it cannot measure")]

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use karat::evaluate::Verdict;
use karat::{CheckOptions, Suite, check};
use polars::prelude::*;

const ROWS: i64 = 5_000;
const COLUMNS: i64 = 30;
const CHECKS: i64 = 1_000;

/// Every column has the numbers from 0 to 4,999, each in another order.
fn table(path: &Path) {
    let columns = (0..COLUMNS).map(|column| {
        let values: Vec<i64> = (0..ROWS).map(|row| (row * (2 * column + 1) + column * 37) % ROWS).collect();
        Column::new(format!("c{column}").as_str().into(), values)
    });
    let mut frame = DataFrame::new(5_000, columns.collect()).unwrap();
    ParquetWriter::new(File::create(path).unwrap()).finish(&mut frame).unwrap();
}

/// Bounds that all differ: of those that fail, each lets a few more rows through than the one before it.
fn suite(fails: bool) -> String {
    let mut suite = "suite: broken\ntable:\n".to_owned();
    for number in 0..CHECKS {
        let column = number % COLUMNS;
        let most = if fails { ROWS - 2 - number } else { ROWS + number };
        writeln!(suite, "  - {{id: r{number}, rows: c{column} <= {most}}}").unwrap();
    }
    suite
}

fn broken(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    table(&path);
    let uri = path.display().to_string();
    let mut group = criterion.benchmark_group("1,000 checks on 5,000 rows of 30 columns");
    group.sample_size(10);
    for (name, fails, samples) in
        [("all hold", false, 10), ("all fail", true, 10), ("all fail, without samples", true, 0)]
    {
        let text = suite(fails);
        let options = CheckOptions { samples, ..CheckOptions::default() };
        let judged = || check(&Suite::from_yaml(&text).unwrap(), uri.as_str(), &options);
        let wanted = if fails { Verdict::Fail } else { Verdict::Pass };
        assert!(judged().suites[0].outcomes.iter().all(|outcome| outcome.verdict == wanted), "{name}");
        group.bench_function(name, |bencher| bencher.iter(judged));
    }
    group.finish();
}

criterion_group!(benches, broken);
criterion_main!(benches);
