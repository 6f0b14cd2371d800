//! Formulas over aggregates of rows, such as `sum(amount) / count(*)`: text → [`Formula`].

use std::fmt;

use serde::Serialize;
use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function as SqlFunction, FunctionArg, FunctionArgExpr,
    FunctionArguments, UnaryOperator, Value as SqlValue,
};

use super::sql::{MAX_DEPTH, MAX_NESTED, Reader, TOO_DEEP, parsed};
use super::{Arithmetic, Expression};
use crate::data::Decimal;
use crate::document::{Diagnostic, Span, did_you_mean};

/// A number computed from aggregates of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// A literal number.
    Number(Decimal),
    /// An aggregate of the rows.
    Call(Call),
    /// A negated number.
    Negate(Box<Formula>),
    /// A computation with two numbers.
    Arithmetic(Arithmetic, Box<Formula>, Box<Formula>),
}

/// An aggregate function and its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The aggregate function.
    pub function: Summary,
    /// The expression that is aggregated; `None` for `count(*)`.
    pub of: Option<Expression>,
    /// Position in the formula's text, in bytes.
    pub span: Span,
}

/// An aggregate function by its name in SQL. Nulls are left out. Without values, the counts and `sum` are 0,
/// and all others are undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// `count(*)`: number of all rows; `count(value)`: number of rows on which the value is not null.
    Count,
    /// `count(distinct value)`: number of distinct values
    CountDistinct,
    /// `count_if(condition)`: number of rows on which the condition is true.
    CountIf,
    /// `sum(number)`
    Sum,
    /// `min(number)`
    Min,
    /// `max(number)`
    Max,
    /// `avg(number)`
    Average,
    /// `stddev(number)`: the sample standard deviation (n − 1).
    StandardDeviation,
    /// `median(number)`
    Median,
}

impl Summary {
    /// The names of each function, the usual one first.
    const NAMES: [(Self, &'static [&'static str]); 8] = [
        (Self::Count, &["count"]),
        (Self::CountIf, &["count_if"]),
        (Self::Sum, &["sum"]),
        (Self::Min, &["min"]),
        (Self::Max, &["max"]),
        (Self::Average, &["avg", "mean"]),
        (Self::StandardDeviation, &["stddev", "stddev_samp"]),
        (Self::Median, &["median"]),
    ];

    pub(super) fn parse(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(summary, _)| *summary)
    }

    /// Returns the usual name in SQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        let usual = |(_, names): &(Self, &[&'static str])| names.first().copied();
        Self::NAMES.iter().find(|(summary, _)| *summary == self).and_then(usual).unwrap_or("count")
    }
}

impl Formula {
    /// Returns the expressions that are aggregated.
    #[must_use]
    pub fn expressions(&self) -> Vec<Expression> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Call(call) => call.of.iter().cloned().collect(),
            Self::Negate(of) => of.expressions(),
            Self::Arithmetic(_, left, right) => [left.expressions(), right.expressions()].concat(),
        }
    }
}

/// Parses a formula; positions are in bytes of `text`.
///
/// # Errors
/// The first place that is not SQL, or not of this language.
pub fn parse_formula(text: &str) -> Result<Formula, Diagnostic> {
    Formulas { rows: Reader::new(text) }.formula(&parsed(text)?, 0)
}

struct Formulas<'a> {
    /// Reads the expressions inside aggregates.
    rows: Reader<'a>,
}

