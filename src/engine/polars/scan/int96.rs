//! Timestamps of 96 bits, which Spark writes by default: days and nanoseconds.
//!
//! Polars decodes them as 64-bit nanoseconds, and clamps values outside their range (before 1677, after 2262:
//! `9999-12-31` is a common "for ever") to the largest one. Where that value is found, the column of that
//! file is read once more, as microseconds, which hold every instant.

use std::path::PathBuf;
use std::sync::OnceLock;

use polars::prelude::{
    ChunkAgg as _, Column, DataType as PlType, Expr, Int64Chunked, IntoColumn as _, NewChunkedArray as _,
    PolarsResult, Series, TimeUnit, TimeZone, polars_bail, polars_err,
};

use super::deletion_vectors::{numbers, row_number};
use crate::engine::polars::expression::{computed, computed_of};
use crate::engine::polars::parquet::int96::{FarInstants, INSTANT};
use crate::source::files::RowStarts;

/// The value that Polars gives for an instant outside the range of nanoseconds.
const BEYOND: i64 = i64::MAX;

/// Returns the exact instants of a column: from Polars where it decodes them, else from the files.
pub(super) fn exact(values: Expr, column: &str, starts: RowStarts, files: Vec<PathBuf>) -> Expr {
    let far: Vec<OnceLock<Result<FarInstants, String>>> = files.iter().map(|_| OnceLock::new()).collect();
    let column = column.to_owned();
    let exact = move |columns: &[Column]| {
        let [values, rows] = columns else { polars_bail!(ComputeError: "instants without their rows") };
        let physical = values.as_materialized_series().to_physical_repr().into_owned();
        let nanoseconds = physical.i64()?;
        let mut instants: Vec<Option<i64>> =
            nanoseconds.iter().map(|value| value.map(|value| value.div_euclid(1000))).collect();
        if nanoseconds.max() == Some(BEYOND) {
            let rows = numbers(rows)?;
            for part in starts.split(&rows) {
                for place in part.places.filter(|place| nanoseconds.get(*place) == Some(BEYOND)) {
                    let read = far[part.file].get_or_init(|| FarInstants::read(&files[part.file], &column));
                    let far = read.as_ref().map_err(|reason| polars_err!(ComputeError: "{reason}"))?;
                    instants[place] = far.get(rows[place] - part.start).or(instants[place]);
                }
            }
        }
        let instants = Int64Chunked::from_iter_options(values.name().clone(), instants.into_iter());
        Ok(instants.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_column())
    };
    computed_of(vec![values, row_number()], INSTANT, exact)
}

/// Returns a nested column, with an error if it holds an instant outside the range of nanoseconds.
pub(super) fn within_range(values: Expr) -> Expr {
    computed(values, None, |values| {
        if holds_beyond(values.as_materialized_series())? {
            polars_bail!(
                ComputeError: "the column \"{}\" holds a timestamp of 96 bits before 1677 or after 2262, which is not read in nested columns", values.name()
            );
        }
        Ok(values.clone())
    })
}

fn holds_beyond(values: &Series) -> PolarsResult<bool> {
    Ok(match values.dtype() {
        PlType::Datetime(TimeUnit::Nanoseconds, _) => values.to_physical_repr().i64()?.max() == Some(BEYOND),
        PlType::List(_) => holds_beyond(&values.list()?.get_inner())?,
        PlType::Struct(_) => {
            for field in values.struct_()?.fields_as_series() {
                if holds_beyond(&field)? {
                    return Ok(true);
                }
            }
            false
        }
        _ => false,
    })
}
