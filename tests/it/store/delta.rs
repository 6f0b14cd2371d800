//! Delta tables in a bucket.

use karat::data::Value;
use karat::source::At;
use karat::{CheckOptions, Data, Suite, check};
use serde_json::json;

use super::s3::S3;
use super::{HOLDS, assert_passes, copy, error, orders, parquet_bytes, run, run_with};
use crate::corpora::corpora;
use crate::support::only;

const ROWS: &str = "{suite: rows, table: [row_count: {min: 0}]}";

/// A server whose bucket holds the tables of delta-rs.
fn tables() -> S3 {
    S3::of(corpora("delta"))
}

fn rows(server: &S3, table: &str) -> (Option<u64>, Value) {
    let run = run(server, ROWS, &format!("s3://delta-rs/{table}"));
    assert_eq!(run.suites[0].error, None, "{table}");
    (run.suites[0].snapshot.as_ref().unwrap().version, Value::clone(&only(&run).observed))
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn tables_with_checkpoints_vectors_and_partitions_are_read() {
    let server = tables();
    for (table, version, count) in [
        ("simple_table_with_checkpoint", 10, 11),
        ("simple_table_with_checkpoint/", 10, 11),
        ("simple_table_with_checkpoint@v3", 3, 4),
        ("table-with-dv-small", 1, 8),
        ("delta-0.8.0-partitioned", 0, 7),
        ("delta-0.8.0-special-partition", 0, 2),
        ("checkpoint-v2-table", 9, 44),
    ] {
        assert_eq!(rows(&server, table), (Some(version), Value::Integer(count)), "{table}");
    }
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_version_that_is_not_there_is_told() {
    let server = tables();
    let message = error(&run(&server, ROWS, "s3://delta-rs/simple_table@v99"));
    assert_eq!(
        message,
        "cannot read the Delta log of s3://delta-rs/simple_table: there is no version 99; the newest is 4"
    );
    let time = chrono::DateTime::from_timestamp(0, 0).unwrap();
    let data = Data::Uri { uri: "s3://delta-rs/simple_table".to_owned(), at: At::Timestamp(time) };
    assert!(error(&run_with(ROWS, data, server.options())).contains("no version of 1970-01-01"));
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_data_file_that_is_missing_is_named() {
    let server = S3::new();
    let table = corpora("delta/delta-rs/simple_table_with_checkpoint");
    copy(&table, &server.path("t"));
    let file = std::fs::read_dir(server.path("t")).unwrap().map(|entry| entry.unwrap().path());
    let file = file.filter(|path| path.extension().is_some_and(|kind| kind == "parquet")).min().unwrap();
    std::fs::remove_file(&file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        error(&run(&server, ROWS, "s3://lake/t")),
        format!(
            "s3://lake/t/{name} is not there, and the table's log names it: it was removed, perhaps by a vacuum"
        )
    );
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_table_may_have_any_name() {
    let server = S3::new();
    let table = corpora("delta/delta-rs/table-with-dv-small");
    copy(&table, &server.path("a b%20c/t#1"));
    let told = run(&server, ROWS, "s3://lake/a b%20c/t#1");
    assert_eq!(told.suites[0].error, None);
    assert_eq!(only(&told).observed, Value::Integer(8));
}

/// A table of one data file of so many bytes, which its log places anywhere.
fn table_of(server: &S3, data_file: &str, size: usize) {
    let schema = json!({"type": "struct", "fields": [
        {"name": "id", "type": "long", "nullable": true, "metadata": {}},
        {"name": "status", "type": "string", "nullable": true, "metadata": {}},
    ]});
    let log = [
        json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
        json!({"metaData": {
            "id": "1", "format": {"provider": "parquet", "options": {}}, "configuration": {},
            "schemaString": schema.to_string(), "partitionColumns": [],
        }}),
        json!({"add": {
            "path": data_file, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": true,
        }}),
    ];
    let log = log.map(|action| action.to_string()).join("\n");
    server.put("clone/_delta_log/00000000000000000000.json", log.as_bytes());
}

#[test]
fn a_log_may_lead_to_another_bucket_but_to_nobody_else() {
    let server = S3::new();
    let bytes = parquet_bytes(orders());
    server.put("../other/a b.parquet", &bytes);
    table_of(&server, "s3://other/a%20b.parquet", bytes.len());
    assert_passes(&run(&server, HOLDS, "s3://lake/clone"));
    for elsewhere in ["gs://other/x.parquet", "file:///etc/passwd", "http://127.0.0.1:1/x.parquet"] {
        table_of(&server, elsewhere, bytes.len());
        let message = error(&run(&server, HOLDS, "s3://lake/clone"));
        assert!(
            message.starts_with(&format!("{elsewhere} cannot be opened: the log of a table elsewhere")),
            "{message}"
        );
    }
}

#[test]
fn an_object_of_another_size_than_the_log_says_is_named() {
    let server = S3::new();
    let bytes = parquet_bytes(orders());
    server.put("clone/a b.parquet", &bytes);
    for (wrong, is_error) in [(bytes.len(), false), (1, true), (bytes.len() + 7, true), (1 << 20, true)] {
        table_of(&server, "a%20b.parquet", wrong);
        let told = run(&server, HOLDS, "s3://lake/clone");
        if !is_error {
            assert_passes(&told);
            continue;
        }
        let words = format!(
            "s3://lake/clone/a b.parquet has {} bytes, and the table's log says {wrong}: ",
            bytes.len()
        );
        assert!(error(&told).starts_with(&words), "{}", error(&told));
    }
}

#[test]
fn names_in_a_bucket_are_taken_as_they_are() {
    let server = S3::new();
    let bytes = parquet_bytes(orders());
    for name in ["a b", "a%20b", "t@v1", "a#b", "a?b", "größe", "[a]"] {
        server.put(&format!("{name}/x.parquet"), &bytes);
        assert_passes(&run(&server, HOLDS, &format!("s3://lake/{name}")));
        assert_passes(&run(&server, HOLDS, &format!("s3://lake/{name}/x.parquet")));
        // A table in it.
        table_of(&server, "x.parquet", bytes.len());
        let table = server.path(&format!("{name}/table"));
        copy(&server.path("clone"), &table);
        std::fs::write(table.join("x.parquet"), &bytes).unwrap();
        assert_passes(&run(&server, HOLDS, &format!("s3://lake/{name}/table")));
        std::fs::remove_dir_all(table).unwrap();
    }
}

#[test]
fn tables_of_another_kind_are_refused_in_a_bucket_too() {
    let server = S3::new();
    let bytes = parquet_bytes(orders());
    server.put("w/hudi/.hoodie/hoodie.properties", b"x");
    server.put("w/hudi/day=1/a.parquet", &bytes);
    server.put("w/iceberg/metadata/v1.metadata.json", b"{}");
    server.put("w/iceberg/data/day=1/a.parquet", &bytes);
    for (place, name) in [
        ("w/hudi", "it is an Apache Hudi table"),
        ("w/hudi/day=1", "an Apache Hudi table (.hoodie) lies at s3://lake/w/hudi"),
        ("w/hudi/*/*.parquet", "Apache Hudi"),
        ("w/iceberg", "it is an Apache Iceberg table"),
        ("w/iceberg/data", "Apache Iceberg"),
        ("w/iceberg/data/day=1", "Apache Iceberg"),
        ("w", "Apache"),
    ] {
        let told = error(&run(&server, HOLDS, &format!("s3://lake/{place}")));
        assert!(told.contains(name), "{place}: {told}");
    }
    assert_passes(&run(&server, HOLDS, "s3://lake/w/hudi/day=1/a.parquet"));
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn every_table_is_read_as_it_is_from_a_disk() {
    let folder = corpora("delta");
    let server = S3::of(folder.clone());
    let mut wrong = Vec::new();
    for bucket in ["delta-rs", "delta-spark"] {
        for table in std::fs::read_dir(folder.join(bucket)).unwrap() {
            let name = table.unwrap().file_name().into_string().unwrap();
            let uri = folder.join(bucket).join(&name).display().to_string();
            let local = check(&Suite::from_yaml(ROWS).unwrap(), uri, &CheckOptions::default());
            let remote = run(&server, ROWS, &format!("s3://{bucket}/{name}"));
            let (local, remote) = (&local.suites[0], &remote.suites[0]);
            let of = |run: &karat::SuiteRun| {
                let identity = run.snapshot.as_ref();
                (
                    run.error.is_some(),
                    run.outcome("row_count").unwrap().observed.clone(),
                    identity.map(|identity| {
                        (
                            identity.version,
                            identity.files,
                            identity.rows,
                            identity.bytes,
                            identity.digest.clone(),
                        )
                    }),
                )
            };
            if of(local) != of(remote) {
                wrong.push(format!(
                    "{name}: {:?} {:?}\n  {:?} {:?}",
                    local.error,
                    of(local),
                    remote.error,
                    of(remote)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
