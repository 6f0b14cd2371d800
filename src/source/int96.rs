//! Timestamps of 96 bits, which Spark writes unless told otherwise: days and nanoseconds.
//!
//! The engine brings them to 64-bit nanoseconds, and what lies outside their range (before 1677,
//! after 2262: `9999-12-31` is a common "for ever") to the largest of these. Where that one is met,
//! the column of that file is read once more, as microseconds, which hold every instant.

use std::fs::File;
use std::io::{Cursor, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use polars::prelude::{
    ArrowDataType, ArrowField, ArrowTimeUnit, ChunkAgg as _, Column, DataType as PlType, Expr, Int64Chunked,
    IntoColumn as _, NewChunkedArray as _, ParquetReader, PlSmallStr, PolarsResult, SerReader as _, Series,
    TimeUnit, TimeZone, polars_bail, polars_err,
};
use polars_parquet::read::{BasicDecompressor, ColumnChunkMetadata, PageReader, column_iter_to_arrays};

use super::by_row::{Starts, numbers, row_number};
use crate::data::caught;
use crate::predicate::{computed, computed_of};

/// What the engine makes of an instant that nanoseconds do not hold.
const BEYOND: i64 = i64::MAX;

/// The type of what [`exact`] gives.
pub(super) const INSTANT: PlType = PlType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));

/// The instants of a column, exactly: what the engine gives, and from the files what it cannot.
pub(super) fn exact(values: Expr, column: &str, starts: Starts, files: Vec<PathBuf>) -> Expr {
    let far: Vec<OnceLock<Result<FarRows, String>>> = files.iter().map(|_| OnceLock::new()).collect();
    let column = column.to_owned();
    let exact = move |columns: &[Column]| {
        let [values, rows] = columns else { polars_bail!(ComputeError: "instants without their rows") };
        let physical = values.as_materialized_series().to_physical_repr().into_owned();
        let nanoseconds = physical.i64()?;
        let mut instants: Vec<Option<i64>> =
            nanoseconds.iter().map(|value| value.map(|value| value.div_euclid(1000))).collect();
        if nanoseconds.max() == Some(BEYOND) {
            let rows = numbers(rows)?;
            for stretch in starts.stretches(&rows) {
                for place in stretch.places.filter(|place| nanoseconds.get(*place) == Some(BEYOND)) {
                    let read = far[stretch.file].get_or_init(|| far_rows(&files[stretch.file], &column));
                    let far = read.as_ref().map_err(|reason| polars_err!(ComputeError: "{reason}"))?;
                    instants[place] = far.get(rows[place] - stretch.start).or(instants[place]);
                }
            }
        }
        let instants = Int64Chunked::from_iter_options(values.name().clone(), instants.into_iter());
        Ok(instants.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_column())
    };
    computed_of(vec![values, row_number()], INSTANT, exact)
}

/// A nested column; an error if it holds an instant that nanoseconds do not.
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

/// The rows of a file whose instants nanoseconds do not hold, as stretches of equal ones.
struct FarRows(Vec<Far>);

struct Far {
    start: u64,
    end: u64,
    microseconds: i64,
}

impl FarRows {
    fn get(&self, row: u64) -> Option<i64> {
        let far = self.0.get(self.0.partition_point(|far| far.end <= row))?;
        (far.start <= row).then_some(far.microseconds)
    }
}

fn far_rows(path: &Path, column: &str) -> Result<FarRows, String> {
    match caught(|| read_far_rows(path, column)) {
        Ok(Ok(far)) => Ok(far),
        Ok(Err(error)) => Err(format!("{}: {error}", path.display())),
        // The engine does not look whether microseconds hold what it computes.
        Err(_) => Err(format!("the column \"{column}\" holds a timestamp that is no date")),
    }
}

fn read_far_rows(path: &Path, column: &str) -> PolarsResult<FarRows> {
    let mut file = File::open(path)?;
    let metadata = Arc::clone(ParquetReader::new(file.try_clone()?).get_metadata()?);
    let mut far: Vec<Far> = Vec::new();
    let mut row: u64 = 0;
    for group in &metadata.row_groups {
        for chunk in group.columns_under_root_iter(column).into_iter().flatten() {
            let place = chunk.byte_range();
            file.seek(SeekFrom::Start(place.start))?;
            let mut bytes = Vec::new();
            (&mut file).take(place.end - place.start).read_to_end(&mut bytes)?;
            let milliseconds = decoded(chunk, bytes.clone(), ArrowTimeUnit::Millisecond)?;
            let microseconds = decoded(chunk, bytes, ArrowTimeUnit::Microsecond)?;
            for (value, millisecond) in microseconds.i64()?.iter().zip(milliseconds.i64()?.iter()) {
                match (value, far.last_mut()) {
                    (Some(value), _) if overflows(value, millisecond) => {
                        polars_bail!(ComputeError: "the column \"{column}\" holds a timestamp that is no date");
                    }
                    (Some(value), _) if value.checked_mul(1000).is_some() => {}
                    (Some(value), Some(last)) if last.end == row && last.microseconds == value => {
                        last.end += 1;
                    }
                    (Some(value), _) => far.push(Far { start: row, end: row + 1, microseconds: value }),
                    (None, _) => {}
                }
                row += 1;
            }
        }
    }
    Ok(FarRows(far))
}

/// The engine does not look whether microseconds hold what it computes; milliseconds always do.
fn overflows(microseconds: i64, millisecond: Option<i64>) -> bool {
    // What is rounded towards the epoch may differ by one.
    millisecond.is_none_or(|millisecond| microseconds.div_euclid(1000).abs_diff(millisecond) > 1)
}

/// The values of a chunk, in a unit.
fn decoded(chunk: &ColumnChunkMetadata, bytes: Vec<u8>, unit: ArrowTimeUnit) -> PolarsResult<Series> {
    let field = ArrowField::new(PlSmallStr::EMPTY, ArrowDataType::Timestamp(unit, None), true);
    let pages = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), usize::MAX);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let types = vec![&chunk.descriptor().descriptor.primitive_type];
    let (arrays, _) = column_iter_to_arrays(vec![pages], types, field.clone(), None)?;
    Ok(Series::try_from((&field, arrays))?.to_physical_repr().into_owned())
}
