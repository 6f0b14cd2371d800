//! The statistics of a data file, as the log has them: exact where they can be, and else bounds that hold all values.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, Days, NaiveDate};
use delta_kernel::schema::{DataType, PrimitiveType, StructType};
use parquet::basic::Type;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;
use serde_json::{Map, Value as Json};

use super::table::WithStatistics;

/// The longest text, in bytes, that is written as a bound.
const LONGEST: usize = 256;
/// The years that all readers can read.
const YEARS: RangeInclusive<i32> = 0..=9999;

/// Returns the statistics of a file that others have written, as JSON: its floats may have NaN, and so have no bounds.
pub(crate) fn statistics_of_others(
    footer: &ParquetMetaData,
    columns: &StructType,
    with: &WithStatistics,
) -> String {
    let leaves = footer.file_metadata().schema_descr().columns().iter();
    let is_float = |column: &ColumnDescPtr| matches!(column.physical_type(), Type::FLOAT | Type::DOUBLE);
    statistics(footer, &leaves.map(is_float).collect::<Vec<_>>(), columns, with)
}

/// Returns the statistics of a file, as JSON. `columns` are those of the table, with or without those that the file lacks;
/// `has_nan` says for each leaf of the file whether it has a NaN, on whose place in the order readers do not agree.
pub(super) fn statistics(
    footer: &ParquetMetaData,
    has_nan: &[bool],
    columns: &StructType,
    with: &WithStatistics,
) -> String {
    let rows = footer.file_metadata().num_rows();
    let (mut least, mut greatest, mut nulls) = (Tree::default(), Tree::default(), Tree::default());
    let descriptor = footer.file_metadata().schema_descr();
    for leaf in 0..descriptor.num_columns() {
        let column = descriptor.column(leaf);
        let path: Vec<&str> = column.path().parts().iter().map(String::as_str).collect();
        // What lies within lists has no statistics in a log.
        let Some(of) = primitive(columns, &path).filter(|_| column.max_rep_level() == 0) else { continue };
        if !with.takes(leaf, &path) {
            continue;
        }
        let groups =
            || footer.row_groups().iter().map(|group: &RowGroupMetaData| group.column(leaf).statistics());
        let counts = groups().map(|it| it.and_then(Statistics::null_count_opt)).collect::<Option<Vec<_>>>();
        let Some(counts) = counts else { continue };
        let count: u64 = counts.iter().sum();
        nulls.put(&path, count.to_string());
        if has_nan.get(leaf).copied().unwrap_or(true) || i64::try_from(count).is_ok_and(|count| count == rows)
        {
            continue;
        }
        let bounds = groups().flatten().zip(footer.row_groups()).filter(|(it, group)| {
            // A group of nulls only has no bounds.
            it.null_count_opt().and_then(|nulls| i64::try_from(nulls).ok()) != Some(group.num_rows())
        });
        if let Some((low, high)) = Bound::of_all(bounds.map(|(it, _)| it), of) {
            if let Some(text) = low.json(of, Side::Least) {
                least.put(&path, text);
            }
            if let Some(text) = high.json(of, Side::Greatest) {
                greatest.put(&path, text);
            }
        }
    }
    format!(
        r#"{{"numRecords":{rows},"tightBounds":true,"minValues":{},"maxValues":{},"nullCount":{}}}"#,
        least.json(),
        greatest.json(),
        nulls.json()
    )
}

impl WithStatistics {
    fn takes(&self, leaf: usize, path: &[&str]) -> bool {
        match self {
            Self::First(count) => leaf < *count,
            Self::Named(names) => {
                let path = path.join(".");
                names.iter().any(|name| {
                    path.strip_prefix(name.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
            }
        }
    }
}

/// Returns the type of a column, or of a field of structs, unless it is nested itself.
fn primitive<'c>(columns: &'c StructType, path: &[&str]) -> Option<&'c PrimitiveType> {
    let (first, rest) = path.split_first()?;
    match columns.field(*first)?.data_type() {
        DataType::Primitive(of) if rest.is_empty() => Some(of),
        DataType::Struct(fields) => primitive(fields, rest),
        _ => None,
    }
}

/// Values by the paths of their columns. Decimals must keep all of their digits, so that values are kept as the text of JSON.
#[derive(Default)]
struct Tree(Map<String, Json>);

impl Tree {
    fn put(&mut self, path: &[&str], text: String) {
        put(&mut self.0, path, text);
    }

    fn json(&self) -> String {
        json(&self.0)
    }
}

fn put(tree: &mut Map<String, Json>, path: &[&str], text: String) {
    match path {
        [] => {}
        [name] => {
            tree.insert((*name).to_owned(), Json::String(text));
        }
        [name, rest @ ..] => {
            let inner = tree.entry(*name).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                put(inner, rest, text);
            }
        }
    }
}

