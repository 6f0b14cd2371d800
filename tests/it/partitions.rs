//! Partition values come from the Delta log, or from the folders of a Parquet dataset.

use std::path::Path;

use crate::support::{assert_all_pass, judge_reading_all, only};
use karat::data::Value;
use karat::evaluate::Verdict;
use polars::prelude::*;
use serde_json::json;

fn parquet(path: &Path, ids: std::ops::Range<i64>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut frame = df!("id" => ids.collect::<Vec<_>>()).unwrap();
    ParquetWriter::new(std::fs::File::create(path).unwrap()).finish(&mut frame).unwrap();
}

/// The partition columns of the table: name, type, the value of each of its three files.
const PARTITIONS: [(&str, &str, [Option<&str>; 3]); 10] = [
    ("flag", "boolean", [Some("true"), Some("false"), None]),
    ("small", "byte", [Some("-128"), Some("127"), None]),
    ("whole", "long", [Some("9223372036854775807"), Some("-1"), Some("")]),
    ("real", "double", [Some("1.5"), Some("1.0E10"), Some("NaN")]),
    ("exact", "decimal(10,2)", [Some("1.50"), Some("-0.01"), None]),
    ("day", "date", [Some("2021-01-01"), Some("1969-12-31"), None]),
    ("at", "timestamp", [Some("2021-01-01 00:00:00.000000"), Some("2021-01-01T00:00:01.000001Z"), None]),
    ("text", "string", [Some("a b%c"), Some("x=y/z [*]?"), Some("列")]),
    ("bytes", "binary", [Some("abc"), Some("d"), None]),
    ("a.b", "string", [Some("__HIVE_DEFAULT_PARTITION__"), Some("null"), Some("'")]),
];

/// A Delta table of three files with ten rows each, under names that a path must not be taken for.
fn table(folder: &Path) -> String {
    let log = folder.join("_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    let field =
        |name: &str, kind: &str| json!({"name": name, "type": kind, "nullable": true, "metadata": {}});
    let fields: Vec<_> =
        PARTITIONS.iter().map(|(name, kind, _)| field(name, kind)).chain([field("id", "long")]).collect();
    let mut actions = vec![
        json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
        json!({"metaData": {
            "id": "1", "format": {"provider": "parquet", "options": {}}, "configuration": {},
            "schemaString": json!({"type": "struct", "fields": fields}).to_string(),
            "partitionColumns": PARTITIONS.map(|(name, _, _)| name),
        }}),
    ];
    let names = ["flag=false/a b%20c.parquet", "[x]*?.parquet", "列=1/ü#.parquet"];
    for (index, name) in names.iter().enumerate() {
        let first = i64::try_from(index).unwrap() * 10;
        parquet(&folder.join(name), first..first + 10);
        let values: serde_json::Map<_, _> =
            PARTITIONS.iter().map(|(name, _, values)| ((*name).to_owned(), json!(values[index]))).collect();
        let path = name.replace('%', "%25").replace(' ', "%20").replace('?', "%3F").replace('#', "%23");
        let size = std::fs::metadata(folder.join(name)).unwrap().len();
        actions.push(json!({"add": {
            "path": path, "partitionValues": values, "size": size, "modificationTime": 0, "dataChange": true,
        }}));
    }
    let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
    std::fs::write(log.join("00000000000000000000.json"), lines.join("\n")).unwrap();
    folder.display().to_string()
}

#[test]
fn the_log_gives_partition_values_of_every_type() {
    let folder = tempfile::tempdir().unwrap();
    let uri = table(&folder.path().join("a [b] 100% *"));
    assert_all_pass(&judge_reading_all(
        "
suite: partitions
columns:
  flag: [{type: boolean}, {not_null: ~, where: id < 20}, {'null': ~, where: id >= 20}]
  small: [{in_set: [-128, 127]}, {sum: {min: -10, max: -10}}]
  whole: [{in_set: [9223372036854775807, -1]}, {distinct_count: 2}, {'null': ~, where: id >= 20}]
  real: [{in_set: [1.5, 1e10, NaN]}, {max: {max: 1e10}, where: id < 20}]
  exact: [{in_set: [1.5, -0.01]}, {sum: {min: 14.9, max: 14.9}}]
  day: [{in_set: [2021-01-01, 1969-12-31]}, {min: {min: 1969-12-31}}]
  at:
    - in_set: ['2021-01-01T00:00:00Z', '2021-01-01T00:00:01.000001Z']
    - {max: {max: '2021-01-01T00:00:00Z'}, where: id < 10}
  text: [{distinct_values: {equal: ['a b%c', 'x=y/z [*]?', 列]}}, {in_set: ['x=y/z [*]?'], where: id BETWEEN 10 AND 19, id: second text}]
  bytes: [{distinct_count: 2}]
  '`a.b`': [{distinct_values: {equal: [__HIVE_DEFAULT_PARTITION__, 'null', '''']}}]
  id: [{in_set: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], where: flag}, {not_in_set: [0], where: NOT flag}]
table:
  - row_count: 30
  - columns: [flag, small, whole, real, exact, day, at, text, bytes, '`a.b`', id]
  - {unique: [text, id]}
  - {rows: text = 'a b%c' OR id >= 10, id: by file}
",
        uri.clone(),
    ));
    let run =
        judge_reading_all("{suite: failing, columns: {flag: [{in_set: [true], id: false fails}]}}", uri);
    let outcome = only(&run);
    assert_eq!(outcome.counts.unwrap().failing, 10);
    let row = &outcome.samples.rows[0];
    assert_eq!((row.file.as_deref(), row.row), (Some("[x]*?.parquet"), Some(0)));
    assert_eq!(row.values, [("flag".to_owned(), Value::Boolean(false))]);
    assert_eq!(run.suites[0].execution.as_ref().unwrap().1.scans, 2);
}

#[test]
fn a_partition_value_that_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let uri = table(folder.path());
    let log = folder.path().join("_delta_log/00000000000000000000.json");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("1969-12-31", "tomorrow")).unwrap();
    let run = judge_reading_all("{suite: bad, table: [row_count: {min: 0}]}", uri);
    let reason = only(&run).reason.clone().unwrap_or_default();
    assert_eq!(only(&run).verdict, Verdict::Error, "{reason}");
    assert!(reason.contains("tomorrow") && reason.contains("Delta log"), "{reason}");
}

#[test]
fn folders_give_partition_values_of_parquet_files() {
    let folder = tempfile::tempdir().unwrap();
    for (index, name) in [
        "year=2020/flag=true/at=2021-01-01 00%3A00%3A00/a b.parquet",
        "year=2021/flag=false/at=__HIVE_DEFAULT_PARTITION__/[1]%25.parquet",
    ]
    .iter()
    .enumerate()
    {
        let first = i64::try_from(index).unwrap() * 10;
        parquet(&folder.path().join(name), first..first + 10);
    }
    let suite = "
suite: folders
columns:
  year: [{type: int64}, {in_set: [2020], where: id < 10}, {in_set: [2021], where: id >= 10, id: later year}]
  flag: [{type: string}, {distinct_values: {equal: ['true', 'false']}}]
  at: [{in_set: ['2021-01-01 00:00:00']}, {'null': ~, where: id >= 10}, {not_null: ~, where: id < 10}]
table: [row_count: 20]
";
    assert_all_pass(&judge_reading_all(suite, folder.path().display().to_string()));
    assert_all_pass(&judge_reading_all(suite, format!("{}/year=*", folder.path().display())));
}
