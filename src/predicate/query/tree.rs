//! The syntax tree of a query.

use super::super::{Expression, Summary};
use super::{JoinKind, SetOperation};
use crate::document::Span;

/// A query that reads only the table that is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The text, in which the table is called `batch`.
    pub text: String,
    pub(super) body: Body,
}

/// Rows, with their order and limits, and the queries of WITH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) with: Vec<Named>,
    pub(super) rows: Rows,
    pub(super) order: Vec<Order>,
    pub(super) offset: u64,
    pub(super) limit: Option<u64>,
    pub(super) span: Span,
}

/// A query of WITH, which others use by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    /// The names of the columns, if they are given.
    pub(super) columns: Vec<String>,
    pub(super) body: Body,
}

/// The source of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Select(Box<Select>),
    Nested(Box<Body>),
    Combined { how: SetOperation, left: Box<Rows>, right: Box<Rows>, span: Span },
}

/// One SELECT. In its expressions, columns with reserved names stand for the aggregates and subqueries.
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

/// An item that a SELECT returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// All columns, or those of one table.
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
    /// The alias.
    pub(super) alias: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FactorKind {
    /// The name of the table, or of a query of `WITH`.
    Name(String),
    Derived(Box<Body>),
}

/// A further table of FROM, and the way in which it is joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) how: JoinKind,
    pub(super) with: Factor,
    pub(super) on: On,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// The equalities in WHERE.
    Where,
    Condition(Expression),
    /// Equality of the columns with these names on both sides.
    Columns(Vec<String>),
}

/// A key by which rows are ordered.
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
    /// The expression that is aggregated; `None` for `count(*)`.
    pub(super) of: Option<Expression>,
    /// The condition of the rows that are aggregated.
    pub(super) filter: Option<Expression>,
    pub(super) span: Span,
}

/// A query inside an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subquery {
    pub(super) result: SubqueryResult,
    pub(super) body: Body,
    pub(super) span: Span,
}

/// The result that is wanted of a subquery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SubqueryResult {
    /// The only value of the subquery.
    Value,
    /// True if the subquery has rows.
    Exists,
    /// True if this expression is among the values of the subquery.
    Among(Expression),
}
