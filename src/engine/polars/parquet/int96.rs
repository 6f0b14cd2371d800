//! Decodes timestamps of 96 bits (days and nanoseconds) as microseconds.
//!
//! Spark writes such timestamps by default. The engine decodes them as 64-bit nanoseconds, which end in 2262;
//! this module decodes the timestamps beyond, which microseconds hold.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use polars::prelude::{
    ArrowDataType, ArrowField, ArrowTimeUnit, DataType as PlType, PlSmallStr, PolarsResult, Series, TimeUnit,
    TimeZone, polars_bail,
};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, PageReader, column_iter_to_arrays, read_metadata,
};

use super::range_reader;
use crate::data::caught;

/// The type in a dataset of a column with timestamps of 96 bits.
pub(in crate::engine::polars) const INSTANT: PlType =
    PlType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));

/// The timestamps of a column that 64-bit nanoseconds do not hold, as runs of equal ones.
pub(in crate::engine::polars) struct FarInstants(Vec<Run>);

/// Consecutive rows with the same timestamp.
struct Run {
    start: u64,
    end: u64,
    microseconds: i64,
}

impl FarInstants {
    /// Reads the far timestamps of a column of a file.
    ///
    /// # Errors
    /// The file cannot be read, or the column holds an instant that microseconds do not hold either.
    pub(in crate::engine::polars) fn read(path: &Path, column: &str) -> Result<Self, String> {
        match caught(|| read_column(path, column)) {
            Ok(Ok(instants)) => Ok(instants),
            Ok(Err(error)) => Err(format!("{}: {error}", path.display())),
            // The engine does not check whether microseconds hold the result, and may panic on overflow.
            Err(_) => Err(format!("the column \"{column}\" holds a timestamp that is no date")),
        }
    }

    /// Returns the timestamp of a row in microseconds, if 64-bit nanoseconds do not hold it.
    pub(in crate::engine::polars) fn get(&self, row: u64) -> Option<i64> {
        let run = self.0.get(self.0.partition_point(|run| run.end <= row))?;
        (run.start <= row).then_some(run.microseconds)
    }
}

fn read_column(path: &Path, column: &str) -> PolarsResult<FarInstants> {
    let mut file = File::open(path)?;
    let metadata = read_metadata(&mut file)?;
    let mut far: Vec<Run> = Vec::new();
    let mut row: u64 = 0;
    for group in &metadata.row_groups {
        for chunk in group.columns_under_root_iter(column).into_iter().flatten() {
            let place = chunk.byte_range();
            let bytes = range_reader::read(&mut file, place)?;
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
                    (Some(value), _) => far.push(Run { start: row, end: row + 1, microseconds: value }),
                    (None, _) => {}
                }
                row += 1;
            }
        }
    }
    Ok(FarInstants(far))
}

/// Returns whether a timestamp overflows microseconds, by comparison with milliseconds, which never overflow.
/// The engine does not check for overflow.
fn overflows(microseconds: i64, millisecond: Option<i64>) -> bool {
    // Rounding towards the epoch may make a difference of one.
    millisecond.is_none_or(|millisecond| microseconds.div_euclid(1000).abs_diff(millisecond) > 1)
}

/// Decodes the values of a chunk in a unit.
fn decoded(chunk: &ColumnChunkMetadata, bytes: Vec<u8>, unit: ArrowTimeUnit) -> PolarsResult<Series> {
    let field = ArrowField::new(PlSmallStr::EMPTY, ArrowDataType::Timestamp(unit, None), true);
    let pages = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), usize::MAX);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let types = vec![&chunk.descriptor().descriptor.primitive_type];
    let (arrays, _) = column_iter_to_arrays(vec![pages], types, field.clone(), None)?;
    Ok(Series::try_from((&field, arrays))?.to_physical_repr().into_owned())
}
