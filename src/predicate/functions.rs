//! The published list of functions.

use serde::Serialize;

use crate::data::DataType;

/// A function of the predicate language. All give null for a null argument, but `coalesce`,
/// `greatest`, `least` and `nullif`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// `abs(number)`: without its sign.
    Abs,
    /// `ceil(number)`: the least whole number that is not below it.
    Ceil,
    /// `coalesce(a, b, …)`: the first that is not null.
    Coalesce,
    /// `concat(a, b, …)`, `a || b`: one text behind the other.
    Concat,
    /// `contains(text, part)`.
    Contains,
    /// `current_date()`: the day of the run, in UTC.
    CurrentDate,
    /// `current_timestamp()`: the time of the run.
    CurrentTimestamp,
    /// `dateadd(unit, count, date)`, `date + INTERVAL count unit`.
    DateAdd,
    /// `datediff(end, start)`: days from `start` to `end`.
    DateDiff,
    /// `date_trunc(unit, date)`: the beginning of its month, year, …
    DateTrunc,
    /// `day(date)`: of the month.
    Day,
    /// `dayofweek(date)`: from 1, which is Sunday.
    DayOfWeek,
    /// `dayofyear(date)`: from 1.
    DayOfYear,
    /// `ends_with(text, part)`.
    EndsWith,
    /// `floor(number)`: the greatest whole number that is not above it.
    Floor,
    /// `greatest(a, b, …)`: of those that are not null.
    Greatest,
    /// `hour(timestamp)`.
    Hour,
    /// `least(a, b, …)`: of those that are not null.
    Least,
    /// `left(text, count)`: its first characters.
    Left,
    /// `length(text)`: in Unicode characters.
    Length,
    /// `lower(text)`.
    Lower,
    /// `ltrim(text)`: without white space at its beginning.
    Ltrim,
    /// `minute(timestamp)`.
    Minute,
    /// `month(date)`: from 1.
    Month,
    /// `nullif(a, b)`: null where they are equal, else `a`.
    NullIf,
    /// `quarter(date)`: from 1.
    Quarter,
    /// `replace(text, part, other)`: every `part` replaced.
    Replace,
    /// `right(text, count)`: its last characters.
    Right,
    /// `round(number, digits)`: half away from zero.
    Round,
    /// `rtrim(text)`: without white space at its end.
    Rtrim,
    /// `second(timestamp)`: whole ones.
    Second,
    /// `starts_with(text, part)`.
    StartsWith,
    /// `substring(text, start, length)`: from 1, in Unicode characters.
    Substring,
    /// `timestampdiff(unit, start, end)`: whole units from `start` to `end`.
    TimestampDiff,
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
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// How many of the last ones may be left out.
    pub optional: usize,
    /// Whether the last one may be repeated.
    pub repeated: bool,
    /// The type of its value; `None` where its arguments decide it.
    pub gives: Option<DataType>,
}

/// What an argument must be.
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
    /// What it is, for people.
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
    /// The whole list, by name; the usual name first, then others by which engines call it.
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

    /// All of them, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.iter().map(|(function, _)| *function)
    }

    /// The name by which SQL calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        let own = Self::NAMES.iter().find(|(function, _)| *function == self);
        own.and_then(|(_, names)| names.first().copied()).unwrap_or_default()
    }

    /// The function of a name, in any case.
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

    /// The nearest right word for a function that is not of the list.
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
