//! What is known of a table and its columns.

use super::{Format, Histogram, Remark};
use crate::data::{ColumnPath, DataType, Value};
use crate::engine::Execution;
use crate::metric::Tallied;
use crate::privacy::{Masked, Privacy};
use crate::source::Details;

/// What is known of a table.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What it is.
    pub details: Details,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns, with the fields of structs behind them.
    pub columns: Vec<ColumnProfile>,
    /// The columns whose values are not shown.
    pub privacy: Privacy,
    /// The engine that measured it.
    pub engine: String,
    /// What that took.
    pub execution: Execution,
    /// How many times the data was read to open it: text is read to tell its types, and written as what is scanned.
    pub transcription_scans: u64,
}

/// What is known of a column.
#[derive(Clone, Debug)]
pub struct ColumnProfile {
    /// The column.
    pub path: ColumnPath,
    /// Its type.
    pub data_type: DataType,
    /// How many rows have a value; nothing where its values are not read.
    pub present: Option<u64>,
    /// How many different values there are; nothing where they cannot be compared.
    pub distinct: Option<Distinct>,
    /// Of texts: how long they are.
    pub lengths: Option<Lengths>,
    /// Of texts: the formats that most of them have, the most frequent first.
    pub formats: Vec<FormatShare>,
    /// Of texts: a regular expression that all of them match, where they are built alike.
    pub shape: Option<String>,
    /// What is suspicious.
    pub remarks: Vec<Remark>,
    /// What quotes its values.
    pub values: Masked<Values>,
    /// What could not be measured, and why.
    pub failed: Vec<String>,
}

/// How many different values there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distinct {
    /// How many.
    pub count: u64,
    /// Whether that is exact. It is rough where there are more than are counted one by one.
    pub exact: bool,
    /// How many of them were counted.
    pub counted: u64,
    /// How many of those come once.
    pub singles: u64,
}

/// How long texts are, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// The shortest.
    pub shortest: u64,
    /// The longest.
    pub longest: u64,
}

/// A format that texts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatShare {
    /// The format.
    pub format: Format,
    /// How many rows have it.
    pub rows: u64,
    /// Of so many that were looked at: those of the counted values.
    pub of: u64,
}

/// What quotes values of a column.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The least value; NaN aside.
    pub least: Value,
    /// The greatest value; NaN aside.
    pub greatest: Value,
    /// The median; null where it is not known.
    pub median: Value,
    /// Of numbers: the mean.
    pub mean: Value,
    /// Of numbers: the sample standard deviation.
    pub deviation: Value,
    /// How often each counted value comes.
    pub tally: Tallied,
    /// The values that often stand where there is none.
    pub placeholders: Vec<(Value, u64)>,
    /// Of numbers and times: how they are spread.
    pub histogram: Option<Histogram>,
}

impl ColumnProfile {
    /// Returns whether no two of its rows have the same value, as far as is known: for certain if all values were
    /// counted.
    #[must_use]
    pub fn may_be_unique(&self) -> bool {
        self.distinct.is_some_and(|distinct| {
            distinct.counted > 0
                && distinct.singles == distinct.counted
                && (!distinct.exact || Some(distinct.count) == self.present)
        })
    }
}
