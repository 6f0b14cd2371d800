//! Version 1 of the JSON of `karat inspect`. The format has types of its own, so that karat's can change
//! without it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::document::identified;
use crate::report::inert::inert_json;
use crate::report::numbers::timestamp;
use crate::source::{ColumnDetails, Details, ParquetDetails, TableDetails};

/// The metadata of a dataset, known before any row is read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inspection {
    /// The version of this format: 1.
    pub schema_version: u32,
    /// The location of the dataset.
    pub uri: String,
    /// The format: delta, parquet or another one.
    pub format: &'static str,
    /// The version of the table.
    pub version: Option<u64>,
    /// Time of the version's commit, RFC 3339.
    pub timestamp: Option<String>,
    /// Number of rows by the metadata, without deleted rows.
    pub rows: Option<u64>,
    /// Number of data files.
    pub files: Option<u64>,
    /// Size of the data files in bytes.
    pub bytes: Option<u64>,
    /// The digest of the names, sizes and footers of the files.
    pub digest: Option<String>,
    /// The partition columns.
    pub partition_columns: Vec<String>,
    /// The files and rows with deletion vectors.
    pub deletion_vectors: VectorsReport,
    /// Number of files with statistics, in formats that have statistics.
    pub files_with_statistics: Option<u64>,
    /// The metadata in the log of a Delta table.
    pub table: Option<TableReport>,
    /// The metadata in the footers of Parquet files.
    pub parquet: Option<ParquetReport>,
    /// The columns, in order.
    pub columns: Vec<ColumnReport>,
}

/// The files and rows with deletion vectors.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VectorsReport {
    /// Number of files with a deletion vector.
    pub files: u64,
    /// Number of rows that deletion vectors remove.
    pub rows: u64,
}

/// The metadata in the log of a Delta table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TableReport {
    /// The name of the table, if there is one.
    pub name: Option<String>,
    /// The description of the table.
    pub description: Option<String>,
    /// Time of the table's creation, RFC 3339.
    pub created_at: Option<String>,
    /// The protocol that readers and writers must support.
    pub protocol: ProtocolReport,
    /// The mode of column mapping: none, name or id.
    pub column_mapping: &'static str,
    /// The properties of the table that Delta defines.
    pub properties: BTreeMap<String, String>,
}

/// The protocol that readers and writers must support.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProtocolReport {
    /// The minimum version of readers.
    pub min_reader_version: i32,
    /// The minimum version of writers.
    pub min_writer_version: i32,
    /// The features that readers must support.
    pub reader_features: Vec<String>,
    /// The features that writers must support.
    pub writer_features: Vec<String>,
}

/// The metadata in the footers of Parquet files.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ParquetReport {
    /// Number of row groups.
    pub row_groups: u64,
    /// Number of column chunks by codec.
    pub codecs: BTreeMap<String, u64>,
    /// Number of files by the program that wrote them.
    pub writers: BTreeMap<String, u64>,
}

/// A column, or a field of one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ColumnReport {
    /// The name of the column or field, or `element`, `key` or `value`.
    pub name: String,
    /// The type, as a suite writes it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// True if values may be null.
    pub nullable: bool,
    /// The fields, or the elements if these have fields.
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
            timestamp: identity.committed.map(timestamp),
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
            created_at: table.created.map(timestamp),
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

/// Returns the inspection as indented JSON.
#[must_use]
pub fn inspection_json(inspection: &Inspection) -> String {
    inert_json(inspection)
}

/// Returns the JSON Schema of version 1 of the inspection.
#[must_use]
pub fn inspection_schema() -> serde_json::Value {
    identified("urn:karat:inspect:v1", schemars::schema_for!(Inspection).to_value())
}
