//! Parquet in a bucket: a file, a folder, partitions, a pattern; and what of it is fetched.

use karat::data::Value;
use polars::prelude::*;

use super::s3::S3;
use super::{HOLDS, assert_passes, bytes_read, error, many, orders, parquet_bytes, run};
use crate::support::only;

#[test]
fn a_file_a_folder_and_a_pattern_are_read() {
    let server = S3::new();
    let bytes = parquet_bytes(orders());
    server.put("one/orders.parquet", &bytes);
    server.put("one/notes.txt", b"no data");
    server.put("one/_old/orders.parquet", b"hidden");
    server.put("one/more/.tmp.parquet", b"hidden");
    for place in ["one/orders.parquet", "one", "one/", "one/ord*.parquet", "o?e/*.parquet", "o*"] {
        let run = run(&server, HOLDS, &format!("s3a://lake/{place}"));
        assert_passes(&run);
        assert_eq!(run.suites[0].snapshot.as_ref().unwrap().files, Some(1), "{place}");
    }
    // A pattern finds hidden folders too.
    let hidden = error(&run(&server, HOLDS, "s3://lake/**/orders.parquet"));
    assert!(hidden.contains("s3://lake/one/_old/orders.parquet"), "{hidden}");
}

#[test]
fn folders_name_partitions() {
    let server = S3::new();
    for (day, id) in [("2021-01-01", 1_i64), ("2021-01-02", 2), ("__HIVE_DEFAULT_PARTITION__", 3)] {
        let bytes = parquet_bytes(df!("id" => [id]).unwrap());
        server.put(&format!("events/day={day}/_kind=a b/part 0%.parquet"), &bytes);
    }
    let suite = "
suite: s
columns:
  day: [type: date, {not_null: ~, fail_if: '> 1'}]
  _kind: [in_set: [a b]]
  id: [sum: {min: 6, max: 6}]";
    for place in ["events", "events/day=*/*/*.parquet", "events/*"] {
        assert_passes(&run(&server, suite, &format!("s3://lake/{place}")));
    }
}

#[test]
fn only_the_columns_that_are_named_are_fetched_and_only_once() {
    let server = S3::new();
    let bytes = parquet_bytes(many());
    server.put("many.parquet", &bytes);
    let uri = "s3://lake/many.parquet";
    // The second pass, for failing rows, brings nothing new of the column.
    let failing = "{suite: s, columns: {id: [{between: {min: 18000000000000000000}, samples: 2}]}}";
    let run = run(&server, failing, uri);
    assert_eq!(only(&run).samples.rows.len(), 2);
    let whole = bytes.len() as u64;
    let read = bytes_read(&run);
    assert!(read > whole / 2 && read < whole / 2 + (70 << 10), "{read} of {whole}");
}

#[test]
fn a_row_is_told_by_the_name_of_its_file() {
    let server = S3::new();
    server.put("a/x.parquet", &parquet_bytes(orders()));
    server.put("a/y.parquet", &parquet_bytes(orders()));
    let suite = "{suite: s, columns: {status: [in_set: [O, F]]}}";
    let run = run(&server, suite, "s3://lake/a");
    let rows = &only(&run).samples.rows;
    let told: Vec<_> = rows.iter().map(|row| (row.file.clone().unwrap(), row.row.unwrap())).collect();
    assert_eq!(told, [("x.parquet".to_owned(), 2), ("y.parquet".to_owned(), 2)]);
    assert_eq!(run.suites[0].uri.as_deref(), Some("s3://lake/a"));
}

#[test]
fn what_is_no_data_is_an_error_that_names_it() {
    let server = S3::new();
    server.put("bad/x.parquet", b"this is no parquet file, though it is called one");
    server.put("short/x.parquet", b"PAR1");
    server.put("text/x.txt", b"hello");
    server.put("cut/x.parquet", &parquet_bytes(many())[..100_000]);
    for (place, message) in [
        ("bad/x.parquet", "cannot read s3://lake/bad/x.parquet as Parquet: no Parquet footer; truncated?"),
        ("bad", "cannot read s3://lake/bad/x.parquet as Parquet: no Parquet footer; truncated?"),
        ("short", "cannot read s3://lake/short/x.parquet as Parquet: no Parquet footer; truncated?"),
        ("cut", "cannot read s3://lake/cut/x.parquet as Parquet: no Parquet footer; truncated?"),
        (
            "text",
            "s3://lake/text holds no table: the folder has neither a _delta_log nor a .parquet file, \
             nor one of text or Arrow that is called so",
        ),
        ("none", "nothing lies at s3://lake/none"),
        ("none/x.parquet", "nothing lies at s3://lake/none/x.parquet"),
        ("none/*.parquet", "s3://lake/none/*.parquet holds no table: the pattern matches no file"),
        (
            "bad@v1",
            "s3://lake/bad cannot be opened: only a Delta table has versions, and there is no _delta_log",
        ),
    ] {
        assert_eq!(error(&run(&server, HOLDS, &format!("s3://lake/{place}"))), message);
    }
}

#[test]
fn a_long_footer_is_fetched_whole() {
    let server = S3::new();
    let columns: Vec<Column> = (0..1_500)
        .map(|index| Column::new(format!("a column with a long name {index}").into(), [index]))
        .collect();
    let bytes = parquet_bytes(DataFrame::new_infer_height(columns).unwrap());
    server.put("wide.parquet", &bytes);
    let suite = "{suite: s, columns: {a column with a long name 7: [sum: {min: 7, max: 7}]}}";
    let run = run(&server, suite, "s3://lake/wide.parquet");
    assert_passes(&run);
    assert!(bytes.len() > 100 << 10);
    assert_eq!(only(&run).observed, Value::Integer(7));
}
