//! Rows in an order.

use serde::Serialize;

use crate::data::ColumnPath;
use crate::predicate::{Comparison, Typed};

/// Rows in an order, each of which must stand in a relation to the one before it. The first one
/// stands in any.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Sequence {
    /// Which rows; never null. On them, nothing that is compared is null.
    pub filter: Typed,
    /// Only rows where these are equal are compared with each other.
    pub within: Vec<Typed>,
    /// Their order; that of the snapshot if empty. Rows that are equal in it keep the snapshot's.
    pub order_by: Vec<Typed>,
    /// The value of a row.
    pub value: Typed,
    /// How it must stand to what came before.
    pub must_be: Comparison,
    /// What of the rows before it is compared.
    pub before: Typed,
    /// Whether that is the greatest of all rows before it, or only of the last one.
    pub greatest: bool,
}

impl Sequence {
    /// Calls `see` with every column it reads.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        let terms = [&self.value, &self.before, &self.filter];
        for term in terms.into_iter().chain(&self.within).chain(&self.order_by) {
            term.each_column(see);
        }
    }
}
