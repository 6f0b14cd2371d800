//! The metadata in the log of a Delta table.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

/// What every row must meet, as the log of a Delta table says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRule {
    /// What it is called: the name of a constraint, or the column of an invariant or of what is generated.
    pub name: String,
    /// What it is: a constraint, an invariant, or how a column is generated.
    pub kind: &'static str,
    /// The condition, in SQL of Spark.
    pub sql: String,
}

/// The metadata in the log of a Delta table.
#[derive(Clone, Debug)]
pub struct TableDetails {
    /// The protocol version that readers must support.
    pub min_reader_version: i32,
    /// The protocol version that writers must support.
    pub min_writer_version: i32,
    /// The features that readers must support.
    pub reader_features: Vec<String>,
    /// The features that writers must support.
    pub writer_features: Vec<String>,
    /// The column mapping mode: `none`, `name` or `id`.
    pub column_mapping: &'static str,
    /// The name of the table, if one is set.
    pub name: Option<String>,
    /// The description of the table, if one is set.
    pub description: Option<String>,
    /// The time at which the table was created.
    pub created: Option<DateTime<Utc>>,
    /// The table properties whose names begin with `delta.`.
    pub properties: BTreeMap<String, String>,
    /// What its columns are said to be, by their paths.
    pub comments: BTreeMap<Vec<String>, String>,
    /// What every row must meet by its constraints, its invariants and its generated columns.
    pub rules: Vec<TableRule>,
    /// The paths of the fields that are not nullable.
    pub(crate) required: BTreeSet<Vec<String>>,
    /// Number of data files with statistics in the log.
    pub(crate) files_with_statistics: u64,
}
