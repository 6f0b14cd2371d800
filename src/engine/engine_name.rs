//! The names of engines, as `--engine` and `karat.yml` have them.

/// What judges a dataset, whether this build has it or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EngineName {
    /// What holds the data, as its URI says: karat's own engine for files.
    Auto,
    /// Karat's own engine, in this process.
    Polars,
    /// Database files: `file.duckdb#schema.table`.
    Duckdb,
    /// `postgres://user@host/database/schema.table`.
    Postgres,
    /// `redshift://user@host/database/schema.table`.
    Redshift,
    /// `spark://catalog.schema.table`.
    Spark,
    /// SQL warehouses: `databricks://catalog.schema.table`.
    Databricks,
}

impl EngineName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Auto,
        Self::Polars,
        Self::Duckdb,
        Self::Postgres,
        Self::Redshift,
        Self::Spark,
        Self::Databricks,
    ];

    /// Returns the name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Polars => "polars",
            Self::Duckdb => "duckdb",
            Self::Postgres => "postgres",
            Self::Redshift => "redshift",
            Self::Spark => "spark",
            Self::Databricks => "databricks",
        }
    }
}
