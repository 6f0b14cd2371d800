//! The names of engines, as `--engine` and `karat.yml` have them.

/// What judges a dataset, whether this build has it or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum EngineName {
    // Plain comments: the help of the command stays one line an argument.
    // What holds the data, as its URI says: karat's own engine for files.
    Auto,
    // Karat's own engine, in this process.
    Polars,
    // Database files: `file.duckdb#schema.table`.
    Duckdb,
    // `postgres://user@host/database/schema.table`.
    Postgres,
    // `redshift://user@host/database/schema.table`.
    Redshift,
    // `spark://catalog.schema.table`.
    Spark,
    // SQL warehouses: `databricks://catalog.schema.table`.
    Databricks,
}

impl EngineName {
    /// All of them, by their names.
    pub const ALL: [(&'static str, Self); 7] = [
        ("auto", Self::Auto),
        ("polars", Self::Polars),
        ("duckdb", Self::Duckdb),
        ("postgres", Self::Postgres),
        ("redshift", Self::Redshift),
        ("spark", Self::Spark),
        ("databricks", Self::Databricks),
    ];
}
