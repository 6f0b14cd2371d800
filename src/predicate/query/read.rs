//! Parses SQL text into a query. Syntax that a query may not have is refused by its name, at its position.

use sqlparser::ast::{
    Expr, LimitClause, Offset, OrderByKind, Query as SqlQuery, SetExpr, SetOperator, SetQuantifier, Spanned,
    Statement, TableAlias, Value as SqlValue,
};
use sqlparser::dialect::DatabricksDialect;

use super::super::sql::{MAX_BYTES, Reader, byte_at, parser, syntax_error};
use super::names::look_at;
use super::placeholders::{OrderBy, Placeholders};
use super::tree::{Body, Named, Order, Query, Rows};
use super::{SetOperation, read_select};
use crate::document::{Diagnostic, Span};

/// The name of the table in the text of a query.
pub(super) const TABLE: &str = "batch";

/// Maximum depth of nested queries.
const MAX_NESTED: usize = 20;

/// Parses a query in which `{batch}` (or `{table}`) stands for the table; positions are in bytes of `text`.
///
/// # Errors
/// The first place that is not SQL, that is not of this language, or that reads something else.
pub fn parse_query(text: &str) -> Result<Query, Diagnostic> {
    let whole = Span::new(0, text.len());
    // The replacement is as long as the placeholder, so that positions stay the same.
    let sql = text.replace("{batch}", "batch  ").replace("{table}", "batch  ");
    if sql.len() > MAX_BYTES {
        return Err(Diagnostic::new(whole, format!("a query of more than {MAX_BYTES} bytes")));
    }
    let statements = parser(&DatabricksDialect {}, &sql)
        .and_then(|mut parser| parser.parse_statements())
        .map_err(|error| syntax_error(error, &sql))?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return Err(Diagnostic::new(whole, "one SELECT is wanted").help("SELECT * FROM {batch} WHERE …"));
    };
    let body = Queries { rows: &Reader::new(&sql), depth: 0 }.body(query)?;
    look_at(&body, &[])?;
    Ok(Query { text: query.to_string(), body })
}

/// Reads queries and the queries inside them.
#[derive(Clone, Copy)]
pub(super) struct Queries<'a> {
    pub(super) rows: &'a Reader<'a>,
    depth: usize,
}

