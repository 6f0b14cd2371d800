//! What the log of a Delta table says of it.

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

/// What the log of a Delta table says of it.
#[derive(Clone, Debug)]
pub struct TableDetails {
    /// The version of the protocol that a reader must know.
    pub min_reader_version: i32,
    /// The version that a writer must know.
    pub min_writer_version: i32,
    /// What a reader must know beside that.
    pub reader_features: Vec<String>,
    /// What a writer must know.
    pub writer_features: Vec<String>,
    /// How columns find their names in files: none, name or id.
    pub column_mapping: &'static str,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// Its properties that are Delta's own.
    pub properties: BTreeMap<String, String>,
    /// What its columns are said to be, by their paths.
    pub comments: BTreeMap<Vec<String>, String>,
    /// What every row must meet by its constraints, its invariants and its generated columns.
    pub rules: Vec<TableRule>,
    /// The paths of what may not be null.
    pub(crate) required: BTreeSet<Vec<String>>,
    /// How many of its files have statistics in the log.
    pub(crate) files_with_statistics: u64,
}