fn json(tree: &Map<String, Json>) -> String {
    let entries = tree.iter().map(|(name, value)| {
        let text = match value {
            Json::Object(inner) => json(inner),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        format!("{}:{text}", Json::String(name.clone()))
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Least,
    Greatest,
}

/// A bound of values, in an order that is that of their type.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Bound {
    Whole(i128),
    Double(f64),
    Text(String),
}

impl Bound {
    /// Returns the bounds of all row groups; `None` if one has none.
    fn of_all<'s>(groups: impl Iterator<Item = &'s Statistics>, of: &PrimitiveType) -> Option<(Self, Self)> {
        let mut all: Option<(Self, Self)> = None;
        for group in groups {
            let (low, high) = Self::of(group, of).filter(|(low, high)| low <= high)?;
            all = Some(match all {
                None => (low, high),
                Some((least, greatest)) => {
                    (if low < least { low } else { least }, if high > greatest { high } else { greatest })
                }
            });
        }
        all
    }

    fn of(group: &Statistics, of: &PrimitiveType) -> Option<(Self, Self)> {
        // The old fields were written in a wrong order by some.
        if group.is_min_max_deprecated() {
            return None;
        }
        let whole = |low: i128, high: i128| Some((Self::Whole(low), Self::Whole(high)));
        match (group, of) {
            (_, PrimitiveType::Binary | PrimitiveType::Boolean) => None,
            (Statistics::Int32(it), _) => whole((*it.min_opt()?).into(), (*it.max_opt()?).into()),
            (Statistics::Int64(it), _) => whole((*it.min_opt()?).into(), (*it.max_opt()?).into()),
            (Statistics::Float(it), _) => {
                Some((Self::Double((*it.min_opt()?).into()), Self::Double((*it.max_opt()?).into())))
            }
            (Statistics::Double(it), _) => Some((Self::Double(*it.min_opt()?), Self::Double(*it.max_opt()?))),
            (Statistics::ByteArray(_), PrimitiveType::String) => {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().map(Self::Text);
                Some((text(group.min_bytes_opt()?)?, text(group.max_bytes_opt()?)?))
            }
            (Statistics::FixedLenByteArray(_), PrimitiveType::Decimal(_)) => {
                whole(extended(group.min_bytes_opt()?)?, extended(group.max_bytes_opt()?)?)
            }
            _ => None,
        }
    }

    /// Returns it as the log writes values of a type; `None` if it cannot.
    fn json(&self, of: &PrimitiveType, side: Side) -> Option<String> {
        let quoted = |text: String| Some(Json::String(text).to_string());
        match (self, of) {
            (Self::Whole(days), PrimitiveType::Date) => {
                let date = date(*days).filter(|date| YEARS.contains(&date.year()))?;
                quoted(date.format("%Y-%m-%d").to_string())
            }
            (Self::Whole(micros), PrimitiveType::Timestamp | PrimitiveType::TimestampNtz) => {
                // Logs have milliseconds.
                let millis = match side {
                    Side::Least => micros.div_euclid(1_000),
                    Side::Greatest => -(-micros).div_euclid(1_000),
                };
                let time = DateTime::from_timestamp_millis(i64::try_from(millis).ok()?)?;
                if !YEARS.contains(&time.year()) {
                    return None;
                }
                let zone = if of == &PrimitiveType::Timestamp { "Z" } else { "" };
                quoted(format!("{}{zone}", time.format("%Y-%m-%dT%H:%M:%S%.3f")))
            }
            (Self::Whole(digits), PrimitiveType::Decimal(of)) => Some(decimal(*digits, of.scale().into())),
            (Self::Whole(value), _) => Some(value.to_string()),
            (Self::Double(value), PrimitiveType::Float) => {
                // The shortest text of the value as it was, not as it is as a double.
                #[expect(clippy::cast_possible_truncation, reason = "it was one before")]
                let value = *value as f32;
                value.is_finite().then(|| format!("{value:?}"))
            }
            (Self::Double(value), _) => value.is_finite().then(|| format!("{value:?}")),
            (Self::Text(text), _) if text.len() <= LONGEST => quoted(text.clone()),
            (Self::Text(_), _) => None,
        }
    }
}

/// Returns a number of big-endian bytes.
fn extended(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut all = [if negative { 0xff } else { 0 }; 16];
    let start = all.len().checked_sub(bytes.len())?;
    all.get_mut(start..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(all))
}

pub(super) fn date(days: i128) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let count = Days::new(u64::try_from(days.unsigned_abs()).ok()?);
    if days < 0 { epoch.checked_sub_days(count) } else { epoch.checked_add_days(count) }
}

/// Returns a decimal in digits, all of those behind the point included.
pub(super) fn decimal(digits: i128, scale: usize) -> String {
    let text = format!("{:0>1$}", digits.unsigned_abs(), scale + 1);
    let (whole, behind) = text.split_at(text.len() - scale);
    let sign = if digits < 0 { "-" } else { "" };
    if behind.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{behind}") }
}
