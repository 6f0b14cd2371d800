//! Reads dates moved by an interval: `d + INTERVAL 1 MONTH`, `date_add(d, 30)`, `dateadd(DAY, 30, d)`.

use sqlparser::ast::{BinaryOperator, Expr, Interval, Value as SqlValue};

use super::Reader;
use super::calls::literal_at;
use crate::data::{Decimal, Literal};
use crate::document::{Diagnostic, Span, did_you_mean};
use crate::predicate::calendar::Unit;
use crate::predicate::{Expression, Function, Kind};

/// The number of units by which a date is moved.
struct Step {
    unit: Expression,
    count: Expression,
}

impl Unit {
    pub(super) fn literal(self, span: Span) -> Expression {
        literal_at(Literal::Text(self.name().to_owned()), span)
    }
}

impl Step {
    fn backwards(self) -> Self {
        let Expression { kind, span } = self.count;
        let kind = match kind {
            Kind::Literal(Literal::Number(digits)) => {
                let opposite = digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned);
                Kind::Literal(Literal::Number(opposite))
            }
            kind => Kind::Negate(Box::new(Expression { kind, span })),
        };
        Self { count: Expression { kind, span }, ..self }
    }

    fn from(self, date: Expression) -> Kind {
        Kind::Call(Function::DateAdd, vec![self.unit, self.count, date])
    }
}

impl Reader<'_> {
    /// Reads `date + INTERVAL …`, `date - INTERVAL …`, `INTERVAL … + date`; `None` without an interval.
    pub(super) fn shifted(
        &self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Result<Option<Kind>, Diagnostic> {
        let date = |of: &Expr| self.expression(of, depth + 1);
        Ok(match (op, interval(left), interval(right)) {
            (BinaryOperator::Plus, None, Some(step)) => Some(self.step(step, depth)?.from(date(left)?)),
            (BinaryOperator::Minus, None, Some(step)) => {
                Some(self.step(step, depth)?.backwards().from(date(left)?))
            }
            (BinaryOperator::Plus, Some(step), None) => Some(self.step(step, depth)?.from(date(right)?)),
            _ => None,
        })
    }

    /// Reads the functions by which other engines move dates; `None` for all other functions.
    pub(super) fn moved(
        &self,
        name: &str,
        arguments: &[&Expr],
        span: Span,
        depth: usize,
    ) -> Result<Option<Kind>, Diagnostic> {
        let inner = |of: &Expr| self.expression(of, depth + 1);
        let (unit, back) = match name {
            "date_add" => (Unit::Day, false),
            "date_sub" => (Unit::Day, true),
            "add_months" => (Unit::Month, false),
            _ => return Ok(None),
        };
        let turned = |step: Step| if back { step.backwards() } else { step };
        match arguments {
            [date, step] => {
                let step = match interval(step) {
                    Some(step) if unit == Unit::Day => self.step(step, depth)?,
                    _ => Step { unit: unit.literal(span), count: inner(step)? },
                };
                Ok(Some(turned(step).from(inner(date)?)))
            }
            [unit, count, date] if name != "add_months" => {
                let step = Step { unit: self.unit(unit)?.literal(self.span(unit)), count: inner(count)? };
                Ok(Some(turned(step).from(inner(date)?)))
            }
            _ => Err(Diagnostic::new(span, format!("{name}() takes a date and a number"))
                .help("date + INTERVAL 1 DAY")),
        }
    }

    /// Returns the unit that an argument names, with or without quotes.
    pub(super) fn unit(&self, sql: &Expr) -> Result<Unit, Diagnostic> {
        let name = match sql {
            Expr::Identifier(name) => name.value.clone(),
            Expr::Value(value) => match &value.value {
                SqlValue::SingleQuotedString(name) => name.clone(),
                other => other.to_string(),
            },
            other => other.to_string(),
        };
        Unit::parse(&name).ok_or_else(|| no_unit(&name, self.span(sql)))
    }

    fn step(&self, interval: &Interval, depth: usize) -> Result<Step, Diagnostic> {
        let span = self.span(&interval.value);
        let wrong = |message: &str| {
            Diagnostic::new(span, message.to_owned())
                .help("an interval is a number and a unit: INTERVAL '3' MONTH")
        };
        let (Some(field), None) = (&interval.leading_field, &interval.last_field) else {
            return Err(wrong("an interval has one unit"));
        };
        let name = field.to_string();
        let unit = Unit::parse(&name).ok_or_else(|| no_unit(&name, span))?.literal(span);
        let count = self.expression(&interval.value, depth + 1)?;
        let count = match &count.kind {
            Kind::Literal(Literal::Text(text)) => {
                let digits = text.trim().trim_start_matches('+');
                if Decimal::parse(digits).is_none() {
                    return Err(wrong(&format!("{} is no number of units", Literal::Text(text.clone()))));
                }
                literal_at(Literal::Number(digits.to_owned()), span)
            }
            _ => count,
        };
        Ok(Step { unit, count })
    }
}

/// Returns the interval, if the operand is one.
fn interval(sql: &Expr) -> Option<&Interval> {
    match sql {
        Expr::Interval(interval) => Some(interval),
        Expr::Nested(of) => interval(of),
        _ => None,
    }
}

fn no_unit(name: &str, span: Span) -> Diagnostic {
    let known = Unit::names();
    let help = did_you_mean(&name.to_lowercase(), known)
        .unwrap_or_else(|| format!("the units are {}", known.join(", ")));
    Diagnostic::new(span, format!("no unit {name:?}")).help(help)
}
