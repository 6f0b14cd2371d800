//! Reads calls of functions, and functions for which SQL has a syntax of their own: `SUBSTRING(a FROM 2)`.

use sqlparser::ast::{
    CeilFloorKind, DateTimeField, Expr, Function as SqlFunction, FunctionArg, FunctionArgExpr,
    FunctionArguments, TrimWhereField,
};

use super::Reader;
use crate::data::Literal;
use crate::document::{Diagnostic, Span, did_you_mean};
use crate::predicate::functions::Parameter;
use crate::predicate::{Arithmetic, Branch, Expression, Function, Kind};

impl Reader<'_> {
    /// Reads a function for which SQL has a syntax of its own; `None` if the expression is not one.
    pub(super) fn special_syntax(&self, sql: &Expr, depth: usize) -> Result<Option<Kind>, Diagnostic> {
        let inner = |of: &Expr| self.expression(of, depth + 1);
        let plain = CeilFloorKind::DateTimeField(DateTimeField::NoDateTime);
        let call = match sql {
            Expr::Ceil { expr, field } if *field == plain => Kind::Call(Function::Ceil, vec![inner(expr)?]),
            Expr::Floor { expr, field } if *field == plain => Kind::Call(Function::Floor, vec![inner(expr)?]),
            Expr::Ceil { .. } | Expr::Floor { .. } => {
                return Err(Diagnostic::new(self.span(sql), "ceil() and floor() take one number")
                    .help("round(number, digits) keeps digits"));
            }
            Expr::Trim { trim_where, trim_what: None, expr, trim_characters: None } => {
                let function = match trim_where {
                    None | Some(TrimWhereField::Both) => Function::Trim,
                    Some(TrimWhereField::Leading) => Function::Ltrim,
                    Some(TrimWhereField::Trailing) => Function::Rtrim,
                };
                Kind::Call(function, vec![inner(expr)?])
            }
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut arguments = vec![inner(expr)?, inner(from)?];
                arguments.extend(substring_for.as_deref().map(inner).transpose()?);
                Kind::Call(Function::Substring, arguments)
            }
            Expr::Extract { field, expr, .. } => {
                let function = part_of(field).ok_or_else(|| {
                    Diagnostic::new(self.span(sql), format!("EXTRACT knows no {field}"))
                        .help("year, quarter, month, day, hour, minute and second; dayofweek(date)")
                })?;
                Kind::Call(function, vec![inner(expr)?])
            }
            Expr::Interval(_) => {
                return Err(Diagnostic::new(
                    self.span(sql),
                    "an interval stands beside a date, behind + or -",
                )
                .help("date + INTERVAL 1 DAY; datediff(end, start) counts days"));
            }
            _ => return Ok(None),
        };
        Ok(Some(call))
    }

    pub(super) fn call(&self, sql: &SqlFunction, span: Span, depth: usize) -> Result<Kind, Diagnostic> {
        let name = sql.name.to_string();
        let lower = name.to_lowercase();
        let function = Function::parse(&name);
        let arguments = match &sql.args {
            FunctionArguments::List(list)
                if list.duplicate_treatment.is_none()
                    && list.clauses.is_empty()
                    && sql.filter.is_none()
                    && sql.over.is_none()
                    && sql.within_group.is_empty() =>
            {
                let plain = list.args.iter().map(|argument| match argument {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(of)) => Some(of),
                    _ => None,
                });
                plain.collect::<Option<Vec<_>>>()
            }
            // `current_date` may be written without parentheses.
            FunctionArguments::None => Some(Vec::new()),
            _ => None,
        };
        if let Some(arguments) = &arguments {
            if let Some(kind) = self.moved(&lower, arguments, span, depth)? {
                return Ok(kind);
            }
            if let Some(kind) = self.aliased_call(&lower, arguments, depth)? {
                return Ok(kind);
            }
        }
        let Some(function) = function else { return Err(unknown(&name, span)) };
        let Some(arguments) = arguments else {
            let message = format!("{}() takes plain arguments and nothing else", function.name());
            return Err(Diagnostic::new(span, message));
        };
        let parameters = function.signature().parameters;
        let read = arguments.into_iter().enumerate().map(|(index, argument)| {
            if parameters.get(index) == Some(&Parameter::Unit) {
                self.unit(argument).map(|unit| unit.literal(self.span(argument)))
            } else {
                self.expression(argument, depth + 1)
            }
        });
        Ok(Kind::Call(function, read.collect::<Result<_, _>>()?))
    }

    /// Reads functions of other engines for which this language has other syntax: `mod(a, b)`, `if(a, b, c)`.
    fn aliased_call(
        &self,
        name: &str,
        arguments: &[&Expr],
        depth: usize,
    ) -> Result<Option<Kind>, Diagnostic> {
        let inner = |of: &Expr| self.expression(of, depth + 1);
        Ok(match (name, arguments) {
            ("mod", [left, right]) => {
                Some(Kind::Arithmetic(Arithmetic::Remainder, Box::new(inner(left)?), Box::new(inner(right)?)))
            }
            ("if" | "iff" | "iif", [when, then, otherwise]) => {
                let branch = Branch { when: inner(when)?, then: inner(then)? };
                Some(Kind::Case(vec![branch], Some(Box::new(inner(otherwise)?))))
            }
            _ => None,
        })
    }
}

fn unknown(name: &str, span: Span) -> Diagnostic {
    let help = match Function::instead_of(name) {
        Some(instead) => instead.to_owned(),
        None => did_you_mean(name, Function::all().map(Function::name)).unwrap_or_else(|| {
            let known: Vec<_> = Function::all().map(Function::name).collect();
            format!("the functions are {}", known.join(", "))
        }),
    };
    Diagnostic::new(span, format!("no function {name:?}")).help(help)
}

/// Returns the function that extracts a part of a date.
fn part_of(field: &DateTimeField) -> Option<Function> {
    Some(match field {
        DateTimeField::Year | DateTimeField::Years => Function::Year,
        DateTimeField::Quarter => Function::Quarter,
        DateTimeField::Month | DateTimeField::Months => Function::Month,
        DateTimeField::Day | DateTimeField::Days => Function::Day,
        DateTimeField::DayOfWeek => Function::DayOfWeek,
        DateTimeField::DayOfYear | DateTimeField::Doy => Function::DayOfYear,
        DateTimeField::Hour | DateTimeField::Hours => Function::Hour,
        DateTimeField::Minute | DateTimeField::Minutes => Function::Minute,
        DateTimeField::Second | DateTimeField::Seconds => Function::Second,
        _ => return None,
    })
}

/// Returns a literal as an expression.
pub(super) fn literal_at(literal: Literal, span: Span) -> Expression {
    Expression { kind: Kind::Literal(literal), span }
}
