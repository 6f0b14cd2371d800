//! Tells rows apart by the values of the partition columns.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray, RecordBatch, UInt32Array,
};
use arrow::compute::take_record_batch;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, SchemaRef, TimestampMicrosecondType,
};
use arrow::row::{OwnedRow, RowConverter, SortField};
use chrono::DateTime;

use super::statistics::{date, decimal};
use crate::sink::fit::Misfit;

/// The partition columns of a table, among those that are written.
pub(super) struct Partitions {
    /// Their places.
    columns: Vec<usize>,
    /// The places of the others.
    others: Vec<usize>,
    names: Vec<String>,
    keys: RowConverter,
}

/// The rows of one partition.
pub(super) struct Partition {
    pub(super) key: OwnedRow,
    pub(super) values: BTreeMap<String, Option<String>>,
    /// The rows, without the partition columns.
    pub(super) rows: RecordBatch,
}

impl Partitions {
    /// Finds the partition columns.
    pub(super) fn of(written: &SchemaRef, names: &[String]) -> Result<Self, Misfit> {
        let misfit =
            |column: &str, reason: &str| Misfit { column: column.to_owned(), reason: reason.to_owned() };
        let mut columns = Vec::new();
        for name in names {
            let (place, field) = written.column_with_name(name).ok_or_else(|| {
                misfit(name, "the table is partitioned by it, and the rows have none of this name")
            })?;
            if field.data_type().is_nested()
                || matches!(
                    field.data_type(),
                    DataType::Binary | DataType::LargeBinary | DataType::BinaryView
                )
            {
                return Err(misfit(name, "a table cannot be partitioned by a column of this type"));
            }
            columns.push(place);
        }
        let others: Vec<usize> =
            (0..written.fields().len()).filter(|place| !columns.contains(place)).collect();
        if others.is_empty() {
            return Err(misfit(&names.join(", "), "there is no column that is no partition column"));
        }
        let fields = columns.iter().filter_map(|place| written.fields().get(*place));
        let fields = fields.map(|field| SortField::new(field.data_type().clone())).collect();
        let keys = RowConverter::new(fields).map_err(|error| misfit("", &error.to_string()))?;
        Ok(Self { columns, others, names: names.to_vec(), keys })
    }

    /// Returns the columns that a file has.
    pub(super) fn in_files(&self, written: &SchemaRef) -> SchemaRef {
        written.project(&self.others).map_or_else(|_| written.clone(), Into::into)
    }

    /// Returns the rows of each partition, in their order.
    pub(super) fn split(&self, rows: &RecordBatch) -> Result<Vec<Partition>, Misfit> {
        let failed =
            |error: arrow::error::ArrowError| Misfit { column: String::new(), reason: error.to_string() };
        let others = rows.project(&self.others).map_err(failed)?;
        let columns: Vec<ArrayRef> = self.columns.iter().map(|place| rows.column(*place).clone()).collect();
        let keys = self.keys.convert_columns(&columns).map_err(failed)?;
        let mut places: HashMap<_, Vec<u32>> = HashMap::new();
        for (key, place) in keys.iter().zip(0..) {
            places.entry(key).or_default().push(place);
        }
        let mut found: Vec<_> = places.into_iter().collect();
        found.sort_by_key(|(_, places)| places.first().copied());
        let is_only = found.len() == 1;
        let partitions = found.into_iter().map(|(key, places)| {
            let first = places.first().map_or(0, |place| *place as usize);
            let values = self.names.iter().zip(&columns).map(|(name, column)| {
                let value = text(column, first)
                    .map_err(|reason| Misfit { column: name.clone(), reason: reason.to_owned() })?;
                Ok((name.clone(), value))
            });
            let values = values.collect::<Result<_, _>>()?;
            let rows = if is_only {
                others.clone()
            } else {
                take_record_batch(&others, &UInt32Array::from(places)).map_err(failed)?
            };
            Ok(Partition { key: key.owned(), values, rows })
        });
        partitions.collect()
    }
}

/// Returns a value as the log writes that of a partition.
fn text(column: &ArrayRef, row: usize) -> Result<Option<String>, &'static str> {
    const TOO_FAR: &str = "a date or time beyond the years of calendars cannot be the value of a partition";
    if column.is_null(row) {
        return Ok(None);
    }
    let text = match column.data_type() {
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Int8 => value::<Int8Type>(column, row).to_string(),
        DataType::Int16 => value::<Int16Type>(column, row).to_string(),
        DataType::Int32 => value::<Int32Type>(column, row).to_string(),
        DataType::Int64 => value::<Int64Type>(column, row).to_string(),
        // The fewest digits that tell the value among those of its own type.
        DataType::Float32 => {
            let single = value::<Float32Type>(column, row);
            float(single.into(), |_| format!("{single:?}"))
        }
        DataType::Float64 => float(value::<Float64Type>(column, row), |it| format!("{it:?}")),
        DataType::Date32 => {
            let date = date(value::<Date32Type>(column, row).into()).ok_or(TOO_FAR)?;
            date.format("%Y-%m-%d").to_string()
        }
        DataType::Timestamp(_, zone) => {
            let micros = value::<TimestampMicrosecondType>(column, row);
            let time = DateTime::from_timestamp_micros(micros).ok_or(TOO_FAR)?;
            // Of the two forms that there are, this one does not depend on the time zone of its reader.
            let form = if zone.is_some() { "%Y-%m-%dT%H:%M:%S%.6fZ" } else { "%Y-%m-%d %H:%M:%S%.6f" };
            time.format(form).to_string()
        }
        DataType::Decimal128(_, scale) => {
            decimal(value::<Decimal128Type>(column, row), usize::try_from(*scale).unwrap_or_default())
        }
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        _ => return Err("a table cannot be partitioned by a column of this type"),
    };
    if text.is_empty() {
        return Err("the empty text cannot be told from null where a table is partitioned by it");
    }
    Ok(Some(text))
}

fn value<T: ArrowPrimitiveType>(column: &ArrayRef, row: usize) -> T::Native {
    let array: &PrimitiveArray<T> = column.as_primitive();
    array.value(row)
}

fn float(value: f64, finite: impl FnOnce(f64) -> String) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        finite(value)
    }
}
