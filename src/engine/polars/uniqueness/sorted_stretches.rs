//! Detects keys that ascend from row to row, as in a table sorted by them. Such keys are distinct, and only
//! the first and last key of each stretch must be remembered.

use std::collections::BTreeMap;

use polars::prelude::{Column, DataType as PlType, PlSmallStr, PolarsResult, Series};
use polars_core::prelude::row_encode::_get_rows_encoded_ca;

/// Disjoint stretches of rows with strictly ascending keys: the last key of each, by its first, encoded as
/// bytes that sort like the keys.
#[derive(Default)]
pub(super) struct Stretches(BTreeMap<Vec<u8>, Vec<u8>>);

impl Stretches {
    /// Adds a stretch. Returns false, and leaves it out, if it overlaps another one.
    pub(super) fn add(&mut self, Stretch { first, last }: Stretch) -> bool {
        let before = self.0.range::<Vec<u8>, _>(..=&first).next_back().is_none_or(|(_, end)| *end < first);
        let after = self.0.range::<Vec<u8>, _>(&first..).next().is_none_or(|(start, _)| last < *start);
        if before && after {
            self.0.insert(first, last);
        }
        before && after
    }
}

/// The first and last key of consecutive rows with strictly ascending keys.
pub(super) struct Stretch {
    first: Vec<u8>,
    last: Vec<u8>,
}

/// Returns the stretch that some rows form, or `None` if their keys do not strictly ascend. There must be at
/// least one row.
pub(super) fn stretch(keys: &[Column]) -> PolarsResult<Option<Stretch>> {
    let rows = keys.first().map_or(0, Column::len);
    let mut level: Vec<usize> = (1..rows).collect();
    for key in keys {
        if !rises(&key.as_materialized_series().to_physical_repr().rechunk(), &mut level)? {
            return Ok(None);
        }
    }
    if !level.is_empty() {
        return Ok(None);
    }
    let ends = |row: usize| -> PolarsResult<Option<Vec<u8>>> {
        let parts: Vec<Column> =
            keys.iter().map(|key| key.slice(i64::try_from(row).unwrap_or(i64::MAX), 1)).collect();
        let (descending, nulls_last) = (vec![false; parts.len()], vec![false; parts.len()]);
        let encoded = _get_rows_encoded_ca(PlSmallStr::EMPTY, &parts, &descending, &nulls_last, false)?;
        Ok(encoded.get(0).map(<[u8]>::to_vec))
    };
    Ok(ends(0)?.zip(ends(rows.saturating_sub(1))?).map(|(first, last)| Stretch { first, last }))
}

/// Compares each row with its predecessor on this key column. Returns false if any row still tied on the
/// earlier columns is smaller; removes from `level` the rows that are now strictly greater. Nulls, and types
/// without a simple order, return false.
fn rises(values: &Series, level: &mut Vec<usize>) -> PolarsResult<bool> {
    fn among<T: PartialOrd>(value: impl Fn(usize) -> T, level: &mut Vec<usize>) -> bool {
        let mut falls = false;
        level.retain(|row| {
            let (before, here) = (value(row - 1), value(*row));
            falls |= here < before;
            here == before
        });
        !falls
    }
    if values.null_count() > 0 {
        return Ok(false);
    }
    Ok(match values.dtype() {
        PlType::Int64 => {
            let values = values.i64()?.cont_slice()?;
            among(|row| values[row], level)
        }
        PlType::UInt64 | PlType::Int128 => {
            let values = values.cast(&PlType::Int128)?;
            let values = values.i128()?.cont_slice()?;
            among(|row| values[row], level)
        }
        narrow if narrow.is_integer() => {
            let values = values.cast(&PlType::Int64)?;
            let values = values.i64()?.cont_slice()?;
            among(|row| values[row], level)
        }
        PlType::String => {
            let values: Vec<&str> = values.str()?.iter().flatten().collect();
            among(|row| values[row], level)
        }
        _ => false,
    })
}
