//! The lines in which the rows of a text begin.

/// The lines in which the rows of a file begin: as far as that is known, since what a text of rows that all take
/// several lines would take of memory is bounded.
#[derive(Debug, Default)]
pub(crate) struct RowLines {
    /// Where the distance between a row's number and its line changes.
    steps: Vec<Step>,
    /// The first row of which nothing is known.
    unknown_from: Option<u64>,
}

#[derive(Debug)]
struct Step {
    row: u64,
    /// How far the line is ahead of the row's number.
    ahead: u64,
}

/// How many changes are kept.
const MOST_STEPS: usize = 1 << 18;

impl RowLines {
    /// Takes in the next row.
    pub(crate) fn see(&mut self, row: u64, line: u64) {
        let ahead = line.saturating_sub(row);
        if self.unknown_from.is_some() || self.steps.last().is_some_and(|last| last.ahead == ahead) {
            return;
        }
        if self.steps.len() < MOST_STEPS {
            self.steps.push(Step { row, ahead });
        } else {
            self.unknown_from = Some(row);
        }
    }

    /// The line in which a row begins, from 1.
    pub(crate) fn of(&self, row: u64) -> Option<u64> {
        if self.unknown_from.is_some_and(|from| row >= from) {
            return None;
        }
        let after = self.steps.partition_point(|step| step.row <= row);
        let step = self.steps.get(after.checked_sub(1)?)?;
        Some(row + step.ahead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_as_far_as_they_are_known() {
        let mut lines = RowLines::default();
        assert_eq!(lines.of(0), None);
        for (row, line) in [(0, 2), (1, 3), (2, 6), (3, 7)] {
            lines.see(row, line);
        }
        assert_eq!([0, 1, 2, 3].map(|row| lines.of(row)), [2, 3, 6, 7].map(Some));
        assert_eq!(lines.steps.len(), 2);
        let mut lines = RowLines::default();
        let most = MOST_STEPS as u64;
        (0..most + 2).for_each(|row| lines.see(row, 2 + 2 * row));
        assert_eq!([most - 1, most].map(|row| lines.of(row)), [Some(2 * most), None]);
    }
}
