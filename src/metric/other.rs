//! Rows of another dataset, and of queries.

use serde::Serialize;

use super::Grouping;
use crate::data::{Dataset, Float};
use crate::predicate::{Selected, Typed};

/// Keys that another dataset must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Lookup {
    /// The rows by their keys; a key has no nulls.
    pub grouping: Grouping,
    /// Where they are looked up.
    pub dataset: Dataset,
    /// What there must equal each of the keys. Its type may be another one that can be compared.
    pub there: Vec<Typed>,
    /// Which rows there count; never null.
    pub filter: Typed,
}

/// What is told of keys that are not found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmatched {
    /// How many rows have them.
    Rows,
    /// The least of them, each as a list of its parts.
    Keys {
        /// How many.
        limit: usize,
    },
}

/// Rows of two datasets that belong together by their keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Correspondence {
    /// Which rows; never null.
    pub filter: Typed,
    /// The other dataset.
    pub dataset: Dataset,
    /// Which rows there; never null.
    pub there: Typed,
    /// The keys, here and there, of types that can be compared.
    pub keys: Vec<(Typed, Typed)>,
    /// The values that must be equal, here and there, of types that can be compared. Nulls are equal to
    /// each other.
    pub values: Vec<(Typed, Typed)>,
    /// How far two numbers may be apart.
    pub tolerance: Float,
}

/// The rows that a query in SQL gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Selection {
    /// The query as it was written, in which the table is called `batch`.
    pub text: String,
    /// What it gives of the table.
    pub query: Selected,
    /// Which of the table's rows it is asked of; never null.
    pub filter: Typed,
}
