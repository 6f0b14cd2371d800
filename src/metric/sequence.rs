//! Rows in an order, each compared with the rows before it.

use serde::Serialize;

use crate::data::ColumnPath;
use crate::predicate::{Comparison, Typed};

/// Rows in an order, each of which must satisfy a comparison with the rows before it. The first row satisfies
/// every comparison.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Sequence {
    /// The condition of the rows that are compared; never null. On these rows, no compared value is null.
    pub filter: Typed,
    /// The keys of the groups within which rows are compared.
    pub within: Vec<Typed>,
    /// The sort keys; if empty, rows keep the snapshot's order. Ties keep the snapshot's order, too.
    pub order_by: Vec<Typed>,
    /// The value of a row.
    pub value: Typed,
    /// The comparison that must hold between the value and the value before it.
    pub must_be: Comparison,
    /// The value of an earlier row that is compared.
    pub before: Typed,
    /// True if the greatest value of all earlier rows is compared, false if that of the last one is.
    pub greatest: bool,
}

impl Sequence {
    /// Returns whether the rows' order follows from their values as far as it matters: what is compared of a row follows from
    /// the keys that it is sorted by.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        let keys: Vec<&Typed> = self.within.iter().chain(&self.order_by).collect();
        !self.order_by.is_empty() && self.value.follows_from(&keys) && self.before.follows_from(&keys)
    }

    /// Calls `see` with every column that the sequence reads.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        let terms = [&self.value, &self.before, &self.filter];
        for term in terms.into_iter().chain(&self.within).chain(&self.order_by) {
            term.each_column(see);
        }
    }
}
