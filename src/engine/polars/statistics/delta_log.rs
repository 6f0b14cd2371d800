//! Reads the statistics of a file in the log of a Delta table: JSON, as the file's writer saw the values.

use chrono::{DateTime, NaiveDateTime};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::column_statistics::ColumnStatistics;
use super::truncated::upper_bound_of_truncated;
use crate::data::{ColumnBound, DataType, Decimal, KnownColumn, Literal, Value};

/// The statistics of a file, as the log states them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LoggedStatistics {
    /// Number of rows, including deleted ones.
    pub(super) num_records: Option<u64>,
    /// True if the other statistics hold exactly for the rows that are there.
    tight_bounds: Option<bool>,
    min_values: Map<String, Json>,
    max_values: Map<String, Json>,
    null_count: Map<String, Json>,
}

/// Returns the number of rows of a file by the log's statistics, including deleted ones.
pub(in crate::engine::polars) fn row_count(json: &str) -> Option<u64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Rows {
        num_records: Option<u64>,
    }
    serde_json::from_str::<Rows>(json).ok()?.num_records
}

impl LoggedStatistics {
    /// Parses the statistics of a file with `rows` rows. Returns `None` if they are not understood, or state
    /// another number of rows.
    pub(super) fn of(json: &str, rows: u64) -> Option<Self> {
        let statistics: Self = serde_json::from_str(json).ok()?;
        (statistics.num_records == Some(rows)).then_some(statistics)
    }

    /// Returns whether the bounds are tight, as they are unless the log states otherwise.
    pub(super) fn are_tight(&self) -> bool {
        self.tight_bounds != Some(false)
    }

    /// Returns what is known of a column on `rows` rows, by the column's name in files.
    pub(super) fn column(&self, name: &str, data_type: &DataType, rows: u64) -> KnownColumn {
        if !has_statistics(data_type) {
            return KnownColumn::default();
        }
        // Names are unique in a table: of several equal keys, the parser keeps only the last.
        let nulls = match self.null_count.get(name) {
            None | Some(Json::Null) => None,
            Some(count) => match count.as_u64() {
                Some(count) => Some(count),
                None => return KnownColumn::default(),
            },
        };
        let bound_in = |values: &Map<String, Json>| {
            let value = value(values.get(name)?, data_type)?;
            // The log may state bounds that are wider than the values.
            Some(ColumnBound { value, is_exact: false })
        };
        let bounds = [&self.min_values, &self.max_values].map(|values| values.get(name));
        let bounded = bounds.into_iter().flatten().any(|bound| !bound.is_null());
        if contradict_each_other(bounds) {
            return KnownColumn::default();
        }
        let range = bound_in(&self.min_values).zip(bound_in(&self.max_values));
        let mut known = ColumnStatistics { nulls, bounded, range }.validated(rows);
        known.lower = known.lower.filter(|lower| !is_greatest(lower, known.upper.as_ref()));
        known.lower = known.lower.and_then(widened_down);
        known.upper = known.upper.and_then(widened_up);
        known
    }
}

/// Returns whether bounds contradict each other that are numbers or booleans, even those that are never used.
fn contradict_each_other(bounds: [Option<&Json>; 2]) -> bool {
    match bounds {
        [Some(Json::Number(lower)), Some(Json::Number(upper))] => lower.as_f64() > upper.as_f64(),
        [Some(Json::Bool(lower)), Some(Json::Bool(upper))] => lower > upper,
        _ => false,
    }
}

/// Returns whether the lower bound of a timestamp equals the upper one, which delta-rs 0.11 wrote instead.
fn is_greatest(lower: &ColumnBound, upper: Option<&ColumnBound>) -> bool {
    matches!(lower.value, Value::Timestamp { .. }) && Some(lower) == upper
}

/// Returns whether the log may have statistics of columns with a type.
fn has_statistics(data_type: &DataType) -> bool {
    !matches!(
        data_type,
        DataType::Null
            | DataType::List(_)
            | DataType::Struct(_)
            | DataType::Other(_)
            | DataType::Unread { .. }
    )
}

