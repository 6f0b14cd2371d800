//! Databricks' SQL: Spark's, under a name of its own.

use super::Spark;

impl Spark {
    /// Databricks, on a cluster or in a warehouse.
    pub const DATABRICKS: Self = Self { name: "Databricks" };
}
