//! What the number of a row tells: the file that holds it, and so all that is said of files or of
//! places in them.

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, DataType as PlType, Expr, IdxCa, IdxSize, IntoColumn as _, NewChunkedArray as _,
    PlSmallStr, PolarsResult, Scalar, Series,
};
use roaring::RoaringTreemap;

use crate::predicate::computed;
use crate::source::ROW_COLUMN;

/// Where each file of a scan starts among its rows.
#[derive(Clone, Debug)]
pub(in crate::source) struct Starts {
    /// The number of the first row of each file; then the number of the rows.
    bounds: Arc<[u64]>,
}

/// Rows with consecutive places among those of a column, all of one file.
pub(in crate::source) struct Stretch {
    /// The file.
    pub(in crate::source) file: usize,
    /// The number of the file's first row.
    pub(in crate::source) start: u64,
    /// The places of its rows.
    pub(in crate::source) places: Range<usize>,
}

impl Starts {
    /// Of files with so many rows, the first of which has a number.
    pub(in crate::source) fn new(first: u64, rows: impl Iterator<Item = u64>) -> Self {
        let mut bounds = vec![first];
        let mut end = first;
        for rows in rows {
            end += rows;
            bounds.push(end);
        }
        Self { bounds: bounds.into() }
    }

    /// The numbers of all rows.
    pub(in crate::source) fn rows(&self) -> Range<u64> {
        let bound = |bound: Option<&u64>| bound.copied().unwrap_or_default();
        bound(self.bounds.first())..bound(self.bounds.last())
    }

    /// The files that hold these rows, of which there are some.
    pub(in crate::source) fn files_of(&self, rows: &Range<u64>) -> Range<usize> {
        let first = self.bounds.partition_point(|bound| *bound <= rows.start).saturating_sub(1);
        first..self.bounds.partition_point(|bound| *bound < rows.end)
    }

    /// The same for some of the files.
    pub(in crate::source) fn of(&self, files: Range<usize>) -> Self {
        Self { bounds: self.bounds[files.start..=files.end].into() }
    }

    /// Where numbers of rows lie: rows come in the order of their files, or nearly so.
    pub(in crate::source) fn stretches(&self, rows: &[IdxSize]) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        let mut within = 0..0;
        for (place, row) in rows.iter().enumerate() {
            match found.last_mut() {
                Some(last) if within.contains(row) => last.places.end = place + 1,
                _ => {
                    let file = self.bounds.partition_point(|bound| bound <= row).saturating_sub(1);
                    let start = self.bounds[file];
                    within = start..self.bounds.get(file + 1).copied().unwrap_or(u64::MAX);
                    found.push(Stretch { file, start, places: place..place + 1 });
                }
            }
        }
        found
    }
}

/// Which rows are there: those that no deletion vector takes away.
pub(in crate::source) fn is_there(starts: Starts, deleted: Vec<Option<Arc<RoaringTreemap>>>) -> Expr {
    computed(row_number(), PlType::Boolean, move |rows| {
        let mask = there(&numbers(rows)?, &starts, &deleted);
        Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &mask).into_column())
    })
}

fn there(numbers: &[IdxSize], starts: &Starts, deleted: &[Option<Arc<RoaringTreemap>>]) -> Vec<bool> {
    let mut mask = vec![true; numbers.len()];
    for Stretch { file, start, places } in starts.stretches(numbers) {
        let Some(deleted) = deleted.get(file).and_then(Option::as_ref) else { continue };
        let (numbers, mask) = (&numbers[places.clone()], &mut mask[places]);
        let (first, last) = (numbers[0] - start, numbers[numbers.len() - 1] - start);
        if numbers.is_sorted_by(|left, right| left < right) && last - first == numbers.len() as u64 - 1 {
            // As a rule the rows come one after the other, and few of them are deleted.
            let mut gone = deleted.iter();
            gone.advance_to(first);
            let gone = gone.take_while(|row| *row <= last);
            for place in gone.filter_map(|row| usize::try_from(row - first).ok()) {
                mask[place] = false;
            }
        } else {
            for (number, there) in numbers.iter().zip(mask) {
                *there = !deleted.contains(number - start);
            }
        }
    }
    mask
}

/// A value that each file has for all of its rows.
pub(in crate::source) fn value_of_file(starts: Starts, values: Series) -> Expr {
    computed(row_number(), values.dtype().clone(), move |rows| {
        let numbers = numbers(rows)?;
        let name = rows.name().clone();
        let mut column = Column::new_empty(name.clone(), values.dtype());
        for stretch in starts.stretches(&numbers) {
            let value = values.get(stretch.file)?.into_static();
            let scalar = Scalar::new(values.dtype().clone(), value);
            let part = Column::new_scalar(name.clone(), scalar, stretch.places.len());
            if stretch.places.len() == numbers.len() {
                return Ok(part);
            }
            column.append(&part)?;
        }
        Ok(column)
    })
}

/// The column of the numbers of rows.
pub(in crate::source) fn row_number() -> Expr {
    Expr::Column(PlSmallStr::from_static(ROW_COLUMN))
}

/// The numbers of rows that a column holds.
pub(in crate::source) fn numbers(rows: &Column) -> PolarsResult<Vec<IdxSize>> {
    let numbers: &IdxCa = rows.as_materialized_series().idx()?;
    Ok(numbers.into_no_null_iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn rows_that_are_deleted_are_not_there(
            files in vec((0_u64..40, btree_set(0_u64..40, 0..20)), 1..5),
            first in 0_u64..3,
            picked in vec(0_usize..200, 0..60),
        ) {
            let starts = Starts::new(first, files.iter().map(|(rows, _)| *rows));
            let vectors: Vec<_> =
                files.iter().map(|(_, gone)| Some(Arc::new(gone.iter().copied().collect()))).collect();
            let mut number = first;
            let mut expected = Vec::new();
            for (rows, gone) in &files {
                for row in 0..*rows {
                    expected.push((number, !gone.contains(&row)));
                    number += 1;
                }
            }
            let (numbers, there_all): (Vec<u64>, Vec<bool>) = expected.iter().copied().unzip();
            prop_assert_eq!(there(&numbers, &starts, &vectors), there_all);
            // In any order, and with gaps.
            let picked = picked.into_iter().filter_map(|place| expected.get(place).copied());
            let (numbers, there_picked): (Vec<u64>, Vec<bool>) = picked.unzip();
            prop_assert_eq!(there(&numbers, &starts, &vectors), there_picked);
        }
    }

    #[test]
    fn rows_are_told_apart_by_their_files() {
        let starts = Starts::new(10, [2, 0, 3].into_iter());
        let stretches = starts.stretches(&[10, 11, 12, 14, 10]);
        let found: Vec<_> =
            stretches.into_iter().map(|stretch| (stretch.file, stretch.start, stretch.places)).collect();
        assert_eq!(found, [(0, 10, 0..2), (2, 12, 2..4), (0, 10, 4..5)]);
    }
}
