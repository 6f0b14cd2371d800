//! Metrics that compare with another dataset, or that run a query.

use serde::Serialize;

use super::Grouping;
use crate::data::{Dataset, Float};
use crate::predicate::{BoundQuery, Typed};

/// Keys that must exist in another dataset: a foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Lookup {
    /// The rows by their keys, none of which is null.
    pub grouping: Grouping,
    /// The dataset in which the keys are looked up.
    pub dataset: Dataset,
    /// The expressions of that dataset that must equal the keys, one for each key. Their types may be others
    /// that can be compared.
    pub there: Vec<Typed>,
    /// The condition of that dataset's rows that count; never null.
    pub filter: Typed,
}

/// The result about keys that are not found in the other dataset.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnmatchedResult {
    /// Number of rows with such keys.
    Rows,
    /// The least of such keys, each as a list of its parts.
    Keys {
        /// Maximum number of keys.
        limit: usize,
    },
}

/// Rows of two datasets that are paired by their keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Correspondence {
    /// The condition of this dataset's rows; never null.
    pub filter: Typed,
    /// The other dataset.
    pub dataset: Dataset,
    /// The condition of the other dataset's rows; never null.
    pub there: Typed,
    /// The key expressions, here and there, of types that can be compared.
    pub keys: Vec<(Typed, Typed)>,
    /// The expressions that must be equal, here and there, of types that can be compared. Nulls are equal to
    /// each other.
    pub values: Vec<(Typed, Typed)>,
    /// The greatest difference at which two numbers count as equal.
    pub tolerance: Float,
}

/// An SQL query and the rows on which it runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Selection {
    /// The text of the query, in which the table is called `batch`.
    pub text: String,
    /// The query, bound to the table's schema.
    pub query: BoundQuery,
    /// The condition of the table's rows that the query sees; never null.
    pub filter: Typed,
}