impl Queries<'_> {
    /// Returns the reader of a query inside this one.
    pub(super) fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    pub(super) fn body(self, query: &SqlQuery) -> Result<Body, Diagnostic> {
        let span = self.span(query);
        if self.depth > MAX_NESTED {
            return Err(Diagnostic::new(span, format!("queries within more than {MAX_NESTED} queries")));
        }
        let SqlQuery {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        let rest = [
            (fetch.is_some(), "FETCH"),
            (!locks.is_empty(), "FOR UPDATE"),
            (for_clause.is_some(), "FOR"),
            (settings.is_some(), "SETTINGS"),
            (format_clause.is_some(), "FORMAT"),
            (!pipe_operators.is_empty(), "|>"),
        ];
        self.without(span, &rest)?;
        let mut named = Vec::new();
        if let Some(with) = with {
            self.without(span, &[(with.recursive, "WITH RECURSIVE")])?;
            for cte in &with.cte_tables {
                let (name, columns) = self.alias(&cte.alias)?;
                self.without(self.span(&cte.alias), &[(cte.from.is_some(), "FROM behind a name")])?;
                named.push(Named { name, columns, body: self.inner().body(&cte.query)? });
            }
        }
        let mut orders = Vec::new();
        if let Some(order_by) = order_by {
            let interpolated = [(order_by.interpolate.is_some(), "INTERPOLATE")];
            self.without(span, &interpolated)?;
            let OrderByKind::Expressions(all) = &order_by.kind else {
                return Err(self.refused(self.span(order_by), "ORDER BY ALL"));
            };
            for one in all {
                self.without(self.span(&one.expr), &[(one.with_fill.is_some(), "WITH FILL")])?;
                let descending = one.options.asc == Some(false);
                let nulls_first = one.options.nulls_first == Some(true);
                orders.push(OrderBy { of: &one.expr, descending, nulls_first });
            }
        }
        let (rows, order) = match body.as_ref() {
            SetExpr::Select(select) => {
                let (select, order) = read_select::select(self, select, &orders)?;
                (Rows::Select(Box::new(select)), order)
            }
            other => (self.rows_of(other)?, self.plain_order(&orders)?),
        };
        let (offset, limit) = self.limits(limit_clause.as_ref())?;
        Ok(Body { with: named, rows, order, offset, limit, span })
    }

    fn rows_of(self, body: &SetExpr) -> Result<Rows, Diagnostic> {
        let span = self.span(body);
        match body {
            SetExpr::Select(select) => {
                let (select, _) = read_select::select(self, select, &[])?;
                Ok(Rows::Select(Box::new(select)))
            }
            SetExpr::Query(query) => Ok(Rows::Nested(Box::new(self.inner().body(query)?))),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let all = match set_quantifier {
                    SetQuantifier::All => true,
                    SetQuantifier::None | SetQuantifier::Distinct => false,
                    other => return Err(self.refused(span, &format!("{op} {other}"))),
                };
                let how = match (op, all) {
                    (SetOperator::Union, true) => SetOperation::Append,
                    (SetOperator::Union, false) => SetOperation::Union,
                    (SetOperator::Except | SetOperator::Minus, false) => SetOperation::Except,
                    (SetOperator::Intersect, false) => SetOperation::Intersect,
                    (op, true) => return Err(self.refused(span, &format!("{op} ALL"))),
                };
                // The parser nests a chain to the left, as deep as the chain is long.
                let inner = self.inner();
                if inner.depth > MAX_NESTED {
                    return Err(Diagnostic::new(span, format!("more than {MAX_NESTED} queries in a chain")));
                }
                let (left, right) = (inner.rows_of(left)?, inner.rows_of(right)?);
                Ok(Rows::Combined { how, left: Box::new(left), right: Box::new(right), span })
            }
            other => Err(Diagnostic::new(span, format!("not a SELECT: {other}"))),
        }
    }

    /// Reads the ORDER BY of combined rows, whose keys are columns.
    fn plain_order(self, orders: &[OrderBy<'_>]) -> Result<Vec<Order>, Diagnostic> {
        let mut placeholders = Placeholders::none(self, "ORDER BY of several queries");
        orders.iter().map(|order| placeholders.order(order)).collect()
    }

    fn limits(self, clause: Option<&LimitClause>) -> Result<(u64, Option<u64>), Diagnostic> {
        let count = |of: &Expr| match of {
            Expr::Value(value) => match &value.value {
                SqlValue::Number(digits, _) => digits.parse::<u64>().ok(),
                _ => None,
            }
            .ok_or_else(|| Diagnostic::new(self.span(of), "a whole number is wanted here")),
            other => Err(Diagnostic::new(self.span(other), "a whole number is wanted here")),
        };
        match clause {
            None => Ok((0, None)),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                if let Some(by) = limit_by.first() {
                    return Err(self.refused(self.span(by), "LIMIT … BY"));
                }
                let offset = offset.as_ref().map_or(Ok(0), |Offset { value, .. }| count(value))?;
                Ok((offset, limit.as_ref().map(count).transpose()?))
            }
            Some(LimitClause::OffsetCommaLimit { offset, .. }) => {
                Err(self.refused(self.span(offset), "LIMIT offset, count").help("LIMIT count OFFSET offset"))
            }
        }
    }

    /// Reads an alias: a name, and names for the columns.
    pub(super) fn alias(self, alias: &TableAlias) -> Result<(String, Vec<String>), Diagnostic> {
        let TableAlias { explicit: _, name, columns, at } = alias;
        self.without(self.span(alias), &[(at.is_some(), "AT")])?;
        let typed = columns.iter().any(|column| column.data_type.is_some());
        self.without(self.span(alias), &[(typed, "a type in an alias")])?;
        let columns = columns.iter().map(|column| column.name.value.clone()).collect();
        Ok((name.value.clone(), columns))
    }

    /// Refuses the first syntax that is present.
    pub(super) fn without(self, span: Span, things: &[(bool, &str)]) -> Result<(), Diagnostic> {
        match things.iter().find(|(is_there, _)| *is_there) {
            Some((_, what)) => Err(self.refused(span, what)),
            None => Ok(()),
        }
    }

    /// Returns the diagnostic for syntax that the language does not have.
    #[expect(clippy::unused_self, reason = "a part of reading, called like the others")]
    pub(super) fn refused(self, span: Span, what: &str) -> Diagnostic {
        Diagnostic::new(span, format!("{what} is not of this language"))
            .help("`karat explain queries` lists what is")
    }

    /// Returns the position of a part of the query.
    pub(super) fn span(self, of: &impl Spanned) -> Span {
        let span = of.span();
        if span.start.line == 0 {
            return Span::new(0, self.rows.text.len());
        }
        Span::new(byte_at(self.rows.text, span.start), byte_at(self.rows.text, span.end))
    }
}