/// Parses a bound. Returns `None` if no bound of the type is trusted.
fn value(json: &Json, data_type: &DataType) -> Option<Value> {
    match (json, data_type) {
        (Json::Number(number), DataType::Integer { .. }) if number.is_i64() || number.is_u64() => {
            Literal::Number(number.to_string()).bind(data_type).ok()
        }
        (_, DataType::Decimal { .. }) => decimal(json, data_type),
        // A text with NUL was prefixed or padded by its writer, and is not a value of the column.
        (Json::String(text), DataType::String) if !text.contains('\0') => Some(Value::String(text.clone())),
        (Json::String(text), DataType::Date) => Literal::Text(text.clone()).bind(data_type).ok(),
        (Json::String(text), DataType::Timestamp { zone, .. }) => timestamp(text, zone.is_some()),
        // Bounds of floats leave out NaN, and booleans and bytes have no bounds.
        _ => None,
    }
}

/// Parses a timestamp, which must state its zone if it is an instant, and must not otherwise.
fn timestamp(text: &str, instant: bool) -> Option<Value> {
    let time = if instant {
        DateTime::parse_from_rfc3339(text).ok()?.to_utc()
    } else {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?.and_utc()
    };
    let nanoseconds =
        i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos());
    Some(Value::Timestamp { nanoseconds, instant })
}

/// Parses a decimal. Decimals are written as numbers, which some writers and readers hold as doubles: only up
/// to 15 digits are exact.
fn decimal(json: &Json, data_type: &DataType) -> Option<Value> {
    const MOST: u128 = 10_u128.pow(15);
    match json {
        Json::Number(number) => {
            let text = number.to_string();
            let value = Literal::Number(text).bind(data_type).ok()?;
            matches!(value, Value::Decimal(Decimal { unscaled, .. }) if unscaled.unsigned_abs() < MOST)
                .then_some(value)
        }
        Json::String(text) => Literal::Text(text.clone()).bind(data_type).ok(),
        _ => None,
    }
}

/// The first day, and the first instant, on which all writers and readers agree. Before the Gregorian
/// calendar (1582-10-15), and before clocks kept time zones (1900-01-02), Spark may have shifted the values
/// in files.
const FIRST_DAY: i32 = -141_427;
const FIRST_INSTANT: i128 = -2_208_902_400_000_000_000;
const MILLISECOND: i128 = 1_000_000;

/// Lowers a stated lower bound to one that certainly holds. Returns `None` if there is none.
fn widened_down(mut lower: ColumnBound) -> Option<ColumnBound> {
    match &mut lower.value {
        Value::Date(day) if *day < FIRST_DAY => return None,
        Value::Timestamp { nanoseconds, .. } => {
            if *nanoseconds < FIRST_INSTANT {
                return None;
            }
            // The writer truncated to milliseconds, perhaps towards the epoch, or rounded (delta-rs 0.11).
            *nanoseconds -= MILLISECOND;
        }
        // A truncated text is below the original text.
        _ => {}
    }
    Some(lower)
}

