//! Validates the statistics of one column, as a file or a log states them.

use std::cmp::Ordering;

use crate::data::{ColumnBound, KnownColumn, Value};

/// The statistics of a column on some rows as they are stated, before validation.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnStatistics {
    pub(super) nulls: Option<u64>,
    /// True if any bound is stated, even one that is not understood.
    pub(super) bounded: bool,
    /// The lower and the upper bound. One bound without the other cannot be checked, and is ignored.
    pub(super) range: Option<(ColumnBound, ColumnBound)>,
}

impl ColumnStatistics {
    /// Returns what the statistics prove for a column with `rows` rows. Statistics that contradict themselves
    /// prove nothing, because it is unknown which of them is wrong.
    pub(super) fn validated(self, rows: u64) -> KnownColumn {
        // If all rows are null, no value exists that could be a bound.
        if self.nulls.is_some_and(|nulls| nulls > rows || (nulls == rows && self.bounded)) {
            return KnownColumn::default();
        }
        let Some((lower, upper)) = self.range else {
            return KnownColumn { nulls: self.nulls, ..KnownColumn::default() };
        };
        let ordered = matches!(lower.value.compare(&upper.value), Some(Ordering::Less | Ordering::Equal));
        if !ordered {
            return KnownColumn::default();
        }
        KnownColumn { nulls: self.nulls, lower: Some(lower), upper: Some(upper) }
    }
}

/// Returns the statistics of a column that has the same value on all of `rows` rows.
pub(super) fn of_constant(value: &Value, rows: u64) -> KnownColumn {
    if value.is_null() {
        return KnownColumn { nulls: Some(rows), ..KnownColumn::default() };
    }
    let bound = Some(ColumnBound { value: value.clone(), is_exact: rows > 0 });
    KnownColumn { nulls: Some(0), lower: bound.clone(), upper: bound }
}

/// Weakens the statistics of `rows` rows to what still holds for the `live` rows that a deletion vector
/// leaves. The removed values are unknown.
pub(super) fn after_deletions(mut known: KnownColumn, rows: u64, live: u64) -> KnownColumn {
    known.nulls = match known.nulls {
        Some(0) => Some(0),
        Some(nulls) if nulls == rows => Some(live),
        _ => None,
    };
    for bound in known.lower.iter_mut().chain(&mut known.upper) {
        bound.is_exact = false;
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(nulls: Option<u64>, range: Option<(i128, i128)>) -> ColumnStatistics {
        let bound = |value| ColumnBound { value: Value::Integer(value), is_exact: true };
        ColumnStatistics {
            nulls,
            bounded: range.is_some(),
            range: range.map(|(lower, upper)| (bound(lower), bound(upper))),
        }
    }

    #[test]
    fn what_contradicts_itself_is_not_believed() {
        let nothing = KnownColumn::default();
        assert_eq!(claim(Some(11), Some((1, 2))).validated(10), nothing);
        assert_eq!(claim(Some(0), Some((2, 1))).validated(10), nothing);
        assert_eq!(claim(Some(10), Some((1, 2))).validated(10), nothing);
        assert_eq!(claim(Some(3), None).validated(10).nulls, Some(3));
        assert_eq!(claim(None, Some((1, 1))).validated(10).nulls, None);
        assert!(claim(None, Some((1, 1))).validated(10).lower.is_some());
    }

    #[test]
    fn of_rows_some_of_which_are_gone_bounds_remain() {
        let live = |nulls| after_deletions(claim(Some(nulls), None).validated(10), 10, 4).nulls;
        assert_eq!((live(0), live(3), live(10)), (Some(0), None, Some(4)));
        let known = after_deletions(claim(None, Some((1, 2))).validated(10), 10, 9);
        assert_eq!(known.lower, Some(ColumnBound { value: Value::Integer(1), is_exact: false }));
    }
}
