//! What deletion vectors cost: lineitem as a Delta table whose files all have one, beside the same
//! table without. At most 1.3 times as much is the aim.
//!
//! `cargo bench --bench deletion_vectors`; `KARAT_BENCH_SCALE` sets TPC-H's scale factor (1: 6 million rows).

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a bench stops where it cannot measure")]

mod table;

use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use karat::engine::polars::{Snapshot, open};
use karat::source::{At, Opened as _, StorageOptions};
use karat::{CheckOptions, Suite, check};
use roaring::RoaringTreemap;
use serde_json::json;

use crate::table::{scale, table};

const FORTY_CHECKS: &str = include_str!("lineitem.yml");

/// Which rows of a file are deleted.
#[derive(Clone, Copy)]
struct Deleted {
    name: &'static str,
    rows: fn(u64) -> bool,
}

const DELETED: [Deleted; 3] = [
    Deleted { name: "without", rows: |_| false },
    // Scattered, as deletions of single rows leave them.
    Deleted { name: "one row in a hundred", rows: |row| row.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 100 == 0 },
    // Runs, as deletions of a day or a customer leave them.
    Deleted { name: "a third, in runs", rows: |row| row / 1000 % 3 == 0 },
];

/// A Delta table of the same files, with a vector for each of them.
fn delta(deleted: Deleted) -> PathBuf {
    let (files, names) = table(scale(1.0));
    // Beside the files, lest a reader of their folder finds them twice.
    let folder = files.with_file_name(format!("lineitem-delta-{}", scale(1.0))).join(deleted.name);
    let log = folder.join("_delta_log");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&log).unwrap();
    let features = ["deletionVectors"];
    let protocol = json!({"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": features});
    let metadata = json!({
        "id": "lineitem", "format": {"provider": "parquet", "options": {}}, "partitionColumns": [],
        "schemaString": schema(&files.join(&names[0])).to_string(), "configuration": {"delta.enableDeletionVectors": "true"},
    });
    let mut actions = vec![json!({"protocol": protocol}), json!({"metaData": metadata})];
    // The file of vectors whose UUID is all zeros.
    let mut vectors = vec![1];
    for name in &names {
        std::fs::hard_link(files.join(name), folder.join(name)).unwrap();
        let size = std::fs::metadata(files.join(name)).unwrap().len();
        let rows = snapshot(&files.join(name)).identity.rows.unwrap();
        let gone: RoaringTreemap = (0..rows).filter(|row| (deleted.rows)(*row)).collect();
        let stats = json!({"numRecords": rows, "tightBounds": gone.is_empty()}).to_string();
        let mut add = json!({"path": name, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": true, "stats": stats});
        if !gone.is_empty() {
            let (offset, size) = write(&gone, &mut vectors);
            add["deletionVector"] = json!({
                "storageType": "u", "pathOrInlineDv": "0".repeat(20), "offset": offset,
                "sizeInBytes": size, "cardinality": gone.len(),
            });
        }
        actions.push(json!({"add": add}));
    }
    std::fs::write(folder.join("deletion_vector_00000000-0000-0000-0000-000000000000.bin"), vectors).unwrap();
    let commit = actions.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    std::fs::write(log.join("00000000000000000000.json"), commit).unwrap();
    folder
}

/// Adds a vector to a file of such, and tells where it begins and how long it is.
fn write(rows: &RoaringTreemap, file: &mut Vec<u8>) -> (usize, usize) {
    const MAGIC: u32 = 1_681_511_377;
    let mut bitmap = MAGIC.to_le_bytes().to_vec();
    rows.serialize_into(&mut bitmap).unwrap();
    let offset = file.len();
    file.extend(u32::try_from(bitmap.len()).unwrap().to_be_bytes());
    file.extend(&bitmap);
    file.extend(crc32fast::hash(&bitmap).to_be_bytes());
    (offset, bitmap.len())
}

fn snapshot(of: &Path) -> Snapshot {
    open(&of.display().to_string(), At::Latest, &StorageOptions::default()).unwrap()
}

/// The schema of a Parquet file as a log writes it.
fn schema(file: &Path) -> serde_json::Value {
    let snapshot = snapshot(file);
    let fields = snapshot.schema.fields.iter().map(|field| {
        let kind = match field.data_type.to_string().as_str() {
            "int32" => "integer",
            "int64" => "long",
            "float64" => "double",
            other => return json!({"name": field.name, "type": other, "nullable": true, "metadata": {}}),
        };
        json!({"name": field.name, "type": kind, "nullable": true, "metadata": {}})
    });
    json!({"type": "struct", "fields": fields.collect::<Vec<_>>()})
}

/// Reads every column, and does little with them.
fn not_null() -> String {
    let (files, names) = table(scale(1.0));
    let schema = snapshot(&files.join(&names[0])).schema;
    let columns = schema.names().map(|name| format!("  {name}: [not_null]")).collect::<Vec<_>>().join("\n");
    format!("suite: reading\ncolumns:\n{columns}\n")
}

fn deletion_vectors(criterion: &mut Criterion) {
    let tables = DELETED.map(|deleted| (deleted, delta(deleted)));
    let forty_checks = FORTY_CHECKS.to_owned();
    for (name, suite) in [("every column, 16 checks", not_null()), ("40 checks", forty_checks)] {
        let mut group = criterion.benchmark_group(format!("deletion vectors: {name}"));
        group.sample_size(10);
        for (deleted, folder) in &tables {
            let uri = folder.display().to_string();
            let details = snapshot(folder).details().unwrap();
            let with_vectors = if deleted.name == "without" { Some(0) } else { details.identity.files };
            assert_eq!(Some(details.files_with_vectors), with_vectors);
            let run = check(&Suite::from_yaml(&suite).unwrap(), uri.as_str(), &CheckOptions::default());
            assert_eq!(run.suites[0].execution.as_ref().map(|(_, execution)| execution.scans), Some(1));
            group.bench_function(deleted.name, |bencher| {
                bencher.iter(|| {
                    check(&Suite::from_yaml(&suite).unwrap(), uri.as_str(), &CheckOptions::default())
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, deletion_vectors);
criterion_main!(benches);
