//! Maps the rows of a text file to the lines in which they begin.

/// The lines in which the rows of a file begin. The memory for a file whose rows all take several lines is
/// bounded, so that the lines of its later rows may be unknown.
#[derive(Debug, Default)]
pub(crate) struct RowLines {
    /// The rows at which the difference between line and row number changes.
    steps: Vec<Step>,
    /// The first row whose line is unknown.
    unknown_from: Option<u64>,
}

#[derive(Debug)]
struct Step {
    row: u64,
    /// The line minus the row number.
    ahead: u64,
}

/// The most steps that are kept.
const MOST_STEPS: usize = 1 << 18;

impl RowLines {
    /// Adds the line of the next row.
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

    /// Returns the line in which a row begins, from 1, or `None` if it is unknown.
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
