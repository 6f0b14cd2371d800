//! How rows are written.

/// What becomes of the rows that a destination has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// They stay. A Parquet file that is there is not written to.
    #[default]
    Append,
    /// They go, in the commit that brings the new ones.
    Overwrite,
}

/// How rows are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// What becomes of the rows that are there.
    pub mode: Mode,
    /// Whether columns that a Delta table has not are added to it.
    pub evolve: bool,
    /// The comment of a Delta table that is made.
    pub comment: Option<String>,
    /// The columns by which a Delta table that is made is partitioned. One that is there keeps its own.
    pub partition_by: Vec<String>,
    /// The most threads that encode columns; as many as there are cores if `None`.
    pub threads: Option<usize>,
}
