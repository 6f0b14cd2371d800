//! A query as it was written.

use super::super::{Expression, Summary};
use super::{JoinKind, SetOperation};
use crate::document::Span;

/// A query that reads the one table and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Its text, in which the table is called `batch`.
    pub text: String,
    pub(super) body: Body,
}

/// Rows, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) with: Vec<Named>,
    pub(super) rows: Rows,
    pub(super) order: Vec<Order>,
    pub(super) offset: u64,
    pub(super) limit: Option<u64>,
    pub(super) span: Span,
}

/// A query that others call by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    /// What its columns are called, where that is said.
    pub(super) columns: Vec<String>,
    pub(super) body: Body,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Select(Box<Select>),
    Nested(Box<Body>),
    Combined { how: SetOperation, left: Box<Rows>, right: Box<Rows>, span: Span },
}

/// One SELECT. In its expressions, columns of these names stand for aggregates and subqueries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Select {
    pub(super) distinct: bool,
    pub(super) items: Vec<Item>,
    pub(super) first: Factor,
    pub(super) joins: Vec<Join>,
    pub(super) filter: Option<Expression>,
    pub(super) keys: Vec<Expression>,
    pub(super) having: Option<Expression>,
    pub(super) calls: Vec<Call>,
    pub(super) subqueries: Vec<Subquery>,
}

/// What a SELECT gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// All columns, or those of one of its tables.
    All(Option<String>, Span),
    Value {
        of: Expression,
        name: String,
    },
}

/// A table of FROM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    pub(super) of: FactorKind,
    /// What it is called.
    pub(super) alias: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FactorKind {
    /// The table, or a query of `WITH`.
    Name(String),
    Derived(Box<Body>),
}

/// A further table of FROM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) how: JoinKind,
    pub(super) with: Factor,
    pub(super) on: On,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// What WHERE says.
    Where,
    Condition(Expression),
    /// Columns of both that are equal.
    Columns(Vec<String>),
}

/// What rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) of: Expression,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

/// An aggregate of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) function: Summary,
    pub(super) distinct: bool,
    /// Of what, on each row; of `count(*)` nothing.
    pub(super) of: Option<Expression>,
    /// On which rows.
    pub(super) filter: Option<Expression>,
    pub(super) span: Span,
}

/// A query within an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subquery {
    pub(super) what: Asked,
    pub(super) body: Body,
    pub(super) span: Span,
}

/// What is asked of a subquery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Its one value.
    Value,
    /// Whether it has rows.
    Exists,
    /// Whether this is among its values.
    Among(Expression),
}
