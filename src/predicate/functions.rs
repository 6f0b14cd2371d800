//! The published list of functions, with their names and signatures.

use serde::Serialize;

use crate::data::DataType;

/// A function of the predicate language. All functions except `coalesce`, `greatest`, `least` and `nullif`
/// are null if an argument is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// `abs(number)`: the absolute value.
    Abs,
    /// `ceil(number)`: the least whole number that is not below the number.
    Ceil,
    /// `coalesce(a, b, …)`: the first argument that is not null.
    Coalesce,
    /// `concat(a, b, …)`, `a || b`: the texts joined.
    Concat,
    /// `contains(text, part)`: true if `part` occurs in the text.
    Contains,
    /// `current_date()`: the day of the run, in UTC.
    CurrentDate,
    /// `current_timestamp()`: the time of the run.
    CurrentTimestamp,
    /// `dateadd(unit, count, date)`, `date + INTERVAL count unit`: the date moved by `count` units.
    DateAdd,
    /// `datediff(end, start)`: number of days from `start` to `end`.
    DateDiff,
    /// `date_trunc(unit, date)`: the beginning of the month, year, … of the date.
    DateTrunc,
    /// `day(date)`: the day of the month.
    Day,
    /// `dayofweek(date)`: the day of the week, from 1 for Sunday.
    DayOfWeek,
    /// `dayofyear(date)`: the day of the year, from 1.
    DayOfYear,
    /// `ends_with(text, part)`: true if the text ends with `part`.
    EndsWith,
    /// `floor(number)`: the greatest whole number that is not above the number.
    Floor,
    /// `greatest(a, b, …)`: the greatest of the arguments that are not null.
    Greatest,
    /// `hour(timestamp)`: the hour of the day.
    Hour,
    /// `least(a, b, …)`: the least of the arguments that are not null.
    Least,
    /// `left(text, count)`: the first `count` characters.
    Left,
    /// `length(text)`: number of Unicode characters.
    Length,
    /// `lower(text)`: the text in lower case.
    Lower,
    /// `ltrim(text)`: the text without leading white space.
    Ltrim,
    /// `minute(timestamp)`: the minute of the hour.
    Minute,
    /// `month(date)`: the month of the year, from 1.
    Month,
    /// `nullif(a, b)`: null if both are equal, else `a`.
    NullIf,
    /// `quarter(date)`: the quarter of the year, from 1.
    Quarter,
    /// `replace(text, part, other)`: the text with every `part` replaced.
    Replace,
    /// `right(text, count)`: the last `count` characters.
    Right,
    /// `round(number, digits)`: the rounded number, halves away from zero.
    Round,
    /// `rtrim(text)`: the text without trailing white space.
    Rtrim,
    /// `second(timestamp)`: the whole second of the minute.
    Second,
    /// `starts_with(text, part)`: true if the text begins with `part`.
    StartsWith,
    /// `substring(text, start, length)`: a part of the text, counted from 1 in Unicode characters.
    Substring,
    /// `timestampdiff(unit, start, end)`: number of whole units from `start` to `end`.
    TimestampDiff,
    /// `to_date(text, format)`: the date that the text has in a format of strftime; null if it does not fit.
    ToDate,
    /// `trim(text)`: the text without leading and trailing white space.
    Trim,
    /// `upper(text)`: the text in upper case.
    Upper,
    /// `year(date)`: the year.
    Year,
}

/// The parameters and the result type of a function.
pub(super) struct Signature {
    /// The parameters.
    pub parameters: &'static [Parameter],
    /// Number of trailing parameters that may be left out.
    pub optional: usize,
    /// True if the last parameter may be repeated.
    pub repeated: bool,
    /// The type of the result; `None` if the arguments determine it.
    pub gives: Option<DataType>,
}

/// The kind of argument that a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Any,
    Number,
    Integer,
    LiteralInteger,
    Text,
    LiteralText,
    Unit,
    DateOrTimestamp,
    Timestamp,
}

impl Parameter {
    /// Returns a description of the argument, for messages.
    pub(super) const fn wanted(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Number => "a number",
            Self::Integer => "an integer",
            Self::LiteralInteger => "a whole number, written out",
            Self::Text => "a text",
            Self::LiteralText => "a text in quotes",
            Self::Unit => "a unit such as 'month'",
            Self::DateOrTimestamp => "a date or a timestamp",
            Self::Timestamp => "a timestamp",
        }
    }
}