impl Formulas<'_> {
    fn formula(&self, sql: &Expr, depth: usize) -> Result<Formula, Diagnostic> {
        let span = self.rows.span(sql);
        if depth > MAX_NESTED + MAX_DEPTH {
            return Err(Diagnostic::new(span, TOO_DEEP));
        }
        let inner = |of: &Expr| self.formula(of, depth + 1).map(Box::new);
        match sql {
            Expr::Nested(of) | Expr::UnaryOp { op: UnaryOperator::Plus, expr: of } => {
                self.formula(of, depth + 1)
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Ok(Formula::Negate(inner(expr)?)),
            Expr::BinaryOp { left, op, right } => {
                Ok(Formula::Arithmetic(arithmetic(op, span)?, inner(left)?, inner(right)?))
            }
            Expr::Value(value) => match &value.value {
                SqlValue::Number(digits, _) => Decimal::parse(digits)
                    .map(Formula::Number)
                    .ok_or_else(|| Diagnostic::new(span, format!("{digits} has too many digits"))),
                other => Err(Diagnostic::new(span, format!("{other} is no number"))),
            },
            Expr::Function(function) => self.call(function, span).map(Formula::Call),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                Err(Diagnostic::new(span, format!("{sql} stands outside of an aggregate"))
                    .help(format!("sum({sql}), max({sql}), …")))
            }
            _ => Err(Diagnostic::new(span, "a formula is made of aggregates, numbers and + - * /")
                .help("`karat explain measure` lists what there is")),
        }
    }

    fn call(&self, sql: &SqlFunction, span: Span) -> Result<Call, Diagnostic> {
        let name = sql.name.to_string();
        let function = Summary::parse(&name).ok_or_else(|| {
            let known = Summary::NAMES.map(|(summary, _)| summary.name());
            let help = did_you_mean(&name, known)
                .unwrap_or_else(|| format!("the aggregates are {}", known.join(", ")));
            Diagnostic::new(span, format!("no aggregate {name:?}")).help(help)
        })?;
        let misused =
            || Diagnostic::new(span, format!("{}() takes one argument and nothing else", function.name()));
        let FunctionArguments::List(list) = &sql.args else { return Err(misused()) };
        let plain = list.clauses.is_empty()
            && sql.filter.is_none()
            && sql.over.is_none()
            && sql.within_group.is_empty();
        let [FunctionArg::Unnamed(argument)] = list.args.as_slice() else { return Err(misused()) };
        let function = match (function, list.duplicate_treatment) {
            _ if !plain => return Err(misused()),
            (function, None) => function,
            (Summary::Count, Some(DuplicateTreatment::Distinct)) => Summary::CountDistinct,
            _ => return Err(Diagnostic::new(span, "only count() takes DISTINCT")),
        };
        let of = match argument {
            FunctionArgExpr::Expr(of) => Some(self.rows.expression(of, 0)?),
            FunctionArgExpr::Wildcard if function == Summary::Count => None,
            _ => return Err(misused()),
        };
        // The engine would compute an expression without columns once, and not once for each row.
        match &of {
            Some(of) if function != Summary::CountIf && of.columns().is_empty() => {
                Err(Diagnostic::new(span, format!("{}() reads no column", function.name()))
                    .help("count(*) counts rows"))
            }
            _ => Ok(Call { function, of, span }),
        }
    }
}

fn arithmetic(op: &BinaryOperator, span: Span) -> Result<Arithmetic, Diagnostic> {
    match op {
        BinaryOperator::Plus => Ok(Arithmetic::Add),
        BinaryOperator::Minus => Ok(Arithmetic::Subtract),
        BinaryOperator::Multiply => Ok(Arithmetic::Multiply),
        BinaryOperator::Divide => Ok(Arithmetic::Divide),
        other => Err(Diagnostic::new(span, format!("{other} between aggregates is not of this language"))
            .help("+ - * / are; min and max say what the result must be")),
    }
}

/// Writes canonical SQL, like that of an expression.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Call(Call { function: Summary::CountDistinct, of: Some(of), .. }) => {
                write!(f, "count(distinct {of})")
            }
            Self::Call(Call { function, of: Some(of), .. }) => write!(f, "{}({of})", function.name()),
            Self::Call(Call { function, of: None, .. }) => write!(f, "{}(*)", function.name()),
            Self::Negate(of) => write!(f, "-{}", Operand(of)),
            Self::Arithmetic(how, left, right) => {
                write!(f, "{} {} {}", Operand(left), how.symbol(), Operand(right))
            }
        }
    }
}

/// An operand, in parentheses unless it cannot be misread.
struct Operand<'a>(&'a Formula);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Formula::Number(_) | Formula::Call(_) => self.0.fmt(f),
            _ => write!(f, "({})", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_is_a_fixed_point() {
        for (text, canonical) in [
            ("SUM(a)/count(*)", "sum(a) / count(*)"),
            ("1 - count(distinct `a b`) / count(a)", "1 - (count(distinct `a b`) / count(a))"),
            ("-(avg(a + 1) * 2.50)", "-(avg(a + 1) * 2.5)"),
            ("count_if(s in ('x', 'it''s') and a > 0)", "count_if((s IN ('x', 'it''s')) AND (a > 0))"),
        ] {
            let parsed = parse_formula(text).unwrap().to_string();
            assert_eq!(parsed, canonical);
            assert_eq!(parse_formula(&parsed).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn what_is_no_formula_is_refused_in_its_place() {
        for (text, place, message) in [
            ("sum(a) + b", "b", "outside of an aggregate"),
            ("suum(a)", "suum(a)", "no aggregate"),
            ("sum(a) > 2", "sum(a) > 2", "between aggregates"),
            ("sum(lenght(a))", "lenght(a)", "no function"),
            ("sum(1)", "sum(1)", "reads no column"),
            ("sum(distinct a)", "sum(distinct a)", "DISTINCT"),
            ("sum(*)", "sum(*)", "one argument"),
            ("sum(sum(a))", "sum(a)", "no function"),
            ("count(*) * 'a'", "'a'", "no number"),
        ] {
            let error = parse_formula(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {}", error.message);
            assert!(text[error.span.start..].starts_with(place), "{text}: {:?}", error.span);
        }
    }
}
