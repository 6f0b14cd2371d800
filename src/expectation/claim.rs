//! What a check claims before a schema gives types, so that two checks can be compared by what their suites say.

use super::bounds::Bounds;
use super::lowered::{FailureRule, Lowered, RowRule};
use super::{Expectation, OtherSchemas, Site};
use crate::data::{ColumnPath, DataType, Field, Literal, Schema, TypeName};
use crate::predicate::Typed;
use crate::predicate::logic::{Formula, Subject};

/// What a check claims of a table. Two claims of one subject can be compared: the subject says all that must be equal.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Of each row on its own: which rows it considers, and which of them fail.
    Rows {
        /// What else its meaning depends on, such as how values of other types are read.
        manner: String,
        /// The rows it considers, of those that `where` lets through.
        considered: Formula,
        /// Those of them that fail.
        fails: Formula,
    },
    /// Of the table as a whole.
    Whole {
        /// What is looked at.
        subject: String,
        /// What it must be, each need under its name.
        needs: Vec<(String, Need)>,
        /// Of rows that are judged beside each other: which ones they are.
        considered: Formula,
        /// Whether rows that fail among some rows fail among more rows, too.
        grows: bool,
    },
}

/// What is needed of something that is measured.
#[derive(Clone, Debug)]
pub enum Need {
    /// A number or a value lies within these bounds.
    Within(Bounds),
    /// At most this much is allowed.
    AtMost(f64),
    /// At least this much is needed.
    AtLeast(f64),
    /// Nothing but these values.
    Among(Vec<Literal>),
    /// Each of these values.
    All(Vec<Literal>),
    /// Nothing but these names.
    AmongNames(Vec<String>),
    /// Each of these names.
    AllNames(Vec<String>),
    /// One of these types.
    Types(Vec<TypeName>),
    /// Something that is asked for, or is not.
    Strictly,
}

impl Claim {
    /// A condition fails on some of the rows where a column has a value.
    pub(super) fn of_values(column: &ColumnPath, manner: impl Into<String>, holds: &Formula) -> Self {
        let present = Formula::present(&Subject::column(column));
        Self::of_rows(manner, present, holds)
    }

    /// A condition fails on some of the considered rows.
    pub(super) fn of_rows(manner: impl Into<String>, considered: Formula, holds: &Formula) -> Self {
        let fails = considered.clone().and(holds.negated());
        Self::Rows { manner: manner.into(), considered, fails }
    }

    /// What an expectation claims that only texts can meet, by what it lowers to on a column of texts.
    pub(super) fn of_texts(expectation: &dyn Expectation, column: Option<&ColumnPath>) -> Option<Self> {
        let column = column?;
        let schema = schema_at(column, DataType::String)?;
        let site = Site {
            schema: &schema,
            column: Some(column),
            filter: Typed::always(),
            now: chrono::DateTime::UNIX_EPOCH,
            conditions: &[],
            others: &OtherSchemas::default(),
        };
        match expectation.lower(&site) {
            Ok(Lowered::Rows(RowRule { considered, fails: FailureRule::Condition(fails) })) => {
                let considered = Formula::of_text(&considered)?;
                let fails = considered.clone().and(Formula::of_text(&fails)?);
                Some(Self::Rows { manner: String::new(), considered, fails })
            }
            _ => None,
        }
    }

    /// Something of the table is as it must be.
    pub(super) fn whole(subject: impl Into<String>) -> Self {
        let (needs, considered) = (Vec::new(), Formula::always());
        Self::Whole { subject: subject.into(), needs, considered, grows: false }
    }

    /// A number or a value of the table lies within bounds.
    pub(super) fn within(subject: impl Into<String>, bounds: &Bounds) -> Self {
        Self::whole(subject).needing("value", Need::Within(bounds.clone()))
    }

    /// The same of rows that are judged beside each other, of which more fail among more rows.
    #[must_use]
    pub(super) fn growing(mut self, among: Formula) -> Self {
        if let Self::Whole { considered, grows, .. } = &mut self {
            (*considered, *grows) = (among, true);
        }
        self
    }

    /// The same with more needs.
    #[must_use]
    pub(super) fn needing_all(self, needs: Vec<(String, Need)>) -> Self {
        needs.into_iter().fold(self, |claim, (name, need)| claim.needing(name, need))
    }

    /// The same with one more need.
    #[must_use]
    pub(super) fn needing(mut self, name: impl Into<String>, need: Need) -> Self {
        if let Self::Whole { needs, .. } = &mut self {
            needs.push((name.into(), need));
        }
        self
    }
}

/// A schema whose only column leads by a path to values of a type.
pub(crate) fn schema_at(column: &ColumnPath, data_type: DataType) -> Option<Schema> {
    let (last, above) = column.parts().split_last()?;
    let field = above
        .iter()
        .rev()
        .fold(Field::new(last, data_type), |field, name| Field::new(name, DataType::Struct(vec![field])));
    Some(Schema { fields: vec![field] })
}