impl Function {
    /// All functions by name: first the usual name, then the names in other engines.
    const NAMES: [(Self, &'static [&'static str]); 38] = [
        (Self::Abs, &["abs"]),
        (Self::Ceil, &["ceil", "ceiling"]),
        (Self::Coalesce, &["coalesce", "ifnull", "nvl"]),
        (Self::Concat, &["concat"]),
        (Self::Contains, &["contains"]),
        (Self::CurrentDate, &["current_date", "curdate", "today"]),
        (Self::CurrentTimestamp, &["current_timestamp", "now"]),
        (Self::DateAdd, &["dateadd", "timestampadd"]),
        (Self::DateDiff, &["datediff"]),
        (Self::DateTrunc, &["date_trunc"]),
        (Self::Day, &["day", "dayofmonth"]),
        (Self::DayOfWeek, &["dayofweek"]),
        (Self::DayOfYear, &["dayofyear"]),
        (Self::EndsWith, &["ends_with", "endswith"]),
        (Self::Floor, &["floor"]),
        (Self::Greatest, &["greatest"]),
        (Self::Hour, &["hour"]),
        (Self::Least, &["least"]),
        (Self::Left, &["left"]),
        (Self::Length, &["length", "char_length", "character_length", "len"]),
        (Self::Lower, &["lower", "lcase"]),
        (Self::Ltrim, &["ltrim"]),
        (Self::Minute, &["minute"]),
        (Self::Month, &["month"]),
        (Self::NullIf, &["nullif"]),
        (Self::Quarter, &["quarter"]),
        (Self::Replace, &["replace"]),
        (Self::Right, &["right"]),
        (Self::Round, &["round"]),
        (Self::Rtrim, &["rtrim"]),
        (Self::Second, &["second"]),
        (Self::StartsWith, &["starts_with", "startswith"]),
        (Self::Substring, &["substring", "substr"]),
        (Self::TimestampDiff, &["timestampdiff"]),
        (Self::ToDate, &["to_date"]),
        (Self::Trim, &["trim"]),
        (Self::Upper, &["upper", "ucase"]),
        (Self::Year, &["year"]),
    ];

    /// Returns all functions, ordered by name.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.iter().map(|(function, _)| *function)
    }

    /// Returns the usual name in SQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        let own = Self::NAMES.iter().find(|(function, _)| *function == self);
        own.and_then(|(_, names)| names.first().copied()).unwrap_or_default()
    }

    /// Returns the function with this name, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(function, _)| *function)
    }

    pub(super) fn signature(self) -> Signature {
        use Parameter::{
            Any, DateOrTimestamp, Integer, LiteralInteger, LiteralText, Number, Text, Timestamp, Unit,
        };
        let (parameters, gives): (&'static [Parameter], _) = match self {
            Self::Abs | Self::Ceil | Self::Floor => (&[Number], None),
            Self::Coalesce | Self::Greatest | Self::Least | Self::NullIf => (&[Any, Any], None),
            Self::Concat => (&[Text], Some(DataType::String)),
            Self::Contains | Self::StartsWith | Self::EndsWith => {
                (&[Text, LiteralText], Some(DataType::Boolean))
            }
            Self::CurrentDate => (&[], Some(DataType::Date)),
            Self::CurrentTimestamp => (&[], None),
            Self::DateAdd => (&[Unit, Integer, DateOrTimestamp], None),
            Self::DateDiff => (&[DateOrTimestamp, DateOrTimestamp], Some(DataType::INT64)),
            Self::DateTrunc => (&[Unit, DateOrTimestamp], None),
            Self::Day | Self::DayOfWeek | Self::DayOfYear | Self::Month | Self::Quarter | Self::Year => {
                (&[DateOrTimestamp], Some(DataType::INT64))
            }
            Self::Hour | Self::Minute | Self::Second => (&[Timestamp], Some(DataType::INT64)),
            Self::Left | Self::Right => (&[Text, Integer], Some(DataType::String)),
            Self::Length => (&[Text], Some(DataType::INT64)),
            Self::Lower | Self::Trim | Self::Ltrim | Self::Rtrim | Self::Upper => {
                (&[Text], Some(DataType::String))
            }
            Self::Replace => (&[Text, Text, Text], Some(DataType::String)),
            Self::Round => (&[Number, LiteralInteger], None),
            Self::Substring => (&[Text, Integer, Integer], Some(DataType::String)),
            Self::TimestampDiff => (&[Unit, DateOrTimestamp, DateOrTimestamp], Some(DataType::INT64)),
            Self::ToDate => (&[Text, LiteralText], Some(DataType::Date)),
        };
        Signature {
            parameters,
            optional: usize::from(matches!(self, Self::Round | Self::Substring)),
            repeated: matches!(self, Self::Coalesce | Self::Concat | Self::Greatest | Self::Least),
            gives,
        }
    }

    /// Returns what to write instead of a function that the language does not have.
    pub(super) fn instead_of(name: &str) -> Option<&'static str> {
        const INSTEAD: [(&[&str], &str); 12] = [
            (
                &["getdate", "sysdate", "localtimestamp", "unix_timestamp"],
                "current_timestamp() is the time of the run",
            ),
            (
                &["instr", "charindex", "locate", "position", "strpos"],
                "contains(text, 'part') tells whether it is there",
            ),
            (&["isnull"], "write a IS NULL, or coalesce(a, b)"),
            (&["isnotnull"], "write a IS NOT NULL"),
            (&["decode", "switch"], "write CASE WHEN … THEN … ELSE … END"),
            (
                &["regexp_like", "regexp", "rlike", "regexp_matches", "regexp_full_match"],
                "write a RLIKE 'pattern'",
            ),
            (&["like", "ilike"], "write a LIKE 'pattern', or lower(a) LIKE 'pattern'"),
            (
                &["to_timestamp", "to_char", "date_format", "strftime", "to_number", "try_to_number"],
                "CAST(a AS type), or to_date(text, format)",
            ),
            (
                &["months_between", "date_diff", "age"],
                "datediff(end, start) counts days, timestampdiff('month', start, end) whole months",
            ),
            (
                &["weekday", "dow", "day_of_week", "isodow"],
                "dayofweek(date) is 1 on Sunday and 7 on Saturday",
            ),
            (&["trunc", "truncate"], "date_trunc('month', date); of a number, CAST(a AS int64)"),
            (
                &["sum", "count", "avg", "min", "max", "median", "stddev"],
                "an aggregate of rows stands in `measure`; the least of one row is least(a, b)",
            ),
        ];
        let name = name.to_lowercase();
        INSTEAD.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, instead)| *instead)
    }
}
