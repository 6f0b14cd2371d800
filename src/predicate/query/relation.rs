//! Rows whose names and types are resolved: what an engine computes.

use serde::Serialize;

use super::super::{Term, Typed};
use super::Aggregation;
use crate::data::{ColumnPath, Field};

/// What a query gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Selected {
    /// The rows.
    pub relation: Relation,
    /// What its columns are called, in their order; several may be called the same.
    pub names: Vec<String>,
    /// Columns that `*` stands for as well, but that cannot be read.
    pub unread: Vec<Field>,
}

/// Rows with typed columns. Their names are the engine's affair, and each is there once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Relation {
    /// Where the rows come from.
    pub step: Box<Step>,
    /// Their columns.
    pub columns: Vec<Field>,
}

/// How rows come about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The rows of the table, with the names that its columns have.
    Table,
    /// Those on which a condition is true.
    Filter(Relation, Typed),
    /// One row for each, of these values in the order of the columns.
    Project(Relation, Vec<Typed>),
    /// One row for each group of equal keys, or one for all rows where there are no keys: first the
    /// keys, then the aggregates.
    Aggregate(Relation, Vec<Typed>, Vec<Aggregation>),
    /// Each row once.
    Distinct(Relation),
    /// In this order.
    Sort(Relation, Vec<SortKey>),
    /// So many, from the one at a position on.
    Slice {
        /// Of these.
        of: Relation,
        /// How many are left out.
        offset: u64,
        /// How many there are at most.
        limit: Option<u64>,
    },
    /// Pairs of rows whose keys are equal and not null, with the columns of both; all pairs if there
    /// are no keys, and then one side has at most one row.
    Join {
        /// The one side.
        left: Relation,
        /// The other one.
        right: Relation,
        /// What becomes of rows without a partner.
        how: JoinKind,
        /// The keys, in the same types.
        on: Vec<(Typed, Typed)>,
    },
    /// Two relations of the same columns.
    Combine {
        /// How.
        how: SetOperation,
        /// The one.
        left: Relation,
        /// The other one.
        right: Relation,
    },
    /// A further column that tells whether a value is among those of another relation's one column,
    /// as SQL's `IN` has it: null where that hangs on a null.
    Among {
        /// The rows.
        of: Relation,
        /// The value of each.
        value: Typed,
        /// The relation, its values of the same type.
        values: Relation,
    },
    /// A further column with the one value of another relation: null if that has no row, an error if
    /// it has several.
    Value {
        /// The rows.
        of: Relation,
        /// The relation of one column.
        value: Relation,
    },
}

/// What becomes of rows without a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    /// They are left out.
    Inner,
    /// Those of the left side stand beside nulls.
    Left,
    /// Those of the right side stand beside nulls.
    Right,
    /// Those of both sides stand beside nulls.
    Full,
}

/// How two relations make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SetOperation {
    /// The rows of both, each as often as it comes.
    Append,
    /// The rows of both, each once.
    Union,
    /// The rows of the first that the second does not have, each once.
    Except,
    /// The rows that both have, each once.
    Intersect,
}

/// What rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SortKey {
    /// The value.
    pub of: Typed,
    /// The greatest first.
    pub descending: bool,
    /// Nulls first, not last.
    pub nulls_first: bool,
}

impl Selected {
    /// That its rows are told apart by all that they have.
    ///
    /// # Errors
    /// A column of theirs cannot be read: rows that differ in nothing else would be taken for the same.
    pub fn wholly_read(&self) -> Result<(), String> {
        wholly_read(&self.unread)
    }

    /// The condition, if the query does nothing but choose rows of the table.
    #[must_use]
    pub fn chosen(&self) -> Option<&Typed> {
        let Step::Project(of, values) = self.relation.step.as_ref() else { return None };
        let Step::Filter(of, condition) = of.step.as_ref() else { return None };
        let plain = values.iter().all(|value| matches!(value.term, Term::Column(_)));
        (plain && *of.step == Step::Table).then_some(condition)
    }
}

pub(super) fn wholly_read(unread: &[Field]) -> Result<(), String> {
    match unread.first() {
        None => Ok(()),
        Some(Field { name, data_type }) => Err(format!(
            "* leaves out the column \"{name}\", whose type {data_type} is not read: rows that differ only there \
             would be the same"
        )),
    }
}

impl Relation {
    /// Returns whether the order of its rows is told: by the query or, of a table's rows, by the table.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        match self.step.as_ref() {
            Step::Table | Step::Sort(..) => true,
            Step::Filter(of, _) | Step::Project(of, _) | Step::Slice { of, .. } => of.is_ordered(),
            _ => false,
        }
    }

    /// Returns whether it has at most one row, whatever the table holds.
    #[must_use]
    pub fn is_single(&self) -> bool {
        match self.step.as_ref() {
            Step::Aggregate(_, keys, _) => keys.is_empty(),
            Step::Slice { limit: Some(..=1), .. } => true,
            Step::Filter(of, _)
            | Step::Project(of, _)
            | Step::Sort(of, _)
            | Step::Distinct(of)
            | Step::Slice { of, .. }
            | Step::Among { of, .. }
            | Step::Value { of, .. } => of.is_single(),
            Step::Table | Step::Join { .. } | Step::Combine { .. } => false,
        }
    }

    /// The rows on which a condition is true.
    pub(super) fn filter(self, condition: Typed) -> Self {
        let columns = self.columns.clone();
        Self { step: Box::new(Step::Filter(self, condition)), columns }
    }

    /// These values of each row.
    pub(super) fn project(self, values: Vec<Typed>, columns: Vec<Field>) -> Self {
        Self { step: Box::new(Step::Project(self, values)), columns }
    }

    /// In the order of keys, and of all columns where these are equal.
    #[must_use]
    pub fn sorted(self, keys: Vec<SortKey>) -> Self {
        // Of two keys of the same value, the second one tells nothing.
        let mut all: Vec<SortKey> = Vec::new();
        for key in keys.into_iter().chain(self.by_all_columns()) {
            if !all.iter().any(|known| known.of == key.of) {
                all.push(key);
            }
        }
        let keys = all;
        let columns = self.columns.clone();
        Self { step: Box::new(Step::Sort(self, keys)), columns }
    }

    /// Returns how many steps it takes.
    pub(super) fn steps(&self) -> usize {
        1 + match self.step.as_ref() {
            Step::Table => 0,
            Step::Filter(of, _)
            | Step::Project(of, _)
            | Step::Aggregate(of, ..)
            | Step::Distinct(of)
            | Step::Sort(of, _)
            | Step::Slice { of, .. } => of.steps(),
            Step::Join { left, right, .. } | Step::Combine { left, right, .. } => {
                left.steps() + right.steps()
            }
            Step::Among { of, values: other, .. } | Step::Value { of, value: other } => {
                of.steps() + other.steps()
            }
        }
    }

    /// All columns in order, as far as their values have one: what tells apart all rows that can be.
    #[must_use]
    pub fn by_all_columns(&self) -> Vec<SortKey> {
        let sortable = self.columns.iter().filter(|column| column.data_type.is_comparable());
        let key = |column: &Field| SortKey {
            of: Typed::column(&ColumnPath::column(&column.name), &column.data_type),
            descending: false,
            nulls_first: false,
        };
        sortable.map(key).collect()
    }
}
