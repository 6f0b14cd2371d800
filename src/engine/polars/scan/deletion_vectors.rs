//! Applies deletion vectors and adds partition values, by row number: the number determines the file that
//! holds a row, and its index in that file.

use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, DataType as PlType, Expr, IdxCa, IdxSize, IntoColumn as _, NewChunkedArray as _,
    PlSmallStr, PolarsResult, Scalar, Series,
};
use roaring::RoaringTreemap;

use crate::engine::polars::expression::computed;
use crate::source::files::{ROW_COLUMN, RowStarts, RowsOfFile};

/// Returns an expression that is true if a row is live: no deletion vector removes it.
pub(super) fn is_live(starts: RowStarts, deleted: Vec<Option<Arc<RoaringTreemap>>>) -> Expr {
    computed(row_number(), PlType::Boolean, move |rows| {
        let mask = there(&numbers(rows)?, &starts, &deleted);
        Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &mask).into_column())
    })
}

fn there(numbers: &[IdxSize], starts: &RowStarts, deleted: &[Option<Arc<RoaringTreemap>>]) -> Vec<bool> {
    let mut mask = vec![true; numbers.len()];
    for RowsOfFile { file, start, places } in starts.split(numbers) {
        let Some(deleted) = deleted.get(file).and_then(Option::as_ref) else { continue };
        let (numbers, mask) = (&numbers[places.clone()], &mut mask[places]);
        let (first, last) = (numbers[0] - start, numbers[numbers.len() - 1] - start);
        if numbers.is_sorted_by(|left, right| left < right) && last - first == numbers.len() as u64 - 1 {
            // Rows are usually consecutive, and few of them are deleted.
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

/// Returns an expression for the value that all rows of a file share, such as a partition value.
pub(super) fn value_of_file(starts: RowStarts, values: Series) -> Expr {
    computed(row_number(), values.dtype().clone(), move |rows| {
        let numbers = numbers(rows)?;
        let name = rows.name().clone();
        let mut column = Column::new_empty(name.clone(), values.dtype());
        for rows in starts.split(&numbers) {
            let value = values.get(rows.file)?.into_static();
            let scalar = Scalar::new(values.dtype().clone(), value);
            let part = Column::new_scalar(name.clone(), scalar, rows.places.len());
            if rows.places.len() == numbers.len() {
                return Ok(part);
            }
            column.append(&part)?;
        }
        Ok(column)
    })
}

/// Returns the column of row numbers.
pub(super) fn row_number() -> Expr {
    Expr::Column(PlSmallStr::from_static(ROW_COLUMN))
}

/// Returns the row numbers in a column.
pub(super) fn numbers(rows: &Column) -> PolarsResult<Vec<IdxSize>> {
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
            let starts = RowStarts::new(first, files.iter().map(|(rows, _)| *rows));
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
}
