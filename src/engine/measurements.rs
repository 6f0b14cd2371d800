//! What an engine found.

use crate::data::Value;

/// What an engine found for a plan.
#[derive(Debug, Default)]
pub struct Measurements {
    /// One value for each metric of the plan; counts as integers, keys and sets as lists.
    pub values: Vec<Value>,
    /// One for each relative count of the plan: the failing rows, or why they cannot be told.
    pub relative: Vec<Result<u64, String>>,
    /// One for each check of the plan; empty where none of its rows fail.
    pub samples: Vec<Samples>,
    /// The rows that could not be read, where the format of the data is one in which that may be.
    pub malformed: Option<u64>,
    /// What it took.
    pub execution: Execution,
}

/// Failing rows of a check.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// The first ones in the order of the snapshot, at most as many as were asked for.
    pub rows: Vec<SampleRow>,
    /// The most frequent values among the first failing rows, with their counts.
    pub frequent: Vec<(Value, u64)>,
    /// How many failing rows `frequent` has counted.
    pub counted: u64,
}

/// A failing row.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    /// Its file within the dataset; none in memory.
    pub file: Option<String>,
    /// Its number within the file (or the frame), from 0, in the order it is stored; none of a
    /// group of rows.
    pub row: Option<u64>,
    /// Its number within the whole dataset; none of a group of rows.
    pub position: Option<u64>,
    /// The values that name it.
    pub key: Vec<(String, Value)>,
    /// The values that the check reads.
    pub values: Vec<(String, Value)>,
}

/// What a measurement took, measured and not assumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Execution {
    /// How many times the data was read, at most in part.
    pub scans: u64,
    /// The columns that the judging pass read.
    pub columns_read: Vec<String>,
    /// The rows that came out of all scans.
    pub rows_read: u64,
    /// The bytes that the columns of all scans take in the files; none in memory. A scan for failing
    /// rows may have skipped some of them by the files' statistics.
    pub bytes_read: Option<u64>,
    /// The other datasets that were read, beside all this.
    pub others: Vec<OtherRead>,
}

/// What reading another dataset took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRead {
    /// What the suite calls it.
    pub dataset: String,
    /// Where it lies, without credentials.
    pub uri: String,
    /// The version of its table.
    pub version: Option<u64>,
    /// How many times it was read.
    pub scans: u64,
    /// The rows that came out.
    pub rows_read: u64,
}

/// How far a read is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of files that are done.
    pub done: u64,
    /// Bytes of all files.
    pub total: u64,
}
