//! How much is told.

use crate::data::ColumnPath;

/// How many failing rows Great Expectations lists in full.
pub(super) const LISTED: usize = 200;
/// How many failing rows are told by their places.
const PLACED: usize = 10_000;

/// How much a result tells, by the names of Great Expectations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ResultFormat {
    /// Whether it holds.
    BooleanOnly,
    /// Counts, and the first failing values.
    Basic,
    /// How often each of those comes, and where they stand.
    #[default]
    Summary,
    /// All failing values and places, within bounds.
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

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(name, _)| *name == text).map(|(_, format)| format)
    }
}

/// How validation results are written.
#[derive(Clone, Debug)]
pub struct ValidationOptions {
    /// How much they tell.
    pub result_format: ResultFormat,
    /// How many failing rows the lists hold that are called partial.
    pub partial_unexpected_count: usize,
    /// The columns that name a failing row; its number does if empty. They are those that the run
    /// was told.
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
    /// Returns how many failing rows of a check the format has room for.
    #[must_use]
    pub const fn samples(&self) -> usize {
        match self.result_format {
            ResultFormat::BooleanOnly => 0,
            ResultFormat::Basic | ResultFormat::Summary => self.partial_unexpected_count,
            ResultFormat::Complete => PLACED,
        }
    }
}
