//! Tables that Spark and delta-rs have made, with all that they know: appended to and overwritten, or refused by name.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use karat::engine::polars::open;
use karat::evaluate::Verdict;
use karat::sink::{Mode, WriteOptions};
use karat::source::At;
use karat::{CheckOptions, StorageOptions, Suite, Trust, check};
use tempfile::TempDir;

use super::{at, batch, evolve, write};
use crate::delta_fixtures::copy_with_place;

/// The rows of a table as karat reads them, each byte of them; `None` if it does not.
fn count(table: &Path) -> Option<u64> {
    let uri = table.to_str().unwrap();
    let opened = open(uri, At::Latest, &StorageOptions::default()).ok()?;
    let names = opened.schema.fields.iter().map(|field| format!("`{}`", field.name.replace('`', "``")));
    let columns: Vec<String> = names
        .map(|name| format!("{}: [{{null: null, severity: info}}]", serde_json::Value::from(name)))
        .collect();
    let suite = format!("{{suite: s, columns: {{{}}}, table: [row_count: {{min: 0}}]}}", columns.join(", "));
    let options = CheckOptions { trust: Trust::None, ..CheckOptions::default() };
    let run = check(&Suite::from_yaml(&suite).unwrap(), uri, &options);
    if run.suites[0].error.is_some() || run.suites[0].outcomes.iter().any(|it| it.verdict == Verdict::Error) {
        return None;
    }
    Some(run.suites[0].outcomes.iter().find_map(|it| it.counts.map(|counts| counts.rows)).unwrap_or_default())
}

/// Rows of a column that no table has; all others are null.
fn new_rows() -> RecordBatch {
    batch([("of_karat", Arc::new(Int64Array::from(vec![1, 2, 3])) as ArrayRef)])
}

#[test]
fn tables_of_others_are_written_right_or_refused() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta");
    let mut fixtures: Vec<_> = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.json").exists())
        .collect();
    fixtures.sort();
    let mut told = String::new();
    let mut written = 0;
    for fixture in fixtures {
        let name = fixture.file_name().unwrap().to_str().unwrap().to_owned();
        let (mut results, mut known) = (Vec::new(), None);
        for mode in [Mode::Append, Mode::Overwrite] {
            let copy = TempDir::new().unwrap();
            copy_with_place(&fixture, copy.path(), copy.path());
            let table = copy.path().join("table");
            let before = *known.get_or_insert_with(|| count(&table));
            let result = write(&at(&table), &[new_rows()], &WriteOptions { mode, ..evolve() }, 1);
            results.push(match (before, result) {
                (Some(before), Ok(_)) => {
                    let expected = if mode == Mode::Append { before + 3 } else { 3 };
                    assert_eq!(count(&table), Some(expected), "{name} {mode:?}");
                    written += 1;
                    "written".to_owned()
                }
                (None, Ok(_)) => "written, and not read before".to_owned(),
                (_, Err(error)) => {
                    // Nothing has changed.
                    assert_eq!(count(&table), before, "{name} {mode:?}");
                    let folder = copy.path().to_str().unwrap();
                    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                    (error.to_string() + &cause.unwrap_or_default()).replace(folder, "")
                }
            });
        }
        results.dedup();
        let results = results.join(" | ");
        if results != "written" {
            told += &format!("{name}: {results}\n");
        }
    }
    assert!(written > 20, "{written}");
    insta::assert_snapshot!(told, @r"
    clustered: /table cannot be written to: its rows are clustered (clustering)
    corrupt_vector: written, and not read before
    mapped_by_id: /table cannot be written to: its columns are mapped to others (columnMapping)
    mapped_by_id_partition: /table cannot be written to: its columns are mapped to others (columnMapping)
    mapped_by_name: /table cannot be written to: its columns are mapped to others (columnMapping)
    mapped_late: /table cannot be written to: its columns are mapped to others (columnMapping)
    mapped_odd_names: /table cannot be written to: its columns are mapped to others (columnMapping)
    mapped_partition: /table cannot be written to: its columns are mapped to others (columnMapping)
    mapped_swapped: /table cannot be written to: its columns are mapped to others (columnMapping)
    missing_commit: /table cannot be written to: cannot read the Delta log of /table: Generic delta kernel error: Expected contiguous commit files, but found gap
    missing_file: written, and not read before
    missing_vector: written, and not read before
    partition_types: /table cannot take the column p_binary: a table cannot be partitioned by a column of this type
    row_tracking: /table cannot be written to: its rows have ids that their writer gives (rowTracking)
    unknown_reader_feature: /table cannot be written to: it asks its writers for more than is known here (rowsWrittenBackwards)
    variants: /table cannot be written to: it asks its writers for more than is known here (variantType)
    widened: /table cannot be written to: it may have columns whose types were widened (typeWidening), and is to get new ones
    widened_nested: /table cannot be written to: it may have columns whose types were widened (typeWidening), and is to get new ones
    writer_features: /table cannot be written to: it has the CHECK constraint positive (checkConstraints)
    ");
}
