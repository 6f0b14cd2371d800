//! Values that often stand where there is none.

use super::{Distinct, Values};
use crate::data::{DataType, Decimal, Value};

/// Texts, in lower case and without blanks around them.
const TEXTS: [&str; 25] = [
    "#n/a",
    "#null!",
    "#ref!",
    "(null)",
    "-",
    "--",
    "---",
    ".",
    "?",
    "??",
    "??? ",
    "empty",
    "missing",
    "n.a.",
    "n/a",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "tbd",
    "test",
    "undefined",
    "unknown",
    "xxx",
];
const NUMBERS: [i128; 9] = [-9999, -999, -99, -1, 999, 9_999, 99_999, 999_999, 9_999_999];
/// Days since 1970-01-01: 1900-01-01, 1970-01-01, 2999-12-31, 9999-12-31, 0001-01-01.
const DAYS: [i32; 5] = [-25_567, 0, 376_199, 2_932_896, -719_162];
const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// The placeholders among values of a type; of texts, in lower case and without blanks around them.
pub(super) fn placeholders(data_type: &DataType) -> Vec<Value> {
    match data_type {
        DataType::String => TEXTS.iter().map(|text| Value::String(text.trim().to_owned())).collect(),
        DataType::Integer { bits, signed } => {
            let width = u32::from(*bits) - u32::from(*signed);
            let fits = |number: &i128| {
                (*signed || *number >= 0) && number.unsigned_abs().checked_shr(width).unwrap_or_default() == 0
            };
            NUMBERS.into_iter().filter(fits).map(Value::Integer).collect()
        }
        DataType::Float { .. } => NUMBERS
            .into_iter()
            .filter_map(|number| Value::Integer(number).as_f64())
            .map(Value::float)
            .collect(),
        DataType::Decimal { precision, scale } => {
            let whole = u32::from(precision.saturating_sub(*scale));
            let unscaled = |number: i128| {
                let fits =
                    number.unsigned_abs().to_string().len() <= usize::try_from(whole).unwrap_or_default();
                fits.then(|| number.checked_mul(10_i128.checked_pow(u32::from(*scale))?)).flatten()
            };
            let decimal = |unscaled| Value::Decimal(Decimal { unscaled, scale: *scale });
            NUMBERS.into_iter().filter_map(unscaled).map(decimal).collect()
        }
        DataType::Date => DAYS.into_iter().map(Value::Date).collect(),
        DataType::Timestamp { zone, .. } => {
            let at = |days: i32| Value::Timestamp {
                nanoseconds: i128::from(days) * NANOSECONDS_A_DAY,
                instant: zone.is_some(),
            };
            // What a column of nanoseconds cannot hold, it cannot be compared with.
            DAYS.into_iter().filter(|days| days.unsigned_abs() < 100_000).map(at).collect()
        }
        _ => Vec::new(),
    }
}

/// Those placeholders that are suspicious: a number or a time only at an end of the values, and a number only if it comes
/// more than once where others do not.
pub(super) fn suspicious(
    found: Vec<(Value, u64)>,
    values: &Values,
    distinct: Option<Distinct>,
) -> Vec<(Value, u64)> {
    let is_end = |value: &Value| *value == values.least || *value == values.greatest;
    let is_key = distinct.is_some_and(|distinct| distinct.singles == distinct.counted);
    let is_suspicious = |(value, rows): &(Value, u64)| match value {
        Value::String(_) => true,
        Value::Date(_) | Value::Timestamp { .. } => is_end(value),
        _ => is_end(value) && *rows > 1 && !is_key,
    };
    found.into_iter().filter(is_suspicious).collect()
}
