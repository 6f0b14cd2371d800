//! What is suspicious about a column.

use std::collections::BTreeMap;

use super::{Distinct, Format, FormatShare, Values};
use crate::data::{DataType, Value};

/// Something suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What.
    pub kind: RemarkKind,
    /// How many rows, or values, are concerned.
    pub count: u64,
}

/// What is suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemarkKind {
    /// No row has a value.
    AllNull,
    /// All rows have the same value.
    Constant,
    /// All values but these rows are different.
    NearlyUnique,
    /// Text that is something else: a number, a date, a truth value.
    TextOf(Format),
    /// Rows with the empty text.
    Empty,
    /// Rows with blanks alone.
    Blank,
    /// Rows with blanks before or behind their text.
    Untrimmed,
    /// Values that differ from another one only in upper and lower case.
    MixedCase,
    /// Rows with a value that often stands where there is none.
    Placeholders,
    /// Rows that are not a number.
    NotANumber,
    /// Rows with an infinite number.
    Infinite,
}

impl RemarkKind {
    /// Its name, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllNull => "all_null",
            Self::Constant => "constant",
            Self::NearlyUnique => "nearly_unique",
            Self::TextOf(_) => "text_of",
            Self::Empty => "empty",
            Self::Blank => "blank",
            Self::Untrimmed => "untrimmed",
            Self::MixedCase => "mixed_case",
            Self::Placeholders => "placeholders",
            Self::NotANumber => "not_a_number",
            Self::Infinite => "infinite",
        }
    }
}

/// What is known of a column, for its remarks.
pub(super) struct ColumnFacts<'a> {
    pub(super) data_type: &'a DataType,
    pub(super) rows: u64,
    pub(super) present: u64,
    pub(super) distinct: Option<Distinct>,
    pub(super) formats: &'a [FormatShare],
    pub(super) values: &'a Values,
    pub(super) empty: u64,
    pub(super) blank: u64,
    pub(super) untrimmed: u64,
    pub(super) longest: u64,
    pub(super) nans: u64,
}

/// Longer texts are no keys.
const LONGEST_KEY: u64 = 64;
/// Rows from which on a constant column or a nearly unique one is no chance.
const ENOUGH: u64 = 20;

/// What is suspicious.
pub(super) fn remarks(known: &ColumnFacts<'_>) -> Vec<Remark> {
    let mut found = Vec::new();
    let mut remark = |kind, count| {
        if count > 0 {
            found.push(Remark { kind, count });
        }
    };
    if known.present == 0 {
        remark(RemarkKind::AllNull, known.rows);
        return found;
    }
    if let Some(distinct) = known.distinct {
        if distinct.exact && distinct.count == 1 && known.rows >= ENOUGH {
            remark(RemarkKind::Constant, known.present);
        }
        remark(RemarkKind::NearlyUnique, nearly_unique(distinct, known));
    }
    if let Some(share) = known.formats.iter().find(|share| is_other_type(share.format))
        && share.rows * 100 >= share.of * 95
        && *known.data_type == DataType::String
    {
        remark(RemarkKind::TextOf(share.format), share.rows);
    }
    remark(RemarkKind::Empty, known.empty);
    remark(RemarkKind::Blank, known.blank);
    remark(RemarkKind::Untrimmed, known.untrimmed.saturating_sub(known.blank));
    remark(RemarkKind::MixedCase, mixed_case(&known.values.tally.values));
    remark(RemarkKind::Placeholders, known.values.placeholders.iter().map(|(_, rows)| rows).sum());
    remark(RemarkKind::NotANumber, known.nans);
    let infinite =
        |(value, _): &&(Value, u64)| matches!(value, Value::Float(number) if number.0.is_infinite());
    remark(
        RemarkKind::Infinite,
        known.values.tally.values.iter().filter(infinite).map(|(_, rows)| rows).sum(),
    );
    found
}

/// The rows that share their value with another one, where these are few.
fn nearly_unique(distinct: Distinct, known: &ColumnFacts<'_>) -> u64 {
    let repeated = distinct.counted - distinct.singles;
    // Times are seldom the same, and no keys.
    let is_time = known.formats.iter().any(|share| matches!(share.format, Format::Time(_)));
    // Neither are amounts and long texts.
    let may_be_key = match known.data_type {
        DataType::String => !is_time && known.longest <= LONGEST_KEY,
        DataType::Integer { .. } | DataType::Decimal { scale: 0, .. } => true,
        _ => false,
    };
    let few = may_be_key && known.present >= ENOUGH && repeated > 0 && repeated * 50 <= distinct.counted;
    if few && distinct.exact {
        known.present.saturating_sub(distinct.singles)
    } else {
        u64::from(few) * repeated
    }
}

/// Returns whether a text of this format would better be of another type.
fn is_other_type(format: Format) -> bool {
    matches!(format, Format::Boolean | Format::WholeNumber | Format::Number | Format::Time(_))
}

/// How many values are the same as another one but for their case.
fn mixed_case(values: &[(Value, u64)]) -> u64 {
    let mut alike: BTreeMap<String, u64> = BTreeMap::new();
    for (value, _) in values {
        if let Value::String(text) = value {
            *alike.entry(text.to_lowercase()).or_default() += 1;
        }
    }
    alike.into_values().filter(|count| *count > 1).sum()
}
