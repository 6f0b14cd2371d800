//! The published list of functions.

use crate::data::DataType;

/// A function of the predicate language. All give null for a null argument, but `coalesce`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `abs(number)`: without its sign.
    Abs,
    /// `coalesce(a, b, …)`: the first that is not null.
    Coalesce,
    /// `contains(text, part)`.
    Contains,
    /// `datediff(end, start)`: days from `start` to `end`.
    DateDiff,
    /// `day(date)`: of the month.
    Day,
    /// `ends_with(text, part)`.
    EndsWith,
    /// `hour(timestamp)`.
    Hour,
    /// `length(text)`: in Unicode characters.
    Length,
    /// `lower(text)`.
    Lower,
    /// `month(date)`: from 1.
    Month,
    /// `starts_with(text, part)`.
    StartsWith,
    /// `to_date(text, format)`: with the format of strftime; null where the text does not follow it.
    ToDate,
    /// `trim(text)`: without white space at both ends.
    Trim,
    /// `upper(text)`.
    Upper,
    /// `year(date)`.
    Year,
}

/// What a function takes and gives.
pub(super) struct Signature {
    /// Its parameters; of `coalesce`, two or more of any one type.
    pub parameters: &'static [Parameter],
    /// The type of its value; `None` for the type of its first argument.
    pub gives: Option<DataType>,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Any,
    Number,
    Text,
    LiteralText,
    DateOrTimestamp,
    Date,
    Timestamp,
}

impl Function {
    /// The whole list, by name.
    pub const ALL: [Self; 15] = [
        Self::Abs,
        Self::Coalesce,
        Self::Contains,
        Self::DateDiff,
        Self::Day,
        Self::EndsWith,
        Self::Hour,
        Self::Length,
        Self::Lower,
        Self::Month,
        Self::StartsWith,
        Self::ToDate,
        Self::Trim,
        Self::Upper,
        Self::Year,
    ];

    /// The name by which SQL calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Abs => "abs",
            Self::Coalesce => "coalesce",
            Self::Contains => "contains",
            Self::DateDiff => "datediff",
            Self::Day => "day",
            Self::EndsWith => "ends_with",
            Self::Hour => "hour",
            Self::Length => "length",
            Self::Lower => "lower",
            Self::Month => "month",
            Self::StartsWith => "starts_with",
            Self::ToDate => "to_date",
            Self::Trim => "trim",
            Self::Upper => "upper",
            Self::Year => "year",
        }
    }

    /// The function of a name, in any case; Spark's spellings of some are known too.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let name = match name.as_str() {
            "startswith" => "starts_with",
            "endswith" => "ends_with",
            "char_length" | "character_length" | "len" => "length",
            "lcase" => "lower",
            "ucase" => "upper",
            "dayofmonth" => "day",
            other => other,
        };
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    pub(super) fn signature(self) -> Signature {
        use Parameter::{Any, Date, DateOrTimestamp, LiteralText, Number, Text, Timestamp};
        let (parameters, gives): (&'static [Parameter], _) = match self {
            Self::Abs => (&[Number], None),
            Self::Coalesce => (&[Any, Any], None),
            Self::Contains | Self::StartsWith | Self::EndsWith => {
                (&[Text, LiteralText], Some(DataType::Boolean))
            }
            Self::DateDiff => (&[Date, Date], Some(DataType::INT64)),
            Self::Day | Self::Month | Self::Year => (&[DateOrTimestamp], Some(DataType::INT64)),
            Self::Hour => (&[Timestamp], Some(DataType::INT64)),
            Self::Length => (&[Text], Some(DataType::INT64)),
            Self::Lower | Self::Trim | Self::Upper => (&[Text], Some(DataType::String)),
            Self::ToDate => (&[Text, LiteralText], Some(DataType::Date)),
        };
        Signature { parameters, gives }
    }
}
