//! Makes the statistics of the log of those in the footer of a file. What a footer does not say for certain is left out.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta};
use delta_kernel::schema::{DataType, PrimitiveType, StructField, StructType};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescriptor;
use serde_json::{Map, Value as Json, json};

use crate::data::Decimal;

/// Number of columns with statistics, where the table does not say otherwise.
const COLUMNS: usize = 32;
/// The greatest number of characters of a text.
const CHARACTERS: usize = 32;

/// Returns the columns of a table that have statistics in its log.
pub(super) fn with_statistics(
    schema: &StructType,
    partitioned: &[String],
    properties: &HashMap<String, String>,
) -> Vec<String> {
    let names = schema.fields().map(StructField::name).filter(|name| !partitioned.contains(name));
    if let Some(listed) = properties.get("delta.dataSkippingStatsColumns") {
        let listed: Vec<&str> = listed.split(',').map(|name| name.trim().trim_matches('`')).collect();
        return names.filter(|name| listed.contains(&name.as_str())).cloned().collect();
    }
    let most = properties.get("delta.dataSkippingNumIndexedCols").and_then(|text| text.parse::<i64>().ok());
    let most = match most {
        None => COLUMNS,
        Some(most) => usize::try_from(most).unwrap_or(usize::MAX),
    };
    names.take(most).cloned().collect()
}

/// Returns the statistics of a file as JSON.
pub(super) fn statistics(footer: &ParquetMetaData, schema: &StructType, columns: &[String]) -> String {
    let (mut nulls, mut lower, mut upper) = (Map::new(), Map::new(), Map::new());
    for (index, column) in footer.file_metadata().schema_descr().columns().iter().enumerate() {
        let path = column.path().parts();
        let is_wanted = path.first().is_some_and(|top| columns.contains(top));
        let Some(of) = type_at(schema, path).filter(|_| is_wanted && column.max_rep_level() == 0) else {
            continue;
        };
        let chunks = footer.row_groups().iter().map(|group| group.column(index));
        let groups: Option<Vec<Group<'_>>> = chunks
            .map(|chunk| {
                let (statistics, values) = (chunk.statistics()?, u64::try_from(chunk.num_values()).ok()?);
                Some(Group { statistics, nulls: statistics.null_count_opt()?, values })
            })
            .collect();
        let Some(groups) = groups else { continue };
        let missing: u64 = groups.iter().map(|group| group.nulls).sum();
        put(&mut nulls, path, json!(missing));
        if let Some(Bounds { least, greatest }) = bounds(&groups, column, of) {
            put(&mut lower, path, least);
            put(&mut upper, path, greatest);
        }
    }
    let rows = footer.file_metadata().num_rows();
    json!({"numRecords": rows, "minValues": lower, "maxValues": upper, "nullCount": nulls}).to_string()
}

/// Returns the type of a column, or of a field within one.
fn type_at<'a>(schema: &'a StructType, path: &[String]) -> Option<&'a PrimitiveType> {
    let (first, rest) = path.split_first()?;
    match (schema.field(first)?.data_type(), rest) {
        (DataType::Primitive(of), []) => Some(of),
        (DataType::Struct(fields), [_, ..]) => type_at(fields, rest),
        _ => None,
    }
}

fn put(into: &mut Map<String, Json>, path: &[String], value: Json) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        into.insert(first.clone(), value);
        return;
    }
    let inner = into.entry(first.clone()).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(inner) = inner {
        put(inner, rest, value);
    }
}

/// A column in a row group.
struct Group<'a> {
    statistics: &'a Statistics,
    nulls: u64,
    /// Number of values, nulls included.
    values: u64,
}

/// A least and a greatest value, as the log writes them.
struct Bounds {
    least: Json,
    greatest: Json,
}

/// The bounds of a row group.
enum Range {
    Whole { least: i64, greatest: i64 },
    Text { least: String, greatest: String },
}

