//! Random checks on the columns of a frame, with arguments that stand at the edge of its values.

use karat::Suite;
use karat::document::Syntax;
use polars::prelude::{AnyValue, Column, DataFrame, DataType};
use serde_json::{Map, Value as Json, json};

use super::quoted;
use crate::fuzz::Random;

/// A suite of checks on every column, and on the table.
pub fn suite(frame: &DataFrame, random: &mut Random) -> Suite {
    let mut columns = Map::new();
    for column in frame.columns() {
        let checks = of_column(column, random);
        let checks = checks.into_iter().enumerate().map(|(index, mut check)| {
            check["id"] = format!("{} {index}", column.name()).into();
            if random.below(5) == 0 {
                let other = &frame.columns()[random.below(frame.width())];
                check["where"] = format!("{} IS NOT NULL", quoted(other.name())).into();
            }
            check
        });
        let checks: Vec<Json> = checks.collect();
        if !checks.is_empty() {
            columns.insert(quoted(column.name()), checks.into());
        }
    }
    let text = json!({"suite": "ways", "columns": columns, "table": [{"row_count": {"min": 1}}]}).to_string();
    // As it is, it would be taken for a byte of no text.
    let text = text.replace('\u{7f}', "\\u007f");
    Suite::parse(&text, "ways.json", Syntax::Json).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn of_column(column: &Column, random: &mut Random) -> Vec<Json> {
    let values: Vec<Json> =
        column.as_materialized_series().drop_nulls().iter().filter_map(|value| literal(&value)).collect();
    let mut any = || values.get(random.below(values.len())).cloned();
    let mut checks = vec![json!({"not_null": null}), json!({"null": null})];
    if let (Some(one), Some(other), Some(third)) = (any(), any(), any()) {
        match column.dtype() {
            DataType::Binary | DataType::Boolean => {}
            DataType::String => {
                checks.push(json!({"between": {"min": one, "max": other}}));
                checks.push(json!({"min": {"min": third}}));
                checks.push(json!({"max": {"max": one}}));
                checks.push(json!({"matches": "^[a-m]"}));
                checks.push(json!({"not_like": "s%"}));
                checks.push(json!({"length_between": {"max": 4}}));
            }
            _ => {
                checks.push(json!({"between": {"min": one, "max": other}}));
                checks.push(json!({"between": {"min": third, "strict_min": true}}));
                checks.push(json!({"min": {"min": third}}));
                checks.push(json!({"max": {"max": one}}));
            }
        }
        if *column.dtype() != DataType::Binary {
            checks.push(json!({"in_set": [one]}));
            checks.push(json!({"in_set": [one, other]}));
            checks.push(json!({"not_in_set": [third]}));
        }
    }
    checks.push(json!({"distinct_count": {"min": 1}}));
    checks.push(json!({"unique": null}));
    if column.dtype().is_integer() {
        checks.push(json!({"sum": {"min": 0}}));
        checks.push(json!({"mean": {"min": 0}}));
    }
    // Some of them, or else nothing would ever be proved wholly.
    checks.retain(|_| random.below(3) > 0);
    checks
}

/// A value as a suite has it; none of one that a suite cannot have.
fn literal(value: &AnyValue<'_>) -> Option<Json> {
    Some(match value {
        AnyValue::Boolean(value) => json!(value),
        AnyValue::Int8(value) => json!(value),
        AnyValue::Int16(value) => json!(value),
        AnyValue::Int32(value) => json!(value),
        AnyValue::Int64(value) => json!(value),
        AnyValue::UInt8(value) => json!(value),
        AnyValue::UInt16(value) => json!(value),
        AnyValue::UInt32(value) => json!(value),
        AnyValue::UInt64(value) => json!(value),
        AnyValue::Float32(value) if value.is_finite() => json!(f64::from(*value)),
        AnyValue::Float64(value) if value.is_finite() => json!(value),
        AnyValue::Decimal(..) => json!(value.to_string()),
        AnyValue::String(text) => json!(text),
        AnyValue::StringOwned(text) => json!(text.as_str()),
        AnyValue::Date(days) => json!(chrono::NaiveDate::from_epoch_days(*days)?.to_string()),
        AnyValue::Datetime(count, unit, zone) => {
            let micros = match unit {
                polars::prelude::TimeUnit::Nanoseconds => count.div_euclid(1_000),
                polars::prelude::TimeUnit::Microseconds => *count,
                polars::prelude::TimeUnit::Milliseconds => count.checked_mul(1_000)?,
            };
            let time = chrono::DateTime::from_timestamp_micros(micros)?;
            let time = time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
            json!(if zone.is_some() { time } else { time.trim_end_matches('Z').to_owned() })
        }
        _ => return None,
    })
}
