//! Tests tables from many writers.

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType as PlType, Float64Chunked, Int32Chunked, Int64Chunked,
    IntoColumn as _, NewChunkedArray as _, ParquetWriter, StringChunked, TimeUnit, UInt32Chunked,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::ProptestConfig;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use tempfile::TempDir;

use super::{Tally, delta_tables, fixtures, hold, opened, parquet_files};
use crate::engine::polars::{Rows, Snapshot};
use crate::source::Trust;
use std::path::{Path, PathBuf};

/// Tables whose logs state wrong statistics: the lower bound of a timestamp is that of a later row.
const WRONG_LOGS: [&str; 1] = ["delta-rs/issue_1374"];

/// Compares the statistics of all tables that can be opened with their rows.
fn hold_tables(paths: impl IntoIterator<Item = PathBuf>) -> (usize, Tally, Tally) {
    let (mut tables, mut by_log, mut by_footers) = (0, Tally::default(), Tally::default());
    for path in paths {
        let Some(snapshot) = opened(&path) else { continue };
        let shown = path.display().to_string();
        let Some(footers) = hold(&snapshot, &shown, Trust::Footer) else { continue };
        let wrong = WRONG_LOGS.iter().any(|table| path.ends_with(table));
        let log = if wrong { Tally::default() } else { hold(&snapshot, &shown, Trust::Log).unwrap() };
        tables += 1;
        by_log += log;
        by_footers += footers;
    }
    (tables, by_log, by_footers)
}

#[test]
fn what_is_known_of_delta_fixtures_is_so() {
    let (tables, log, footers) = hold_tables(delta_tables(&fixtures("delta")));
    assert!(
        tables > 40 && log.bounds > 100 && footers.bounds > 100 && footers.dictionaries > 10,
        "{tables} {log:?} {footers:?}"
    );
}

#[test]
fn what_is_known_of_parquet_fixtures_is_so() {
    let files = parquet_files(&fixtures("parquet")).into_iter().chain(parquet_files(&fixtures("findings")));
    let (tables, _, footers) = hold_tables(files);
    assert!(tables > 50 && footers.bounds > 100 && footers.dictionaries > 10, "{tables} {footers:?}");
}

#[test]
fn what_is_known_of_the_corpora_is_so() {
    #[expect(clippy::disallowed_methods, reason = "a test looks at its environment")]
    let Some(folder) = std::env::var_os("KARAT_CORPORA") else { return };
    let (tables, log, footers) = hold_tables(delta_tables(&Path::new(&folder).join("delta")));
    assert!(
        tables > 50 && log.bounds > 100 && footers.bounds > 100 && footers.dictionaries > 10,
        "{tables} {log:?} {footers:?}"
    );
}

/// Rows of a table with columns of several types.
#[derive(Clone, Debug)]
pub(super) struct Table {
    numbers: Vec<Option<i64>>,
    small: Vec<Option<u32>>,
    texts: Vec<Option<String>>,
    truths: Vec<Option<bool>>,
    floats: Vec<Option<f64>>,
}

/// Generates tables with repeated values and with random values.
pub(super) fn table() -> impl Strategy<Value = Table> {
    let number = prop_oneof![any::<i64>(), -3_i64..3];
    let small = prop_oneof![any::<u32>(), 0_u32..3];
    let text = prop_oneof![any::<String>(), "[ab]{0,40}"];
    let float = prop_oneof![any::<f64>(), Just(f64::NAN), Just(-0.0)];
    (1_usize..60).prop_flat_map(move |rows| {
        let columns = (
            vec(option::of(number.clone()), rows),
            vec(option::of(small.clone()), rows),
            vec(option::of(text.clone()), rows),
            vec(option::of(any::<bool>()), rows),
            vec(option::of(float.clone()), rows),
        );
        columns.prop_map(|(numbers, small, texts, truths, floats)| Table {
            numbers,
            small,
            texts,
            truths,
            floats,
        })
    })
}

impl Table {
    fn frame(&self) -> DataFrame {
        let numbers = || Int64Chunked::from_iter_options("number".into(), self.numbers.iter().copied());
        let days =
            self.numbers.iter().map(|number| number.map(|number| i32::try_from(number % 50_000).unwrap()));
        let days = Int32Chunked::from_iter_options("day".into(), days).into_column();
        let moment = numbers().with_name("moment".into()).into_column();
        let decimal = numbers().with_name("decimal".into()).into_column();
        let columns: Vec<Column> = vec![
            numbers().into_column(),
            UInt32Chunked::from_iter_options("small".into(), self.small.iter().copied()).into_column(),
            StringChunked::from_iter_options("text".into(), self.texts.iter().cloned()).into_column(),
            BooleanChunked::from_iter_options("truth".into(), self.truths.iter().copied()).into_column(),
            Float64Chunked::from_iter_options("float".into(), self.floats.iter().copied()).into_column(),
            days.cast(&PlType::Date).unwrap(),
            moment.cast(&PlType::Datetime(TimeUnit::Nanoseconds, None)).unwrap(),
            (&decimal / 1000).cast(&PlType::Decimal(38, 2)).unwrap(),
        ];
        DataFrame::new(self.numbers.len(), columns).unwrap()
    }

    /// Writes the table in row groups of `rows` rows and pages of `bytes` bytes.
    pub(super) fn written(&self, folder: &TempDir, rows: usize, bytes: usize) -> PathBuf {
        let path = folder.path().join("table.parquet");
        let file = std::fs::File::create(&path).unwrap();
        ParquetWriter::new(file)
            .with_row_group_size(Some(rows))
            .with_data_page_size(Some(bytes))
            .finish(&mut self.frame())
            .unwrap();
        path
    }
}

/// Returns the statistics in the footer of a file as text.
pub(super) fn described(snapshot: &Snapshot) -> String {
    let Rows::Files(set) = &snapshot.rows else { return String::new() };
    let chunks = set.footer_statistics(&[0], &super::columns(snapshot)).unwrap();
    format!("{chunks:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_known_of_random_tables_is_so(table in table(), rows in 1_usize..40, bytes in 1_usize..200) {
        let folder = TempDir::new().unwrap();
        let path = table.written(&folder, rows, bytes);
        let footers = hold(&opened(&path).unwrap(), "random", Trust::Footer).unwrap();
        assert!(footers.nulls > 0);
    }
}
