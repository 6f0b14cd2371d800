//! The lines of a commit that appends files to a table.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use delta_kernel::schema::{DataType, PrimitiveType, StructType};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A file that is appended.
#[derive(Clone, Debug)]
pub(super) struct NewFile {
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) partition_values: BTreeMap<String, Option<String>>,
    /// The statistics, as JSON.
    pub(super) statistics: String,
}

/// A table that begins with this commit.
#[derive(Clone, Debug)]
pub(super) struct NewTable {
    pub(super) schema: StructType,
    pub(super) partitioned: Vec<String>,
}

/// Whose files are appended, and why they may be.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// By what a table is asked whether it has them.
    pub(super) app_id: String,
    /// Their digest.
    pub(super) digest: String,
    /// The names of the suites, each with its digest.
    pub(super) suites: BTreeMap<String, String>,
}

/// A file with the name that it has in the table.
pub(super) struct NamedFile<'a> {
    pub(super) name: &'a str,
    pub(super) file: &'a NewFile,
}

/// Returns the commit of a version, one action a line. `begins` is the table if it begins with this commit.
pub(super) fn commit(
    version: u64,
    batch: &Batch,
    files: &[NamedFile<'_>],
    begins: Option<&NewTable>,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, String> {
    let milliseconds = now.timestamp_millis();
    let rows: u64 = files.iter().map(|named| named.file.rows).sum();
    let bytes: u64 = files.iter().map(|named| named.file.bytes).sum();
    let metrics = [("numFiles", files.len() as u64), ("numOutputRows", rows), ("numOutputBytes", bytes)];
    let metrics: BTreeMap<&str, String> =
        metrics.into_iter().map(|(name, value)| (name, value.to_string())).collect();
    let names: Vec<&str> = batch.suites.keys().map(String::as_str).collect();
    let mut info = json!({
        "timestamp": milliseconds,
        "operation": "WRITE",
        "operationParameters": {"mode": "Append"},
        "operationMetrics": metrics,
        // What was there was judged with the files: whoever appends them after another change must judge again.
        "isBlindAppend": false,
        "engineInfo": concat!("karat/", env!("CARGO_PKG_VERSION")),
        "userMetadata": format!("karat: passed {}", names.join(", ")),
        "karat": {"suites": batch.suites, "staged": batch.digest},
    });
    if let (Some(info), Some(read)) = (info.as_object_mut(), version.checked_sub(1)) {
        info.insert("readVersion".to_owned(), json!(read));
    }
    let mut actions = vec![json!({"commitInfo": info})];
    if let Some(table) = begins {
        actions.extend([protocol(&table.schema), metadata(table, milliseconds)?]);
    }
    actions.push(json!({"txn": {"appId": batch.app_id, "version": version, "lastUpdated": milliseconds}}));
    actions.extend(files.iter().map(|NamedFile { name, file }| {
        json!({"add": {
            "path": name,
            "partitionValues": file.partition_values,
            "size": file.bytes,
            "modificationTime": milliseconds,
            "dataChange": true,
            "stats": file.statistics,
        }})
    }));
    let lines: Vec<String> = actions.iter().map(Json::to_string).collect();
    Ok((lines.join("\n") + "\n").into_bytes())
}

fn metadata(table: &NewTable, created: i64) -> Result<Json, String> {
    let schema = serde_json::to_string(&table.schema).map_err(|error| error.to_string())?;
    Ok(json!({"metaData": {
        "id": Uuid::new_v4().to_string(),
        "format": {"provider": "parquet", "options": {}},
        "schemaString": schema,
        "partitionColumns": table.partitioned,
        "configuration": {},
        "createdTime": created,
    }}))
}

/// Returns the lowest protocol by which a table with these columns is read and written right.
fn protocol(schema: &StructType) -> Json {
    const FEATURE: &str = "timestampNtz";
    if schema.fields().any(|field| has_time_without_zone(field.data_type())) {
        json!({"protocol": {
            "minReaderVersion": 3,
            "minWriterVersion": 7,
            "readerFeatures": [FEATURE],
            "writerFeatures": [FEATURE],
        }})
    } else {
        json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}})
    }
}

fn has_time_without_zone(of: &DataType) -> bool {
    match of {
        DataType::Primitive(of) => *of == PrimitiveType::TimestampNtz,
        DataType::Struct(fields) => fields.fields().any(|field| has_time_without_zone(field.data_type())),
        DataType::Array(array) => has_time_without_zone(array.element_type()),
        DataType::Map(map) => {
            has_time_without_zone(map.key_type()) || has_time_without_zone(map.value_type())
        }
        DataType::Variant(_) => false,
    }
}
