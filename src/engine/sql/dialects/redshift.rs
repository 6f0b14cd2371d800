//! Redshift's SQL: what its documents say, and where they are silent, nothing. It descends from PostgreSQL 8, and differs from it in
//! nearly everything that karat needs of texts, floats and times. What [`Dialect::refuses`] keeps from being printed is written here as
//! PostgreSQL has it.

use super::{Dialect, MovedBy, Postgres, RegexSyntax};
use crate::data::{DataType, TimeUnit, Value};
use crate::predicate::{Function, Term, Typed};

/// The dialect of Redshift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redshift;

impl Dialect for Redshift {
    fn name(&self) -> &'static str {
        "Redshift"
    }

    /// Columns of these names are its own.
    fn can_name(&self, name: &str) -> bool {
        !["oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"].contains(&name)
    }

    /// A backslash may begin an escape, and blanks at the end are not compared.
    fn can_write(&self, text: &str) -> bool {
        !text.contains('\\') && !text.ends_with(' ')
    }

    fn refuses(&self, typed: &Typed) -> Option<&'static str> {
        let is_infinite = |value: &Value| matches!(value, Value::Float(float) if !float.0.is_finite());
        match &typed.term {
            Term::Matches(..) => Some("a regular expression is matched by rules of its own"),
            Term::Literal(value) if is_infinite(value) => {
                Some("no document says how NaN and infinity compare")
            }
            Term::InSet(_, values) if values.iter().any(is_infinite) => {
                Some("no document says how NaN and infinity compare")
            }
            Term::Cast(of) if !is_cast(&of.data_type, &typed.data_type) => {
                Some("a cast between these types is not the one of karat")
            }
            Term::Call(function, _) if !is_called(*function) => Some("the function is another one there"),
            Term::Arithmetic(..) | Term::Negate(_)
                if matches!(
                    typed.data_type,
                    DataType::Float { .. } | DataType::Decimal { scale: 1.., .. }
                ) =>
            {
                Some("what is computed of decimals and floats is rounded by rules of its own")
            }
            _ => None,
        }
    }

    fn type_name(&self, of: &DataType) -> Option<String> {
        Some(match of {
            // `text` would have no more than 256 bytes.
            DataType::String => "varchar(65535)".to_owned(),
            DataType::Integer { bits: 65.., .. } | DataType::Integer { signed: false, bits: 64.. } => {
                "numeric(38,0)".to_owned()
            }
            DataType::Integer { signed: false, .. } => "bigint".to_owned(),
            DataType::Decimal { precision, scale } if *precision <= 38 => {
                format!("numeric({precision},{scale})")
            }
            DataType::Decimal { .. } | DataType::Binary | DataType::Time => return None,
            other => return Postgres.type_name(other),
        })
    }

    fn has_unlimited_decimals(&self) -> bool {
        false
    }

    /// The columns are read with a collation by code point.
    fn by_code_point(&self, text: &str) -> String {
        text.to_owned()
    }

    fn differ(&self, one: &str, other: &str) -> String {
        format!("COALESCE({one} <> {other}, ({one} IS NULL) <> ({other} IS NULL))")
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        Postgres.bytes(bytes)
    }

    fn shown(&self, of: &str, data_type: &DataType) -> Option<String> {
        let text = self.type_name(&DataType::String)?;
        Some(match data_type {
            DataType::Boolean => format!("CASE WHEN {of} THEN 'true' WHEN NOT {of} THEN 'false' END"),
            DataType::Date => format!("CAST(({of} - DATE '1970-01-01') AS {text})"),
            DataType::Timestamp { .. } => format!("CAST({} AS {text})", self.nanoseconds(of, data_type)?),
            DataType::Decimal { scale, .. } => {
                format!("CAST(CAST({of} AS numeric(38,{scale})) AS {text})")
            }
            DataType::String | DataType::Integer { .. } => format!("CAST({of} AS {text})"),
            _ => return None,
        })
    }

    fn found(&self, text: &str, regex: &str) -> String {
        Postgres.found(text, regex)
    }

    fn regexes(&self) -> &'static RegexSyntax {
        Postgres.regexes()
    }

    fn date_of_text(&self, text: &str) -> String {
        Postgres.date_of_text(text)
    }

    fn is_ascii(&self, text: &str) -> String {
        Postgres.is_ascii(text)
    }

    /// `extract` gives whole seconds, so the parts are those that are written.
    fn nanoseconds(&self, of: &str, data_type: &DataType) -> Option<String> {
        let days = |of: &str| format!("CAST(({of} - DATE '1970-01-01') AS numeric(38,0))");
        match data_type {
            DataType::Date => Some(format!("({} * 86400000000000)", days(of))),
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => {
                let part = |form: &str, nanoseconds: &str| {
                    format!("CAST(to_char({of}, '{form}') AS bigint) * {nanoseconds}")
                };
                Some(format!(
                    "({} * 86400000000000 + {} + {} + {} + {})",
                    days(&format!("CAST({of} AS date)")),
                    part("HH24", "3600000000000"),
                    part("MI", "60000000000"),
                    part("SS", "1000000000"),
                    part("US", "1000")
                ))
            }
            _ => None,
        }
    }

    fn whole_quotient(&self, dividend: &str, divisor: &str) -> String {
        // A quotient of decimals is rounded, one without a remainder is exact.
        format!("(({dividend} - mod({dividend}, {divisor})) / {divisor})")
    }

    fn moved(&self, of: &str, count: i128, unit: MovedBy) -> String {
        Postgres.moved(of, count, unit)
    }

    fn decimal_remainder(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn integer_sum(&self, of: &str, _: &DataType) -> String {
        format!("sum(CAST({of} AS numeric(38,0)))")
    }

    fn widest_integer(&self) -> &'static str {
        "numeric(38,0)"
    }

    fn most_expressions(&self) -> usize {
        // A statement has at most 16 MB, a select 1,600 columns.
        400
    }
}

/// Returns whether a cast is that of karat.
const fn is_cast(from: &DataType, to: &DataType) -> bool {
    use DataType::{Date, Decimal, Integer, Null, Timestamp};
    matches!(
        (from, to),
        (Integer { .. }, Integer { .. } | Decimal { .. })
            | (Decimal { .. }, Decimal { .. })
            | (Date, Timestamp { .. })
            | (Timestamp { .. }, Date | Timestamp { .. })
            | (Null, _)
    )
}

/// Returns whether a function is that of karat. None of them makes a text, which might end with blanks.
const fn is_called(function: Function) -> bool {
    matches!(
        function,
        Function::Coalesce
            | Function::Length
            | Function::Day
            | Function::Month
            | Function::Quarter
            | Function::Year
            | Function::DateDiff
    )
}
