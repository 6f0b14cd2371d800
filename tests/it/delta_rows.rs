//! Where failing rows of Delta tables lie.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::only;
use karat::data::Value;
use karat::{CheckOptions, Suite, check};
use polars::prelude::{AnyValue, DataFrame, ParquetReader, SerReader as _};

/// With deletion vectors, several layouts and partitions, a failing row is still told by its file and
/// its number there.
#[test]
fn failing_rows_are_told_by_their_numbers_in_their_files() {
    for (fixture, column) in [
        ("dv_files", "id"),
        ("dv_partitioned", "id"),
        ("dv_many_rows", "hundred"),
        ("widened", "i"),
        ("evolved", "id"),
    ] {
        let table =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta").join(fixture).join("table");
        let suite = format!("{{suite: rows, columns: {{{column}: [{{between: {{max: -10000}}}}]}}}}");
        let suite = Suite::from_yaml(&suite).unwrap();
        let options = CheckOptions { samples: 5_000, ..CheckOptions::default() };
        let run = check(&suite, table.display().to_string(), &options);
        assert_eq!(run.suites[0].error, None, "{fixture}");
        let mut files: BTreeMap<String, DataFrame> = BTreeMap::new();
        let samples = &only(&run).samples.rows;
        assert!(samples.len() > 1, "{fixture}");
        for sample in samples {
            let name = sample.file.clone().unwrap();
            let frame = files.entry(name.clone()).or_insert_with(|| {
                ParquetReader::new(std::fs::File::open(table.join(&name)).unwrap()).finish().unwrap()
            });
            let row = usize::try_from(sample.row.unwrap()).unwrap();
            let expected = match frame.column(column).unwrap().get(row).unwrap() {
                AnyValue::Int8(id) => i128::from(id),
                AnyValue::Int16(id) => i128::from(id),
                AnyValue::Int32(id) => i128::from(id),
                AnyValue::Int64(id) => i128::from(id),
                other => panic!("{other:?}"),
            };
            assert_eq!(sample.values[0].1, Value::Integer(expected), "{fixture}: {name} row {row}");
        }
    }
}
