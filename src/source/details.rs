//! What is known of a dataset before any of its rows is read.

use std::collections::{BTreeMap, BTreeSet};

use super::Identity;
use crate::data::DataType;

/// What is known of a dataset.
#[derive(Clone, Debug)]
pub struct Details {
    /// What it is.
    pub identity: Identity,
    /// Its columns.
    pub columns: Vec<ColumnDetails>,
    /// The columns that its files are parted by.
    pub partition_columns: Vec<String>,
    /// How many of its files have a deletion vector.
    pub files_with_vectors: u64,
    /// How many rows those take away.
    pub rows_deleted: u64,
    /// How many of its files have statistics, where files may have such.
    pub files_with_statistics: Option<u64>,
    /// What its Parquet files say of themselves, where it has such.
    pub parquet: Option<ParquetDetails>,
}

/// What is known of a column, or of a field of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDetails {
    /// Its name: that of a field, or `element`, `key` or `value`.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its fields, or its elements where those have fields.
    pub fields: Vec<ColumnDetails>,
}

/// What Parquet files say of themselves.
#[derive(Clone, Debug, Default)]
pub struct ParquetDetails {
    /// Their row groups.
    pub row_groups: u64,
    /// How column chunks are compressed, and how many are so.
    pub codecs: BTreeMap<String, u64>,
    /// The programs that wrote files, and how many each.
    pub writers: BTreeMap<String, u64>,
    /// How many files have statistics of each of their column chunks.
    pub(crate) files_with_statistics: u64,
    /// The paths of what may not be null in any file.
    pub(crate) required: BTreeSet<Vec<String>>,
}
