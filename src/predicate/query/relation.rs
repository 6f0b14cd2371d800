//! Relations: rows with resolved names and types, which an engine computes.

use serde::Serialize;

use super::super::{Term, Typed};
use super::Aggregation;
use crate::data::{ColumnPath, Field};

/// The bound form of a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct BoundQuery {
    /// The rows.
    pub relation: Relation,
    /// The names of the columns in the query, in order; they need not be distinct.
    pub names: Vec<String>,
    /// The columns that `*` covers as well, but that cannot be read.
    pub unread: Vec<Field>,
}

/// Rows with typed columns. The columns' names are internal, and distinct.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Relation {
    /// The step that gives the rows.
    pub step: Box<Step>,
    /// The columns.
    pub columns: Vec<Field>,
}

/// A step that gives rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The rows of the table, under the table's column names.
    Table,
    /// The rows on which a condition is true.
    Filter(Relation, Typed),
    /// One row for each row, with these values in the order of the columns.
    Project(Relation, Vec<Typed>),
    /// One row for each group of equal keys, or one for all rows if there are no keys: first the keys, then
    /// the aggregates.
    Aggregate(Relation, Vec<Typed>, Vec<Aggregation>),
    /// Each distinct row once.
    Distinct(Relation),
    /// The rows in the order of these keys.
    Sort(Relation, Vec<SortKey>),
    /// A slice of the rows.
    Slice {
        /// The rows.
        of: Relation,
        /// Number of rows to skip.
        offset: u64,
        /// Maximum number of rows, if limited.
        limit: Option<u64>,
    },
    /// Pairs of rows whose keys are equal and not null, with the columns of both; all pairs if there are no
    /// keys, in which case one side has at most one row.
    Join {
        /// The left side.
        left: Relation,
        /// The right side.
        right: Relation,
        /// The kind of join.
        how: JoinKind,
        /// The keys of both sides, in the same types.
        on: Vec<(Typed, Typed)>,
    },
    /// Two relations with the same columns, combined.
    Combine {
        /// The set operation.
        how: SetOperation,
        /// The left relation.
        left: Relation,
        /// The right relation.
        right: Relation,
    },
    /// The rows with a further column that tells whether a value is in another relation's only column, with
    /// the semantics of SQL's `IN`: null where the answer depends on a null.
    Among {
        /// The rows.
        of: Relation,
        /// The value of each row.
        value: Typed,
        /// The relation, whose values have the same type.
        values: Relation,
    },
    /// The rows with a further column that holds the only value of another relation: null if that has no row,
    /// and an error if it has several.
    Value {
        /// The rows.
        of: Relation,
        /// The relation of one column.
        value: Relation,
    },
}

/// The kind of a join, which tells whether rows without a partner are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    /// Rows without a partner are left out.
    Inner,
    /// Rows of the left side without a partner are joined with nulls.
    Left,
    /// Rows of the right side without a partner are joined with nulls.
    Right,
    /// Rows of both sides without a partner are joined with nulls.
    Full,
}

/// An operation that combines two relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SetOperation {
    /// All rows of both relations (`UNION ALL`).
    Append,
    /// The distinct rows of both relations.
    Union,
    /// The distinct rows of the first relation that the second does not have.
    Except,
    /// The distinct rows that both relations have.
    Intersect,
}

/// A key by which rows are ordered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SortKey {
    /// The value.
    pub of: Typed,
    /// True if the greatest value comes first.
    pub descending: bool,
    /// True if nulls come first, false if they come last.
    pub nulls_first: bool,
}

impl BoundQuery {
    /// Checks that all columns of the rows are read, so that rows that differ are told apart.
    ///
    /// # Errors
    /// A column of theirs cannot be read: rows that differ in nothing else would be taken for the same.
    pub fn wholly_read(&self) -> Result<(), String> {
        wholly_read(&self.unread)
    }

    /// Returns the condition, if the query only filters rows of the table.
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
    /// Returns whether the order of the rows is defined, by the query or, for rows of the table, by the
    /// table.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        match self.step.as_ref() {
            Step::Table | Step::Sort(..) => true,
            Step::Filter(of, _) | Step::Project(of, _) | Step::Slice { of, .. } => of.is_ordered(),
            _ => false,
        }
    }

    /// Returns whether the relation has at most one row, whatever the table holds.
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

    /// Keeps the rows on which a condition is true.
    pub(super) fn filter(self, condition: Typed) -> Self {
        let columns = self.columns.clone();
        Self { step: Box::new(Step::Filter(self, condition)), columns }
    }

    /// Computes these values for each row.
    pub(super) fn project(self, values: Vec<Typed>, columns: Vec<Field>) -> Self {
        Self { step: Box::new(Step::Project(self, values)), columns }
    }

    /// Sorts the rows by keys, and breaks ties by all columns.
    #[must_use]
    pub fn sorted(self, keys: Vec<SortKey>) -> Self {
        // A second key of the same value has no effect.
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

    /// Returns the number of steps.
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

    /// Returns sort keys for all comparable columns in order, which tell apart all rows that can be told
    /// apart.
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
