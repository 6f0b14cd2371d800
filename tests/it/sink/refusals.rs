//! Tables that ask more of their writers than is done here, and those that only seem to.

use std::path::Path;

use karat::StorageOptions;
use karat::sink::{SinkError, WriteOptions};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{append, assert_ids, at, evolve, overwrite, rows, write};

/// What a table says of itself.
struct Table {
    readers: i32,
    writers: i32,
    reader_features: &'static [&'static str],
    writer_features: &'static [&'static str],
    properties: Json,
    /// The metadata of its columns.
    of_id: Json,
    of_column: Json,
    information: Json,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            readers: 3,
            writers: 7,
            reader_features: &[],
            writer_features: &[],
            properties: json!({}),
            of_id: json!({}),
            of_column: json!({}),
            information: json!({"operation": "CREATE TABLE"}),
        }
    }
}

impl Table {
    fn legacy(writers: i32) -> Self {
        Self { readers: if writers >= 5 { 2 } else { 1 }, writers, ..Self::default() }
    }

    fn made(&self, place: &Path) {
        std::fs::create_dir_all(place.join("_delta_log")).unwrap();
        let mut protocol = json!({"minReaderVersion": self.readers, "minWriterVersion": self.writers});
        if self.readers == 3 {
            protocol["readerFeatures"] = json!(self.reader_features);
        }
        if self.writers == 7 {
            protocol["writerFeatures"] = json!(self.writer_features);
        }
        let schema = json!({"type": "struct", "fields": [
            {"name": "id", "type": "long", "nullable": true, "metadata": self.of_id},
            {"name": "name", "type": "string", "nullable": true, "metadata": self.of_column},
        ]});
        let metadata = json!({
            "id": "5f0e4f2c-0000-4000-8000-000000000000", "format": {"provider": "parquet", "options": {}},
            "schemaString": schema.to_string(), "partitionColumns": [], "configuration": self.properties,
        });
        let lines = [
            json!({"commitInfo": self.information}),
            json!({"protocol": protocol}),
            json!({"metaData": metadata}),
        ];
        let text = lines.map(|line| line.to_string()).join("\n");
        std::fs::write(place.join("_delta_log/00000000000000000000.json"), text).unwrap();
    }

