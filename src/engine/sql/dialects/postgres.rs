//! PostgreSQL's SQL, of version 16 or later.

use super::dialect::hexadecimal;
use super::{Dialect, MovedBy, RegexSyntax};
use crate::data::{DataType, TimeUnit};

/// The dialect of PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Postgres;

/// The advanced regular expressions of PostgreSQL, in which classes and characters are spelled out.
static REGEXES: RegexSyntax = RegexSyntax {
    character: |character| format!("\\U{:08X}", u32::from(character)),
    // No text of PostgreSQL contains a NUL.
    least: '\u{1}',
    text: ("\\A", "\\Z"),
    line: None,
    most_repetitions: 255,
};

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn type_name(&self, of: &DataType) -> Option<String> {
        let name = match of {
            DataType::Boolean => "boolean",
            DataType::Integer { bits: ..=16, signed: true } => "smallint",
            DataType::Integer { bits: ..=32, signed: true } => "integer",
            DataType::Integer { bits: ..=64, signed: true } => "bigint",
            DataType::Integer { .. } | DataType::Decimal { .. } => "numeric",
            DataType::Float { bits: 32 } => "real",
            DataType::Float { .. } => "double precision",
            DataType::String => "text",
            DataType::Binary => "bytea",
            DataType::Date => "date",
            DataType::Time => "time",
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => "timestamp",
            _ => return None,
        };
        Some(name.to_owned())
    }

    fn has_unlimited_decimals(&self) -> bool {
        true
    }

    fn by_code_point(&self, text: &str) -> String {
        format!("({text} COLLATE \"C\")")
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("decode('{}', 'hex')", hexadecimal(bytes))
    }

    fn shown(&self, of: &str, data_type: &DataType) -> Option<String> {
        Some(match data_type {
            DataType::Binary => format!("encode({of}, 'hex')"),
            DataType::Date => format!("({of} - DATE '1970-01-01')::text"),
            DataType::Time => format!("(extract(epoch FROM {of}) * 1000000000)::bigint::text"),
            DataType::Timestamp { .. } => format!("{}::text", self.nanoseconds(of, data_type)?),
            // The digits behind the point are those of the type.
            DataType::Decimal { scale, .. } => format!("round({of}, {scale})::text"),
            DataType::String | DataType::Boolean | DataType::Integer { .. } | DataType::Float { .. } => {
                format!("({of})::text")
            }
            _ => return None,
        })
    }

    fn found(&self, text: &str, regex: &str) -> String {
        format!("(({text} COLLATE \"C\") ~ {regex})")
    }

    fn regexes(&self) -> &'static RegexSyntax {
        &REGEXES
    }

    fn date_of_text(&self, text: &str) -> String {
        // The year 0 of the calendar is the year 1 BC here.
        let written = format!(
            "CASE WHEN left({text}, 4) = '0000' THEN '0001' || substr({text}, 5) || ' BC' ELSE {text} END"
        );
        format!("CASE WHEN pg_input_is_valid({written}, 'date') THEN ({written})::date END")
    }

    fn is_ascii(&self, text: &str) -> String {
        format!("(octet_length({text}) = length({text}))")
    }

    fn nanoseconds(&self, of: &str, data_type: &DataType) -> Option<String> {
        match data_type {
            DataType::Date => Some(format!("(({of} - DATE '1970-01-01')::numeric * 86400000000000)")),
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => {
                Some(format!("round(extract(epoch FROM {of}) * 1000000000)"))
            }
            _ => None,
        }
    }

    fn whole_quotient(&self, dividend: &str, divisor: &str) -> String {
        format!("div({dividend}, {divisor})")
    }

    fn rounded_double(&self, of: &str) -> String {
        // `round` takes halves to the even neighbour.
        format!("(trunc({of}) + CASE WHEN abs({of} - trunc({of})) >= 0.5 THEN sign({of}) ELSE 0 END)")
    }

    fn contains(&self, text: &str, part: &str) -> String {
        format!("(strpos({text} COLLATE \"C\", {part}) > 0)")
    }

    fn moved(&self, of: &str, count: i128, unit: MovedBy) -> String {
        let interval = match unit {
            MovedBy::Months => "1 month",
            MovedBy::Days => "1 day",
            MovedBy::Seconds => "1 second",
        };
        format!("({of} + ({count})::double precision * INTERVAL '{interval}')")
    }

    fn endless(&self, of: &DataType) -> Option<String> {
        Some(format!("CAST('infinity' AS {})", self.type_name(of)?))
    }

    fn decimal_remainder(&self, dividend: &str, divisor: &str) -> Option<String> {
        Some(format!("({dividend} % NULLIF({divisor}, 0))"))
    }

    fn integer_sum(&self, of: &str, _: &DataType) -> String {
        format!("sum(({of})::numeric)")
    }

    fn widest_integer(&self) -> &'static str {
        "numeric"
    }

    fn most_expressions(&self) -> usize {
        // PostgreSQL allows 1,664.
        800
    }
}
