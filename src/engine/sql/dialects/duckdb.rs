//! DuckDB's SQL.

use super::dialect::hexadecimal;
use super::{Dialect, MovedBy, RegexSyntax};
use crate::data::{DataType, TimeUnit};

/// The dialect of DuckDB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuckDb;

/// RE2, in which classes and characters are spelled out.
static REGEXES: RegexSyntax = RegexSyntax {
    character: |character| format!("\\x{{{:x}}}", u32::from(character)),
    least: '\0',
    text: ("\\A", "\\z"),
    line: Some(("(?m:^)", "(?m:$)")),
    most_repetitions: 1_000,
};

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "DuckDB"
    }

    fn type_name(&self, of: &DataType) -> Option<String> {
        let name = match of {
            DataType::Boolean => "BOOLEAN",
            DataType::Integer { bits: ..=8, signed: true } => "TINYINT",
            DataType::Integer { bits: ..=16, signed: true } => "SMALLINT",
            DataType::Integer { bits: ..=32, signed: true } => "INTEGER",
            DataType::Integer { bits: ..=64, signed: true } => "BIGINT",
            DataType::Integer { bits: ..=8, signed: false } => "UTINYINT",
            DataType::Integer { bits: ..=16, signed: false } => "USMALLINT",
            DataType::Integer { bits: ..=32, signed: false } => "UINTEGER",
            DataType::Integer { bits: ..=64, signed: false } => "UBIGINT",
            DataType::Integer { bits: ..=128, signed: true } => "HUGEINT",
            DataType::Float { bits: 32 } => "FLOAT",
            DataType::Float { .. } => "DOUBLE",
            DataType::Decimal { precision: precision @ ..=38, scale } if scale <= precision => {
                return Some(format!("DECIMAL({},{scale})", (*precision).max(1)));
            }
            DataType::String => "VARCHAR",
            DataType::Binary => "BLOB",
            DataType::Date => "DATE",
            DataType::Time => "TIME",
            DataType::Timestamp { unit: TimeUnit::Milliseconds, .. } => "TIMESTAMP_MS",
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => "TIMESTAMP",
            DataType::Timestamp { unit: TimeUnit::Nanoseconds, .. } => "TIMESTAMP_NS",
            _ => return None,
        };
        Some(name.to_owned())
    }

    fn has_unlimited_decimals(&self) -> bool {
        false
    }

    fn by_code_point(&self, text: &str) -> String {
        text.to_owned()
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("from_hex('{}')", hexadecimal(bytes))
    }

    fn shown(&self, of: &str, data_type: &DataType) -> Option<String> {
        Some(match data_type {
            DataType::String => of.to_owned(),
            DataType::Binary => format!("hex({of})"),
            DataType::Date => format!("CAST({of} - DATE '1970-01-01' AS VARCHAR)"),
            DataType::Time => format!("CAST(epoch_ns({of}) AS VARCHAR)"),
            DataType::Timestamp { .. } => {
                format!("CAST({} AS VARCHAR)", self.nanoseconds(of, data_type)?)
            }
            DataType::Boolean
            | DataType::Integer { .. }
            | DataType::Float { .. }
            | DataType::Decimal { .. } => format!("CAST({of} AS VARCHAR)"),
            _ => return None,
        })
    }

    fn found(&self, text: &str, regex: &str) -> String {
        format!("regexp_matches({text}, {regex})")
    }

    fn regexes(&self) -> &'static RegexSyntax {
        &REGEXES
    }

    fn date_of_text(&self, text: &str) -> String {
        // The year 0 is read as such.
        format!("TRY_CAST({text} AS DATE)")
    }

    fn is_ascii(&self, text: &str) -> String {
        format!("(strlen({text}) = length({text}))")
    }

    fn nanoseconds(&self, of: &str, data_type: &DataType) -> Option<String> {
        match data_type {
            DataType::Date => Some(format!("(CAST({of} - DATE '1970-01-01' AS HUGEINT) * 86400000000000)")),
            DataType::Timestamp { unit: TimeUnit::Milliseconds, .. } => {
                Some(format!("(CAST(epoch_ms({of}) AS HUGEINT) * 1000000)"))
            }
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => {
                Some(format!("(CAST(epoch_us({of}) AS HUGEINT) * 1000)"))
            }
            DataType::Timestamp { unit: TimeUnit::Nanoseconds, .. } => {
                Some(format!("CAST(epoch_ns({of}) AS HUGEINT)"))
            }
            _ => None,
        }
    }

    fn whole_quotient(&self, dividend: &str, divisor: &str) -> String {
        format!("({dividend} // {divisor})")
    }

    fn moved(&self, of: &str, count: i128, unit: MovedBy) -> String {
        let interval = match unit {
            MovedBy::Months => "to_months",
            MovedBy::Days => "to_days",
            MovedBy::Seconds => "to_seconds",
        };
        format!("({of} + {interval}({count}))")
    }

    fn endless(&self, of: &DataType) -> Option<String> {
        Some(format!("CAST('infinity' AS {})", self.type_name(of)?))
    }

    fn decimal_remainder(&self, _: &str, _: &str) -> Option<String> {
        // By a double where the digits are many.
        None
    }

    fn integer_sum(&self, of: &str, _: &DataType) -> String {
        format!("sum({of})")
    }

    fn widest_integer(&self) -> &'static str {
        "HUGEINT"
    }

    fn most_expressions(&self) -> usize {
        500
    }
}