/// Raises a stated upper bound to one that certainly holds. Returns `None` if there is none.
fn widened_up(mut upper: ColumnBound) -> Option<ColumnBound> {
    match &mut upper.value {
        Value::Date(day) if *day < FIRST_DAY => return None,
        Value::Timestamp { nanoseconds, .. } => {
            if *nanoseconds < FIRST_INSTANT {
                return None;
            }
            // The writer truncated to milliseconds.
            *nanoseconds += MILLISECOND;
        }
        Value::String(text) => *text = upper_bound_of_truncated(text)?,
        _ => {}
    }
    Some(upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TimeUnit;

    fn known(json: &str, data_type: &DataType) -> KnownColumn {
        let json = format!(r#"{{"numRecords":9,{json}}}"#);
        LoggedStatistics::of(&json, 9).unwrap().column("c", data_type, 9)
    }

    fn bounds(lower: &str, upper: &str, data_type: &DataType) -> Option<(Value, Value)> {
        let known = known(
            &format!(r#""minValues":{{"c":{lower}}},"maxValues":{{"c":{upper}}},"nullCount":{{"c":1}}"#),
            data_type,
        );
        Some((known.lower?.value, known.upper?.value))
    }

    const DAY: i128 = 86_400_000_000_000;
    const INSTANT: fn() -> DataType =
        || DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".to_owned()) };

    #[test]
    fn values_are_read_by_their_types() {
        let integers = |lower, upper| (Value::Integer(lower), Value::Integer(upper));
        assert_eq!(bounds("-3", "7", &DataType::INT64), Some(integers(-3, 7)));
        for bad in ["7.0", "1e3", "\"7\"", "true", "[7]", "null", "99999999999999999999"] {
            assert_eq!(bounds("-3", bad, &DataType::INT64), None, "{bad}");
        }
        let tiny = DataType::Integer { bits: 8, signed: true };
        assert_eq!(bounds("-3", "128", &tiny), None);
        assert_eq!(bounds("1.5", "2.5", &DataType::FLOAT64), None);
        assert_eq!(bounds("false", "true", &DataType::Boolean), None);
        assert_eq!(bounds("7", "-3", &DataType::INT64), None);
        let day = |text: &str| Literal::Text(text.to_owned()).bind(&DataType::Date).unwrap();
        assert_eq!(
            bounds("\"2024-01-31\"", "\"2024-02-01\"", &DataType::Date),
            Some((day("2024-01-31"), day("2024-02-01")))
        );
        assert_eq!(bounds("\"31.1.2024\"", "\"2024-02-01\"", &DataType::Date), None);
    }

    #[test]
    fn days_of_old_calendars_are_not_believed() {
        let old = known(
            r#""minValues":{"c":"0001-01-01"},"maxValues":{"c":"9999-12-31"},"nullCount":{"c":0}"#,
            &DataType::Date,
        );
        assert_eq!((old.lower, old.nulls), (None, Some(0)));
        assert!(old.upper.is_some());
        assert_eq!(bounds("\"1582-10-15\"", "\"1582-10-15\"", &DataType::Date).map(drop), Some(()));
    }

    #[test]
    fn instants_are_cut_or_rounded_to_milliseconds() {
        let at = |nanoseconds| Value::Timestamp { nanoseconds, instant: true };
        assert_eq!(
            bounds("\"1970-01-02T00:00:00.001Z\"", "\"1970-01-02T00:00:00.002Z\"", &INSTANT()),
            Some((at(DAY), at(DAY + 3_000_000)))
        );
        assert_eq!(
            bounds("\"1970-01-01T00:00:00.000Z\"", "\"1970-01-01T02:00:00.001+02:00\"", &INSTANT()),
            Some((at(-1_000_000), at(2_000_000)))
        );
        // A lower bound that equals the upper bound may be a copy of it.
        assert_eq!(bounds("\"2024-01-01T00:00:00Z\"", "\"2024-01-01T00:00:00Z\"", &INSTANT()), None);
        assert_eq!(bounds("\"1899-01-01T00:00:00Z\"", "\"1900-06-01T00:00:00Z\"", &INSTANT()), None);
        // An instant must state its zone, and other timestamps must not.
        assert_eq!(bounds("\"2024-01-01T00:00:00\"", "\"2024-01-01T00:00:00\"", &INSTANT()), None);
        let wall = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None };
        assert_eq!(bounds("\"2024-01-01T00:00:00Z\"", "\"2024-01-01T00:00:00Z\"", &wall), None);
    }

    #[test]
    fn decimals_are_believed_as_far_as_doubles_are_exact() {
        let decimal = DataType::Decimal { precision: 38, scale: 2 };
        let value = |unscaled| Value::Decimal(Decimal { unscaled, scale: 2 });
        assert_eq!(bounds("-0.07", "12.34", &decimal), Some((value(-7), value(1234))));
        assert_eq!(bounds("0", "9999999999999.99", &decimal), Some((value(0), value(999_999_999_999_999))));
        for bad in ["10000000000000.01", "1e30", "12.345", "12.340000000000002"] {
            assert_eq!(bounds("0", bad, &decimal), None, "{bad}");
        }
        assert_eq!(
            bounds("\"0.01\"", "\"123456789012345678.90\"", &decimal),
            Some((value(1), value(12_345_678_901_234_567_890)))
        );
    }

    #[test]
    fn nulls_are_counts() {
        let nulls = |count| known(&format!(r#""nullCount":{{"c":{count}}}"#), &DataType::INT64).nulls;
        assert_eq!((nulls("3"), nulls("9"), nulls("null")), (Some(3), Some(9), None));
        for bad in ["10", "-1", "1.5", "{\"d\":1}"] {
            assert_eq!(nulls(bad), None, "{bad}");
        }
        assert!(LoggedStatistics::of(r#"{"numRecords":8}"#, 9).is_none());
        assert!(LoggedStatistics::of("{}", 9).is_none());
        assert!(LoggedStatistics::of("", 9).is_none());
    }
}
