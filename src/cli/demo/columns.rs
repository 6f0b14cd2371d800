//! Conversion of rows to Arrow columns, and functions that put faults into rows.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, StringArray,
};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::faults::Spread;
use super::table::Version;
use super::tpch::{LOADS, Load};

/// Returns a batch of nullable columns: tables of a lakehouse seldom promise more, and one schema fits every
/// load.
pub(super) fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
}

/// Returns one version for each load, in the order of the loads, which appends the load's rows.
pub(super) fn by_load<R>(
    rows: &[R],
    loaded_on: impl Fn(&R) -> i32,
    batch: impl Fn(&[&R]) -> Result<RecordBatch, ArrowError>,
) -> Result<Vec<Version>, ArrowError> {
    let of = |load: &Load| batch(&rows.iter().filter(|row| loaded_on(row) == load.day).collect::<Vec<_>>());
    LOADS.iter().map(|load| of(load).map(Version::appended)).collect()
}

/// Puts a fault into the rows of a spread. `put` also gets the position of the row within the spread, from 0.
pub(super) fn spoil<R>(rows: &mut [R], spread: Spread, put: impl Fn(&mut R, usize)) {
    for (nth, position) in spread.positions().enumerate() {
        if let Some(row) = rows.get_mut(position) {
            put(row, nth);
        }
    }
}

/// Returns copies of the rows of a spread.
pub(super) fn copies<R: Clone>(rows: &[R], spread: Spread) -> Vec<R> {
    spread.positions().filter_map(|position| rows.get(position).cloned()).collect()
}

pub(super) fn int32(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}

pub(super) fn int64(values: impl Iterator<Item = impl Into<Option<i64>>>) -> ArrayRef {
    Arc::new(values.map(Into::into).collect::<Int64Array>())
}

pub(super) fn float64(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

/// Converts days since 1970 to dates.
pub(super) fn date(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Date32Array::from_iter_values(values))
}

pub(super) fn text<'a>(values: impl Iterator<Item = impl Into<Option<&'a str>>>) -> ArrayRef {
    Arc::new(values.map(Into::into).collect::<StringArray>())
}

/// Converts hundredths to decimals with a scale of 2.
pub(super) fn decimal(
    precision: u8,
    values: impl Iterator<Item = impl Into<Option<i64>>>,
) -> Result<ArrayRef, ArrowError> {
    let hundredths: Decimal128Array = values.map(|value| value.into().map(i128::from)).collect();
    Ok(Arc::new(hundredths.with_precision_and_scale(precision, 2)?))
}