fn bounds(groups: &[Group<'_>], column: &ColumnDescriptor, of: &PrimitiveType) -> Option<Bounds> {
    let mut found: Option<Range> = None;
    for group in groups {
        if group.nulls == group.values {
            continue;
        }
        let range = range(group.statistics)?;
        found = Some(match found {
            None => range,
            Some(known) => known.around(range)?,
        });
    }
    match (found?, of) {
        (
            Range::Whole { least, greatest },
            PrimitiveType::Byte | PrimitiveType::Short | PrimitiveType::Integer | PrimitiveType::Long,
        ) => Some(Bounds { least: json!(least), greatest: json!(greatest) }),
        (Range::Whole { least, greatest }, PrimitiveType::Date) => {
            Some(Bounds { least: day(least)?, greatest: day(greatest)? })
        }
        // The log has milliseconds: what is below them only widens the bounds.
        (Range::Whole { least, greatest }, PrimitiveType::Timestamp | PrimitiveType::TimestampNtz) => {
            let is_instant = *of == PrimitiveType::Timestamp;
            let greatest = greatest.checked_add(999)?;
            Some(Bounds { least: time(least, is_instant)?, greatest: time(greatest, is_instant)? })
        }
        (Range::Whole { least, greatest }, PrimitiveType::Decimal(_)) => {
            let scale = u8::try_from(column.type_scale()).ok()?;
            Some(Bounds { least: decimal(least, scale)?, greatest: decimal(greatest, scale)? })
        }
        (Range::Text { least, greatest }, PrimitiveType::String) => {
            let least = least.chars().take(CHARACTERS).collect::<String>();
            Some(Bounds { least: json!(least), greatest: json!(not_below(&greatest)?) })
        }
        _ => None,
    }
}

/// Returns the bounds of a row group; none of floats, which leave out NaN, and of bytes.
fn range(group: &Statistics) -> Option<Range> {
    // The old fields were written in a wrong order by some.
    if group.is_min_max_deprecated() {
        return None;
    }
    let range = match group {
        Statistics::Int32(of) => {
            Range::Whole { least: (*of.min_opt()?).into(), greatest: (*of.max_opt()?).into() }
        }
        Statistics::Int64(of) => Range::Whole { least: *of.min_opt()?, greatest: *of.max_opt()? },
        Statistics::ByteArray(of) => Range::Text {
            least: of.min_opt()?.as_utf8().ok()?.to_owned(),
            greatest: of.max_opt()?.as_utf8().ok()?.to_owned(),
        },
        _ => return None,
    };
    let is_ordered = match &range {
        Range::Whole { least, greatest } => least <= greatest,
        Range::Text { least, greatest } => least <= greatest,
    };
    is_ordered.then_some(range)
}

impl Range {
    fn around(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Whole { least, greatest }, Self::Whole { least: low, greatest: high }) => {
                Some(Self::Whole { least: least.min(low), greatest: greatest.max(high) })
            }
            (Self::Text { least, greatest }, Self::Text { least: low, greatest: high }) => {
                Some(Self::Text { least: least.min(low), greatest: greatest.max(high) })
            }
            _ => None,
        }
    }
}

fn day(days: i64) -> Option<Json> {
    let day = NaiveDate::default().checked_add_signed(TimeDelta::try_days(days)?)?;
    Some(json!(day.to_string()))
}

fn time(microseconds: i64, is_instant: bool) -> Option<Json> {
    let time = DateTime::from_timestamp_millis(microseconds.div_euclid(1_000))?;
    let zone = if is_instant { "Z" } else { "" };
    Some(json!(format!("{}{zone}", time.format("%Y-%m-%dT%H:%M:%S%.3f"))))
}

/// Returns a decimal as a number. Readers hold it as a double, in which only so many digits are exact.
fn decimal(unscaled: i64, scale: u8) -> Option<Json> {
    const MOST: u64 = 10_u64.pow(15);
    if unscaled.unsigned_abs() >= MOST {
        return None;
    }
    let text = Decimal { unscaled: unscaled.into(), scale }.to_string();
    Some(json!(text.parse::<f64>().ok()?))
}

/// Returns a short text that is not below a text.
fn not_below(text: &str) -> Option<String> {
    const LAST: char = '\u{10ffff}';
    let mut rest = text.char_indices().skip(CHARACTERS);
    match rest.next() {
        None => Some(text.to_owned()),
        Some((_, LAST)) => None,
        Some((end, _)) => Some(format!("{}{LAST}", &text[..end])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_cut_stays_a_bound() {
        assert_eq!(not_below("abc").as_deref(), Some("abc"));
        let long = "ü".repeat(40);
        let bound = not_below(&long).unwrap();
        assert!(bound > long && bound.chars().count() == CHARACTERS + 1);
        assert_eq!(not_below(&format!("{}\u{10ffff}", "a".repeat(CHARACTERS))), None);
    }

    #[test]
    fn times_are_widened_to_milliseconds() {
        assert_eq!(time(-1, true), Some(json!("1969-12-31T23:59:59.999Z")));
        assert_eq!(time(1_500, false), Some(json!("1970-01-01T00:00:00.001")));
        assert_eq!(day(-1), Some(json!("1969-12-31")));
        assert_eq!(decimal(-1_250, 2), Some(json!(-12.5)));
        assert_eq!(decimal(10_i64.pow(15), 2), None);
    }
}
