//! Takes aggregates and subqueries out of expressions, and leaves a column in place of each, with a name that
//! no text can write. The rest is an expression over one row.

use std::ops::ControlFlow;

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    Query as SqlQuery, Spanned as _, UnaryOperator, VisitMut as _, VisitorMut,
};

use super::super::{Expression, Function as OfRow, Kind, Summary};
use super::read::Queries;
use super::tree::{Call, Order, Subquery, SubqueryResult};
use crate::document::{Diagnostic, Span};

/// The prefix of the names of columns that a query makes for itself.
pub(super) const MARK: &str = "\u{1}query ";

/// Returns the name of the column of an aggregate.
pub(super) fn call_column(index: usize) -> String {
    format!("{MARK}call {index}")
}

/// Returns the name of the column of a subquery.
pub(super) fn subquery_column(index: usize) -> String {
    format!("{MARK}subquery {index}")
}

/// Returns the numbers of the subqueries that an expression contains.
pub(super) fn subqueries_in(of: &Expression) -> Vec<usize> {
    numbers_in(of, &subquery_column(0))
}

/// Returns the numbers of the aggregates that an expression contains.
pub(super) fn calls_in(of: &Expression) -> Vec<usize> {
    numbers_in(of, &call_column(0))
}

fn numbers_in(of: &Expression, first: &str) -> Vec<usize> {
    let begin = first.trim_end_matches('0');
    of.columns().iter().filter_map(|path| path.root().strip_prefix(begin)?.parse().ok()).collect()
}

/// The aggregates and subqueries of a SELECT, as they are taken out.
pub(super) struct Placeholders<'a> {
    queries: Queries<'a>,
    pub(super) calls: Vec<Call>,
    pub(super) subqueries: Vec<Subquery>,
    /// The clause in which neither is allowed, if there is one.
    nowhere: Option<&'static str>,
}

/// A part of ORDER BY, before its expression is read.
pub(super) struct OrderBy<'a> {
    pub(super) of: &'a Expr,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

impl<'a> Placeholders<'a> {
    pub(super) fn new(queries: Queries<'a>) -> Self {
        Self { queries, calls: Vec::new(), subqueries: Vec::new(), nowhere: None }
    }

    /// Returns a reader of expressions in a clause that allows neither.
    pub(super) fn none(queries: Queries<'a>, place: &'static str) -> Self {
        Self { nowhere: Some(place), ..Self::new(queries) }
    }

    /// Reads an expression over rows before they are grouped.
    pub(super) fn of_rows(&mut self, sql: &Expr, clause: &str) -> Result<Expression, Diagnostic> {
        let read = self.expression(sql)?;
        match calls_in(&read).first().and_then(|call| self.calls.get(*call)) {
            Some(call) => Err(Diagnostic::new(call.span, format!("an aggregate cannot stand in {clause}"))
                .help("HAVING chooses among groups")),
            None => Ok(read),
        }
    }

    pub(super) fn order(&mut self, by: &OrderBy<'_>) -> Result<Order, Diagnostic> {
        let OrderBy { of, descending, nulls_first } = *by;
        Ok(Order { of: self.expression(of)?, descending, nulls_first })
    }

    pub(super) fn expression(&mut self, sql: &Expr) -> Result<Expression, Diagnostic> {
        let mut sql = sql.clone();
        let queries = self.queries;
        let mut taking = Taking { placeholders: self, depth: 0 };
        match sql.visit(&mut taking) {
            ControlFlow::Break(error) => Err(*error),
            ControlFlow::Continue(()) => queries.rows.whole(&sql),
        }
    }

