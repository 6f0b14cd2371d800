//! Rows that an engine gives to others, as they are in the data.

use std::collections::BTreeMap;

use arrow::record_batch::RecordBatch;
use roaring::RoaringTreemap;

use crate::privacy::{Privacy, Untrusted};

/// The rows and columns to read.
#[derive(Clone, Copy, Debug)]
pub struct RowRequest<'a> {
    /// The names of the columns, in the order in which they are wanted.
    pub columns: &'a [String],
    /// The numbers of the rows; `None` for all rows that are not deleted.
    pub rows: Option<&'a RoaringTreemap>,
    /// What is not given: null stands for values that are withheld, and hashes for those that are hashed. For rows that stay data,
    /// that of no personal columns.
    pub privacy: &'a Privacy,
}

/// Some rows, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct RowBatch {
    /// The number of each row. The numbers run through the rows of all files of the data, deleted ones included.
    pub numbers: Vec<u64>,
    /// The values of the rows, one column for each that was asked for.
    pub values: RecordBatch,
}

/// Columns of all rows of a dataset, for another engine to judge.
#[derive(Clone, Debug)]
pub struct FetchedRows {
    /// The rows, in no order, without the columns that are withheld; or the reason why none are fetched.
    pub rows: Result<Vec<RecordBatch>, String>,
    /// The columns that were asked for and are not fetched, each with the reason.
    pub withheld: BTreeMap<String, String>,
    /// The statements that a system answered for it.
    pub statements: Vec<Untrusted>,
}

impl Default for FetchedRows {
    /// Nothing was fetched so far.
    fn default() -> Self {
        Self { rows: Ok(Vec::new()), withheld: BTreeMap::new(), statements: Vec::new() }
    }
}
