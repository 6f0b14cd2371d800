//! Version 1 of the JSON of `karat inspect`: types of their own, so that karat's may change without it.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::json::identified;
use crate::source::{ColumnDetails, Details, ParquetDetails, TableDetails};

/// What is known of a dataset before any of its rows is read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inspection {
    /// The version of this format: 1.
    pub schema_version: u32,
    /// Where it lies.
    pub uri: String,
    /// delta, parquet or another form.
    pub format: &'static str,
    /// The version of a table.
    pub version: Option<u64>,
    /// When that was committed, RFC 3339.
    pub timestamp: Option<String>,
    /// Its rows by its metadata, without deleted ones.
    pub rows: Option<u64>,
    /// Its data files.
    pub files: Option<u64>,
    /// Their bytes.
    pub bytes: Option<u64>,
    /// The digest of the files' names, sizes and footers.
    pub digest: Option<String>,
    /// The columns that files are parted by.
    pub partition_columns: Vec<String>,
    /// What deletion vectors take away.
    pub deletion_vectors: VectorsReport,
    /// How many files have statistics, where files may have such.
    pub files_with_statistics: Option<u64>,
    /// What the log of a Delta table says.
    pub table: Option<TableReport>,
    /// What Parquet files say of themselves.
    pub parquet: Option<ParquetReport>,
    /// Its columns, in their order.
    pub columns: Vec<ColumnReport>,
}

/// What deletion vectors take away.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VectorsReport {
    /// How many files have one.
    pub files: u64,
    /// How many rows are deleted by them.
    pub rows: u64,
}

/// What the log of a Delta table says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TableReport {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// When it was made, RFC 3339.
    pub created_at: Option<String>,
    /// What readers and writers must know.
    pub protocol: ProtocolReport,
    /// How columns find their names in files: none, name or id.
    pub column_mapping: &'static str,
    /// Its properties that are Delta's own.
    pub properties: BTreeMap<String, String>,
}

/// What readers and writers must know.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProtocolReport {
    /// The version for readers.
    pub min_reader_version: i32,
    /// The version for writers.
    pub min_writer_version: i32,
    /// The features for readers.
    pub reader_features: Vec<String>,
    /// The features for writers.
    pub writer_features: Vec<String>,
}

/// What Parquet files say of themselves.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ParquetReport {
    /// Their row groups.
    pub row_groups: u64,
    /// How many column chunks each codec compresses.
    pub codecs: BTreeMap<String, u64>,
    /// How many files each program wrote.
    pub writers: BTreeMap<String, u64>,
}

/// A column, or a field of one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ColumnReport {
    /// Its name: that of a field, or `element`, `key` or `value`.
    pub name: String,
    /// Its type, as a suite would write it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its fields, or its elements where those have fields.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub fields: Vec<ColumnReport>,
}

impl From<&Details> for Inspection {
    fn from(details: &Details) -> Self {
        let identity = &details.identity;
        Self {
            schema_version: 1,
            uri: identity.uri.clone(),
            format: identity.format.name(),
            version: identity.version,
            timestamp: identity.committed.map(written),
            rows: identity.rows,
            files: identity.files,
            bytes: identity.bytes,
            digest: identity.digest.clone(),
            partition_columns: details.partition_columns.clone(),
            deletion_vectors: VectorsReport { files: details.files_with_vectors, rows: details.rows_deleted },
            files_with_statistics: details.files_with_statistics,
            table: identity.table.as_deref().map(TableReport::from),
            parquet: details.parquet.as_ref().map(ParquetReport::from),
            columns: details.columns.iter().map(ColumnReport::from).collect(),
        }
    }
}

impl From<&TableDetails> for TableReport {
    fn from(table: &TableDetails) -> Self {
        Self {
            name: table.name.clone(),
            description: table.description.clone(),
            created_at: table.created.map(written),
            protocol: ProtocolReport {
                min_reader_version: table.min_reader_version,
                min_writer_version: table.min_writer_version,
                reader_features: table.reader_features.clone(),
                writer_features: table.writer_features.clone(),
            },
            column_mapping: table.column_mapping,
            properties: table.properties.clone(),
        }
    }
}

impl From<&ParquetDetails> for ParquetReport {
    fn from(files: &ParquetDetails) -> Self {
        Self { row_groups: files.row_groups, codecs: files.codecs.clone(), writers: files.writers.clone() }
    }
}

impl From<&ColumnDetails> for ColumnReport {
    fn from(column: &ColumnDetails) -> Self {
        Self {
            name: column.name.clone(),
            data_type: column.data_type.to_string(),
            nullable: column.nullable,
            fields: column.fields.iter().map(Self::from).collect(),
        }
    }
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The inspection as JSON, indented.
#[must_use]
pub fn inspection_json(inspection: &Inspection) -> String {
    // Maps of strings and plain numbers: serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(inspection).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of version 1 of the inspection.
#[must_use]
pub fn inspection_schema() -> serde_json::Value {
    identified("urn:karat:inspect:v1", schemars::schema_for!(Inspection).to_value())
}