    fn call(&mut self, sql: &Function, function: Summary, span: Span) -> Result<Expr, Diagnostic> {
        let name = function.name();
        let misused = || Diagnostic::new(span, format!("{name}() takes one argument"));
        let FunctionArguments::List(list) = &sql.args else { return Err(misused()) };
        let rest = [
            (sql.over.is_some(), "a window (OVER)"),
            (!sql.within_group.is_empty(), "WITHIN GROUP"),
            (sql.null_treatment.is_some(), "IGNORE NULLS"),
            (!list.clauses.is_empty(), "ORDER BY in an aggregate"),
            (!matches!(sql.parameters, FunctionArguments::None), "a parameter of an aggregate"),
        ];
        self.queries.without(span, &rest)?;
        let [FunctionArg::Unnamed(argument)] = list.args.as_slice() else { return Err(misused()) };
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let function = match (function, distinct) {
            (Summary::Count, true) => Summary::CountDistinct,
            (function, _) => function,
        };
        let mut of = match argument {
            FunctionArgExpr::Expr(of) => Some(self.queries.rows.whole(of)?),
            FunctionArgExpr::Wildcard if function == Summary::Count => None,
            _ => return Err(misused()),
        };
        let mut filter = sql.filter.as_ref().map(|of| self.queries.rows.whole(of)).transpose()?;
        for inside in of.iter().chain(&filter) {
            if !calls_in(inside).is_empty() {
                return Err(Diagnostic::new(span, "an aggregate of an aggregate")
                    .help("the inner one belongs into a query in FROM"));
            }
        }
        let function = match function {
            // The rows on which both conditions are true are counted.
            Summary::CountIf if distinct => return Err(self.queries.refused(span, "count_if(DISTINCT …)")),
            Summary::CountIf => {
                let conditions: Vec<Expression> = of.take().into_iter().chain(filter.take()).collect();
                filter = Some(Expression { kind: Kind::And(conditions), span });
                Summary::Count
            }
            other => other,
        };
        // DISTINCT changes no minimum and no maximum; a distinct count is a function of its own.
        let distinct = distinct && !matches!(function, Summary::Min | Summary::Max | Summary::CountDistinct);
        let call = Call { function, distinct, of, filter, span };
        let same = |other: &Call| Call { span, ..other.clone() } == call;
        let index = self.calls.iter().position(same).unwrap_or_else(|| {
            self.calls.push(call.clone());
            self.calls.len() - 1
        });
        Ok(placed(call_column(index), sql.span()))
    }

    fn subquery(&mut self, of: &SqlQuery, result: SubqueryResult, span: Span) -> Result<String, Diagnostic> {
        let body = self.queries.inner().body(of)?;
        self.subqueries.push(Subquery { result, body, span });
        Ok(subquery_column(self.subqueries.len() - 1))
    }

    /// Takes out an expression and returns its replacement; `None` if the expression stays.
    fn taken(&mut self, sql: &Expr) -> Result<Option<Expr>, Diagnostic> {
        let queries = self.queries;
        // Finding a position is slow, and few expressions are taken out.
        let span = || queries.span(sql);
        let (column, negated) = match sql {
            Expr::Function(function) => {
                let name = function.name.to_string();
                let Some(summary) = Summary::parse(&name) else {
                    return match function.over {
                        Some(_) => Err(queries.refused(span(), &format!("a window, {name}() OVER (…),"))),
                        None if OfRow::parse(&name).is_none()
                            && AGGREGATES_ELSEWHERE.contains(&&*name.to_lowercase()) =>
                        {
                            Err(queries.refused(span(), &format!("the aggregate {name}()")))
                        }
                        None => Ok(None),
                    };
                };
                if let Some(place) = self.nowhere {
                    return Err(Diagnostic::new(span(), format!("an aggregate cannot stand in {place}")));
                }
                return self.call(function, summary, span()).map(Some);
            }
            Expr::InSubquery { expr, subquery, negated } => {
                let value = self.queries.rows.whole(expr)?;
                (self.subquery(subquery, SubqueryResult::Among(value), span())?, *negated)
            }
            Expr::Exists { subquery, negated } => {
                (self.subquery(subquery, SubqueryResult::Exists, span())?, *negated)
            }
            Expr::Subquery(subquery) => (self.subquery(subquery, SubqueryResult::Value, span())?, false),
            _ => return Ok(None),
        };
        if let Some(place) = self.nowhere {
            return Err(Diagnostic::new(span(), format!("a query cannot stand in {place}")));
        }
        let column = placed(column, sql.span());
        let not = |of| Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(of) };
        Ok(Some(if negated { not(column) } else { column }))
    }
}

/// The names of aggregates in other systems, so that messages call them aggregates.
const AGGREGATES_ELSEWHERE: [&str; 16] = [
    "any_value",
    "array_agg",
    "bool_and",
    "bool_or",
    "corr",
    "every",
    "first",
    "group_concat",
    "last",
    "listagg",
    "mode",
    "percentile_cont",
    "stddev_pop",
    "string_agg",
    "var_samp",
    "variance",
];

/// Returns a column to put in place of an expression.
fn placed(name: String, span: sqlparser::tokenizer::Span) -> Expr {
    Expr::Identifier(Ident::with_span(span, name))
}

/// Takes out the aggregates and subqueries of one SELECT, innermost first; the contents of subqueries stay.
struct Taking<'a, 'p> {
    placeholders: &'p mut Placeholders<'a>,
    depth: usize,
}

impl VisitorMut for Taking<'_, '_> {
    type Break = Box<Diagnostic>;

    fn pre_visit_query(&mut self, _: &mut SqlQuery) -> ControlFlow<Self::Break> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut SqlQuery) -> ControlFlow<Self::Break> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        match self.placeholders.taken(expr) {
            Ok(Some(instead)) => {
                *expr = instead;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(Box::new(error)),
        }
    }
}