    /// Writes to the table, and reads what is there.
    fn written(&self, options: &WriteOptions) -> Result<(), String> {
        let folder = TempDir::new().unwrap();
        let place = folder.path().join("table");
        self.made(&place);
        match write(&at(&place), &[rows(0..2)], options, 1) {
            Ok(done) => {
                assert_eq!(done.version, Some(1));
                write(&at(&place), &[rows(2..3)], &append(), 2).unwrap();
                assert_ids(place.to_str().unwrap(), &StorageOptions::default(), &[0, 1, 2]);
                Ok(())
            }
            Err(SinkError::Unsupported { reason, .. }) => {
                assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1);
                Err(reason)
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn what_is_not_done_right_is_refused_by_name() {
    let features = |writer_features| Table { writer_features, ..Table::default() };
    let both = |feature: &'static [&'static str]| Table {
        reader_features: feature,
        writer_features: feature,
        ..Table::default()
    };
    let column = |writers, of_column| Table { of_column, ..Table::legacy(writers) };
    let properties = |writers, properties| Table { properties, ..Table::legacy(writers) };
    let mapped = |id: i32| json!({"delta.columnMapping.id": id, "delta.columnMapping.physicalName": format!("col-{id}")});
    let cases = [
        (
            properties(3, json!({"delta.constraints.positive": "id > 0"})),
            "it has the CHECK constraint positive (checkConstraints)",
        ),
        (
            column(2, json!({"delta.invariants": r#"{"expression":{"expression":"id > 3"}}"#})),
            "its column name has an invariant (invariants)",
        ),
        (
            column(4, json!({"delta.generationExpression": "cast(id as string)"})),
            "its column name is generated (generatedColumns)",
        ),
        (
            column(
                6,
                json!({"delta.identity.start": 1, "delta.identity.step": 1, "delta.identity.allowExplicitInsert": false}),
            ),
            "its column name is an identity (identityColumns)",
        ),
        (
            Table {
                properties: json!({"delta.columnMapping.mode": "name", "delta.columnMapping.maxColumnId": "2"}),
                of_id: mapped(1),
                of_column: mapped(2),
                ..Table::legacy(5)
            },
            "its columns are mapped to others (columnMapping)",
        ),
        (
            features(&["rowTracking", "domainMetadata"]),
            "its rows have ids that their writer gives (rowTracking)",
        ),
        (features(&["clustering", "domainMetadata"]), "its rows are clustered (clustering)"),
        (features(&["icebergCompatV2"]), "it asks its writers for more than is known here (icebergCompatV2)"),
        (features(&["ofTomorrow"]), "it asks its writers for more than is known here (ofTomorrow)"),
        (
            both(&["catalogManaged"]),
            "its commits are kept by a catalog, without which the newest are not known (catalogManaged)",
        ),
        (both(&["variantType"]), "it asks its writers for more than is known here (variantType)"),
    ];
    for (table, expected) in cases {
        let reason = table.written(&append()).unwrap_err();
        assert_eq!(reason, expected);
    }
    let widened = both(&["typeWidening"]);
    assert!(widened.written(&evolve()).unwrap_err().contains("(typeWidening)"));
    widened.written(&append()).unwrap();
    let kept = properties(2, json!({"delta.appendOnly": "true"}));
    assert_eq!(
        kept.written(&overwrite()).unwrap_err(),
        "it is append-only, by its property delta.appendOnly"
    );
    kept.written(&append()).unwrap();
}

/// What a table could ask, and does not, is no reason to refuse it.
#[test]
fn what_is_not_used_is_no_reason() {
    for writers in 1..=6 {
        Table { readers: 1, ..Table::legacy(writers) }.written(&append()).unwrap();
    }
    let table = Table {
        reader_features: &["deletionVectors", "v2Checkpoint", "vacuumProtocolCheck"],
        writer_features: &[
            "appendOnly",
            "invariants",
            "checkConstraints",
            "changeDataFeed",
            "generatedColumns",
            "identityColumns",
            "allowColumnDefaults",
            "domainMetadata",
            "deletionVectors",
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "checkpointProtection",
        ],
        properties: json!({"delta.enableChangeDataFeed": "true", "delta.enableDeletionVectors": "true"}),
        ..Table::default()
    };
    for options in [append(), overwrite(), evolve()] {
        table.written(&options).unwrap();
    }
}

/// Where a table keeps the times of its commits in them, they grow, whatever the clock says.
#[test]
fn times_in_commits_grow() {
    let folder = TempDir::new().unwrap();
    let late = super::now().timestamp_millis() + 1_000_000;
    let table = Table {
        writer_features: &["inCommitTimestamp"],
        properties: json!({"delta.enableInCommitTimestamps": "true"}),
        information: json!({"inCommitTimestamp": late, "operation": "CREATE TABLE"}),
        ..Table::default()
    };
    let place = folder.path().join("table");
    table.made(&place);
    let slow = super::written(&at(&place), &[rows(2..3)], &append()).unwrap();
    write(&at(&place), &[rows(0..2)], &append(), 1).unwrap();
    slow.commit(&super::provenance(2)).unwrap();
    for version in 1..=2 {
        let text = std::fs::read_to_string(place.join(format!("_delta_log/{version:020}.json"))).unwrap();
        let first: Json = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["commitInfo"]["inCommitTimestamp"], json!(late + version));
    }
    assert_ids(place.to_str().unwrap(), &StorageOptions::default(), &[0, 1, 2]);
}

/// A column that must have a value.
#[test]
fn a_column_that_must_have_values_gets_some() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("table");
    Table::legacy(2).made(&place);
    let log = place.join("_delta_log/00000000000000000000.json");
    let text = std::fs::read_to_string(&log).unwrap();
    let text = text.replacen(r#"\"nullable\":true"#, r#"\"nullable\":false"#, 1);
    std::fs::write(&log, text).unwrap();
    let without = |batch: arrow::array::RecordBatch| write(&at(&place), &[batch], &append(), 1).unwrap_err();
    let names = super::batch([("name", rows(0..1).column(1).clone())]);
    assert!(without(names).to_string().contains("it must have a value in each row, and the rows have none"));
    let nulls: arrow::array::ArrayRef =
        std::sync::Arc::new(arrow::array::Int64Array::from(vec![Some(1), None]));
    let nulls = super::batch([("id", nulls)]);
    assert!(without(nulls).to_string().contains("it must have a value in each row, and 1 have none"));
    write(&at(&place), &[rows(0..2)], &append(), 2).unwrap();
    assert_ids(place.to_str().unwrap(), &StorageOptions::default(), &[0, 1]);
}
