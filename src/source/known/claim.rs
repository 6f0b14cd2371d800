//! What statistics claim of a column, and what of it is believed.

use std::cmp::Ordering;

use crate::data::{Extreme, KnownColumn, Value};

/// What statistics say of a column on some rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    pub(super) nulls: Option<u64>,
    /// Whether a least or a greatest value is told at all, be it understood or not.
    pub(super) bounded: bool,
    /// The least and the greatest value; one without the other cannot be checked, and says nothing.
    pub(super) range: Option<(Extreme, Extreme)>,
}

impl Claim {
    /// What is known by it of so many rows. Statistics that contradict themselves are wrong, and
    /// nobody knows in what: nothing is known by them.
    pub(super) fn believed(self, rows: u64) -> KnownColumn {
        // Where all rows are null, there is no value that could be the least.
        if self.nulls.is_some_and(|nulls| nulls > rows || (nulls == rows && self.bounded)) {
            return KnownColumn::default();
        }
        let Some((least, greatest)) = self.range else {
            return KnownColumn { nulls: self.nulls, ..KnownColumn::default() };
        };
        let ordered = matches!(least.value.compare(&greatest.value), Some(Ordering::Less | Ordering::Equal));
        if !ordered {
            return KnownColumn::default();
        }
        KnownColumn { nulls: self.nulls, least: Some(least), greatest: Some(greatest) }
    }
}

/// What is known of a column with one value on so many rows.
pub(super) fn constant(value: &Value, rows: u64) -> KnownColumn {
    if value.is_null() {
        return KnownColumn { nulls: Some(rows), ..KnownColumn::default() };
    }
    let extreme = Some(Extreme { value: value.clone(), attained: rows > 0 });
    KnownColumn { nulls: Some(0), least: extreme.clone(), greatest: extreme }
}

/// What is known of `live` rows by what is known of `rows`, of which they are some: which values are
/// gone is not told.
pub(super) fn among(mut known: KnownColumn, rows: u64, live: u64) -> KnownColumn {
    known.nulls = match known.nulls {
        Some(0) => Some(0),
        Some(nulls) if nulls == rows => Some(live),
        _ => None,
    };
    for extreme in known.least.iter_mut().chain(&mut known.greatest) {
        extreme.attained = false;
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(nulls: Option<u64>, range: Option<(i128, i128)>) -> Claim {
        let extreme = |value| Extreme { value: Value::Integer(value), attained: true };
        Claim {
            nulls,
            bounded: range.is_some(),
            range: range.map(|(least, greatest)| (extreme(least), extreme(greatest))),
        }
    }

    #[test]
    fn what_contradicts_itself_is_not_believed() {
        let nothing = KnownColumn::default();
        assert_eq!(claim(Some(11), Some((1, 2))).believed(10), nothing);
        assert_eq!(claim(Some(0), Some((2, 1))).believed(10), nothing);
        assert_eq!(claim(Some(10), Some((1, 2))).believed(10), nothing);
        assert_eq!(claim(Some(3), None).believed(10).nulls, Some(3));
        assert_eq!(claim(None, Some((1, 1))).believed(10).nulls, None);
        assert!(claim(None, Some((1, 1))).believed(10).least.is_some());
    }

    #[test]
    fn of_rows_some_of_which_are_gone_bounds_remain() {
        let live = |nulls| among(claim(Some(nulls), None).believed(10), 10, 4).nulls;
        assert_eq!((live(0), live(3), live(10)), (Some(0), None, Some(4)));
        let known = among(claim(None, Some((1, 2))).believed(10), 10, 9);
        assert_eq!(known.least, Some(Extreme { value: Value::Integer(1), attained: false }));
    }
}
