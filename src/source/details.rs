//! The metadata of a dataset, known before any row is read.

use std::collections::{BTreeMap, BTreeSet};

use super::Identity;
use crate::data::DataType;

/// The metadata of a dataset.
#[derive(Clone, Debug)]
pub struct Details {
    /// The location, version and size of the dataset.
    pub identity: Identity,
    /// The columns of the dataset.
    pub columns: Vec<ColumnDetails>,
    /// The names of the partition columns.
    pub partition_columns: Vec<String>,
    /// Number of files with a deletion vector.
    pub files_with_vectors: u64,
    /// Number of rows that the deletion vectors remove.
    pub rows_deleted: u64,
    /// Number of files with statistics; `None` for formats without statistics.
    pub files_with_statistics: Option<u64>,
    /// The metadata in the Parquet footers, for Delta tables and Parquet files.
    pub parquet: Option<ParquetDetails>,
}

/// The metadata of a column, or of a nested field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDetails {
    /// The name of the column or field; the element of a list is called `element`, the parts of a map `key`
    /// and `value`.
    pub name: String,
    /// The type of the column.
    pub data_type: DataType,
    /// True if the column may hold nulls.
    pub nullable: bool,
    /// The nested fields, or the element of a list if the element has fields.
    pub fields: Vec<ColumnDetails>,
}

/// The metadata of Parquet files, summed over their footers.
#[derive(Clone, Debug, Default)]
pub struct ParquetDetails {
    /// Number of row groups.
    pub row_groups: u64,
    /// Number of column chunks by compression codec.
    pub codecs: BTreeMap<String, u64>,
    /// Number of files by the program that wrote them.
    pub writers: BTreeMap<String, u64>,
    /// Number of files with statistics for each of their column chunks.
    pub(crate) files_with_statistics: u64,
    /// The paths of the fields that are required (not nullable) in every file.
    pub(crate) required: BTreeSet<Vec<String>>,
}
