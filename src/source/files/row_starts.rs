//! Maps row numbers to files: the numbers run through the rows of all files of a dataset, including deleted
//! rows.

use std::ops::Range;
use std::sync::Arc;

/// The column of a frame with its row numbers, from 0.
pub(crate) const ROW_COLUMN: &str = "\u{1}karat.row";

/// The numbers of the first rows of consecutive files: the prefix sums of their row counts.
#[derive(Clone, Debug)]
pub(crate) struct RowStarts {
    /// The number of the first row of each file, and last the end of the last file.
    bounds: Arc<[u64]>,
}

/// A range of places in a column of row numbers whose rows are all in one file.
pub(crate) struct RowsOfFile {
    /// The index of the file.
    pub(crate) file: usize,
    /// The number of the file's first row.
    pub(crate) start: u64,
    /// The places of the file's rows in the column.
    pub(crate) places: Range<usize>,
}

impl RowStarts {
    /// Returns the starts of files with these row counts, beginning with row number `first`.
    pub(crate) fn new(first: u64, rows: impl Iterator<Item = u64>) -> Self {
        let mut bounds = vec![first];
        let mut end = first;
        for rows in rows {
            end += rows;
            bounds.push(end);
        }
        Self { bounds: bounds.into() }
    }

    /// Returns the numbers of all rows.
    pub(crate) fn rows(&self) -> Range<u64> {
        let bound = |bound: Option<&u64>| bound.copied().unwrap_or_default();
        bound(self.bounds.first())..bound(self.bounds.last())
    }

    /// Returns the range of row numbers of each file.
    pub(crate) fn of_files(&self) -> impl Iterator<Item = Range<u64>> {
        self.bounds.windows(2).map(|bounds| bounds[0]..bounds[1])
    }

    /// Returns the range of row numbers of a file, by its index.
    pub(super) fn of_file(&self, index: usize) -> Range<u64> {
        self.bounds[index]..self.bounds[index + 1]
    }

    /// Returns the index of the file that holds a row, or `None` if no file does.
    pub(crate) fn file_of(&self, row: u64) -> Option<usize> {
        // An empty file has the same start as the next file.
        self.rows().contains(&row).then(|| self.bounds.partition_point(|bound| *bound <= row) - 1)
    }

    /// Returns the indices of the files that hold rows of a range, which must not be empty.
    pub(crate) fn files_of(&self, rows: &Range<u64>) -> Range<usize> {
        let first = self.bounds.partition_point(|bound| *bound <= rows.start).saturating_sub(1);
        first..self.bounds.partition_point(|bound| *bound < rows.end)
    }

    /// Returns the starts of a range of the files.
    pub(crate) fn of(&self, files: Range<usize>) -> Self {
        Self { bounds: self.bounds[files.start..=files.end].into() }
    }

    /// Splits row numbers into runs of one file each. Sorted row numbers give one run for each file.
    pub(crate) fn split(&self, rows: &[u64]) -> Vec<RowsOfFile> {
        let mut found: Vec<RowsOfFile> = Vec::new();
        let mut within = 0..0;
        for (place, row) in rows.iter().enumerate() {
            match found.last_mut() {
                Some(last) if within.contains(row) => last.places.end = place + 1,
                _ => {
                    let file = self.bounds.partition_point(|bound| bound <= row).saturating_sub(1);
                    let start = self.bounds[file];
                    within = start..self.bounds.get(file + 1).copied().unwrap_or(u64::MAX);
                    found.push(RowsOfFile { file, start, places: place..place + 1 });
                }
            }
        }
        found
    }
}

/// Returns the intersection of two ranges, which is empty if they do not overlap.
pub(crate) fn overlap(left: &Range<u64>, right: &Range<u64>) -> Range<u64> {
    let start = left.start.max(right.start);
    start..left.end.min(right.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split_by_their_files() {
        let starts = RowStarts::new(10, [2, 0, 3].into_iter());
        let split = starts.split(&[10, 11, 12, 14, 10]);
        let found: Vec<_> = split.into_iter().map(|rows| (rows.file, rows.start, rows.places)).collect();
        assert_eq!(found, [(0, 10, 0..2), (2, 12, 2..4), (0, 10, 4..5)]);
    }

    #[test]
    fn a_row_is_found_in_the_file_that_holds_it() {
        let starts = RowStarts::new(0, [0, 2, 0, 3, 0].into_iter());
        let found: Vec<_> = (0..6).map(|row| starts.file_of(row)).collect();
        assert_eq!(found, [Some(1), Some(1), Some(3), Some(3), Some(3), None]);
        let rows: Vec<_> = starts.of_files().collect();
        assert_eq!(rows, [0..0, 0..2, 2..2, 2..5, 5..5]);
    }
}
