//! Options for the detail of validation results.

use crate::data::ColumnPath;

/// Maximum number of failing rows that Great Expectations lists in full.
pub(super) const LISTED: usize = 200;
/// Maximum number of failing rows that are listed by their places.
const PLACED: usize = 10_000;

/// The detail of a result, by the names of Great Expectations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ResultFormat {
    /// Only whether the expectation holds.
    BooleanOnly,
    /// Counts and the first failing values.
    Basic,
    /// Also the frequency of each of these values, and the places of their rows.
    #[default]
    Summary,
    /// All failing values and places, up to a maximum.
    Complete,
}

impl ResultFormat {
    /// The formats by name.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("BOOLEAN_ONLY", Self::BooleanOnly),
        ("BASIC", Self::Basic),
        ("SUMMARY", Self::Summary),
        ("COMPLETE", Self::Complete),
    ];

    /// Reads the name of a format.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(name, _)| *name == text).map(|(_, format)| format)
    }
}

/// Options for writing validation results.
#[derive(Clone, Debug)]
pub struct ValidationOptions {
    /// The detail of the results.
    pub result_format: ResultFormat,
    /// Maximum number of failing rows in the lists that are called partial.
    pub partial_unexpected_count: usize,
    /// The columns that identify a failing row; they must be those given to the run. If empty, the suite's
    /// key identifies the row, and without a key the row's number.
    pub index_columns: Vec<ColumnPath>,
}

impl Default for ValidationOptions {
    fn default() -> Self {
        Self {
            result_format: ResultFormat::default(),
            partial_unexpected_count: 20,
            index_columns: Vec::new(),
        }
    }
}

impl ValidationOptions {
    /// Returns the number of failing rows of a check that the format can hold.
    #[must_use]
    pub const fn samples(&self) -> usize {
        match self.result_format {
            ResultFormat::BooleanOnly => 0,
            ResultFormat::Basic | ResultFormat::Summary => self.partial_unexpected_count,
            ResultFormat::Complete => PLACED,
        }
    }
}
