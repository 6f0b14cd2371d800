//! Random predicates on random tables in Parquet files of a few small row groups, with and without trust in
//! footers. What statistics and dictionaries prove must hold row by row.

use std::fs::File;

use karat::Data;
use karat::source::Trust;
use karat::{CheckOptions, check};
use polars::prelude::{ParquetCompression, ParquetWriter, StatisticsOptions};
use proptest::prelude::*;

use super::rows::{checks, config, expected, options, refused, suite, written};
use super::table::{Table, table};

/// Generates a table whose rows are sorted by one column, so that statistics of row groups decide something.
fn ordered() -> impl Strategy<Value = Table> {
    (table(), any::<prop::sample::Index>()).prop_map(|(mut table, by)| {
        let width = table.rows.first().map_or(1, Vec::len);
        table.rows.sort_by_cached_key(|row| format!("{:?}", row[by.index(width)]));
        table
    })
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn what_files_prove_is_what_holds_row_by_row(
        table in ordered(),
        checks in checks(),
        (rows_of_file, rows_of_group) in (1_usize..40, 1_usize..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let frame = table.frame();
        for (file, start) in (0..frame.height().max(1)).step_by(rows_of_file).enumerate() {
            let path = folder.path().join(format!("{file:03}.parquet"));
            ParquetWriter::new(File::create(path).unwrap())
                .with_statistics(StatisticsOptions::full())
                .with_compression(ParquetCompression::Uncompressed)
                .with_row_group_size(Some(rows_of_group))
                .finish(&mut frame.slice(i64::try_from(start).unwrap(), rows_of_file))
                .unwrap();
        }
        let checks: Vec<_> = checks
            .into_iter()
            .filter(|check| !refused(&check.predicate) && !check.filter.as_ref().is_some_and(refused))
            .collect();
        for trust in [Trust::None, Trust::Footer] {
            let data = Data::from(folder.path().display().to_string());
            let suite = suite(checks.iter().map(|check| (None, written(check))));
            let run = check(&suite, data, &CheckOptions { trust, ..options() });
            for (check, outcome) in checks.iter().zip(&run.suites[0].outcomes) {
                let (counts, failing) = expected(check, &table);
                prop_assert_eq!(outcome.counts, Some(counts), "{:?} {}\n{:?}", trust, written(check), outcome.reason);
                let sampled: Vec<_> = outcome.samples.rows.iter().filter_map(|sample| sample.position).collect();
                prop_assert_eq!(sampled, &failing[..failing.len().min(10)], "{:?} {}", trust, written(check));
            }
        }
    }
}
