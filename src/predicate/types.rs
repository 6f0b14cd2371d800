//! The types interpreter: resolves the names and types of an expression against a schema, and gives a typed
//! expression or the position of what does not fit.

mod calls;
mod casts;
mod common;
mod numbers;

use chrono::{DateTime, Utc};

pub use common::same_type;
pub(super) use common::{cast_for_equality, supertype};

use super::sql::{MAX_NESTED, TOO_DEEP};
use super::{
    Branch, Comparison, Expression, Kind, LIKE_ESCAPE, Term, Typed, TypedBranch, check_regex, like_to_regex,
};
use crate::data::{
    ColumnPath, DataType, Decimal, Incomparable, Literal, LiteralError, ResolveError, Schema, Value, is_wide,
};
use crate::document::{Span, nearest};

/// The reason why an expression does not fit a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TypeError {
    /// The part that does not fit, as a lower-case fragment.
    pub message: String,
    /// Position in the predicate's text, in bytes.
    pub span: Span,
    /// A way to correct the expression.
    pub help: Option<String>,
}

impl TypeError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn incomparable(span: Span, why: Incomparable) -> Self {
        Self { message: why.message, span, help: why.help }
    }

    fn literal(span: Span, error: LiteralError) -> Self {
        Self { message: error.message, span, help: error.help }
    }
}

impl From<ResolveError> for TypeError {
    fn from(error: ResolveError) -> Self {
        Self { message: error.message, span: Span::default(), help: error.help }
    }
}

/// The schema and the time with which an expression is resolved.
#[derive(Clone, Copy)]
struct Context<'a> {
    schema: &'a Schema,
    now: DateTime<Utc>,
}

/// Resolves a condition; the current time in it is `now`.
///
/// # Errors
/// The first place that does not fit, or that the whole is not a condition.
pub fn check_boolean(
    expression: &Expression,
    schema: &Schema,
    now: DateTime<Utc>,
) -> Result<Typed, TypeError> {
    not_too_deep(expression)?;
    condition(expression, Context { schema, now })
}

/// Resolves an expression; the current time in it is `now`.
///
/// # Errors
/// The first place that does not fit.
pub fn check(expression: &Expression, schema: &Schema, now: DateTime<Utc>) -> Result<Typed, TypeError> {
    not_too_deep(expression)?;
    numbers::narrowed(value(expression, Context { schema, now })?, expression.span)
}

/// Checks the depth again: an alias in a query may insert a deep expression into another one.
fn not_too_deep(expression: &Expression) -> Result<(), TypeError> {
    if expression.depth() > MAX_NESTED { Err(TypeError::new(expression.span, TOO_DEEP)) } else { Ok(()) }
}

fn condition(expression: &Expression, context: Context<'_>) -> Result<Typed, TypeError> {
    let typed = value(expression, context)?;
    match typed.data_type {
        DataType::Boolean => Ok(typed),
        other => Err(TypeError::new(
            expression.span,
            format!("a condition is wanted, this is a value of type {other}"),
        )),
    }
}

fn value(expression: &Expression, context: Context<'_>) -> Result<Typed, TypeError> {
    let span = expression.span;
    let of_condition = |of: &Expression| condition(of, context).map(Box::new);
    let conditions =
        |all: &[Expression]| all.iter().map(|one| condition(one, context)).collect::<Result<_, _>>();
    let term = match &expression.kind {
        Kind::Column(path) => return column(path, span, context.schema),
        Kind::Literal(literal) => return natural(literal, span),
        Kind::Compare(how, left, right) => return compare(*how, left, right, context),
        Kind::Arithmetic(how, left, right) => {
            return numbers::arithmetic(*how, value(left, context)?, value(right, context)?, span);
        }
        Kind::Negate(of) => return numbers::negate(value(of, context)?, span),
        Kind::And(all) => Term::And(conditions(all)?),
        Kind::Or(all) => Term::Or(conditions(all)?),
        Kind::Not(of) => Term::Not(of_condition(of)?),
        Kind::IsNull(of) => Term::IsNull(Box::new(value(of, context)?)),
        Kind::IsTrue(of) => Term::IsTrue(of_condition(of)?),
        Kind::InSet(of, values) => return in_set(value(of, context)?, values, span),
        Kind::Matches(of, regex) => return matches(value(of, context)?, regex.clone(), of.span, span),
        Kind::Like(of, pattern) => {
            return matches(value(of, context)?, like_to_regex(pattern, Some(LIKE_ESCAPE)), of.span, span);
        }
        Kind::Cast(of, to) => return casts::cast(value(of, context)?, to, span),
        Kind::Call(function, arguments) => return calls::call(*function, arguments, span, context),
        Kind::Case(branches, otherwise) => return case(branches, otherwise.as_deref(), context),
    };
    Ok(Typed::boolean(term))
}

fn column(path: &ColumnPath, span: Span, schema: &Schema) -> Result<Typed, TypeError> {
    let data_type = schema.readable(path).map_err(|error| {
        // A name that is similar to no column may be meant as a text.
        let is_text = matches!(path.parts(), [name] if nearest(name, schema.names()).is_none());
        let quotes = is_text.then(|| format!("a text stands in single quotes: '{path}'"));
        TypeError { span, help: quotes.or(error.help.clone()), ..error.into() }
    })?;
    Ok(Typed::column(path, data_type))
}

fn natural(literal: &Literal, span: Span) -> Result<Typed, TypeError> {
    let data_type = literal.natural_type();
    let value = literal.bind(&data_type).map_err(|error| TypeError::literal(span, error))?;
    let data_type = match (&value, data_type) {
        (Value::Integer(value), _) => DataType::Integer { bits: numbers::bits_of(*value), signed: true },
        (Value::Decimal(Decimal { unscaled, scale }), _) => {
            DataType::Decimal { precision: numbers::digits_of(*unscaled).max(*scale), scale: *scale }
        }
        (_, natural) => natural,
    };
    Ok(Typed { term: Term::Literal(value), data_type })
}

fn compare(
    how: Comparison,
    left: &Expression,
    right: &Expression,
    context: Context<'_>,
) -> Result<Typed, TypeError> {
    match (&left.kind, &right.kind) {
        (Kind::Literal(_), Kind::Literal(_)) => {}
        (_, Kind::Literal(literal)) => {
            return comparison(value(left, context)?, how, literal)
                .map_err(|error| TypeError { span: right.span, ..error });
        }
        (Kind::Literal(literal), _) => {
            return comparison(value(right, context)?, how.flipped(), literal)
                .map_err(|error| TypeError { span: left.span, ..error });
        }
        _ => {}
    }
    compared(how, value(left, context)?, value(right, context)?)
        .map_err(|error| TypeError { span: right.span, ..error })
}

/// Returns a comparison of two values, in a common supertype or value by value.
///
/// # Errors
/// They cannot be compared, or have no order.
pub fn compared(how: Comparison, left: Typed, right: Typed) -> Result<Typed, TypeError> {
    let (left, right) =
        same_type(left, right).map_err(|why| TypeError::incomparable(Span::default(), why))?;
    let of = if left.data_type == DataType::Null { &right.data_type } else { &left.data_type };
    comparable(how, of).map_err(|message| TypeError::new(Span::default(), message))?;
    Ok(Typed::boolean(Term::Compare(how, Box::new(left), Box::new(right))))
}

fn case(
    branches: &[Branch],
    otherwise: Option<&Expression>,
    context: Context<'_>,
) -> Result<Typed, TypeError> {
    let results: Vec<_> = branches.iter().map(|branch| &branch.then).chain(otherwise).collect();
    let mut unified = common::unify(&results, "the branches of a CASE have one type", context)?.into_iter();
    let mut typed = Vec::with_capacity(branches.len());
    for (branch, then) in branches.iter().zip(unified.by_ref()) {
        typed.push(TypedBranch { when: condition(&branch.when, context)?, then });
    }
    let data_type = typed.first().map_or(DataType::Null, |branch| branch.then.data_type.clone());
    let otherwise = unified.next().unwrap_or_else(|| null_of(&data_type));
    Ok(Typed { term: Term::Case(typed, Box::new(otherwise)), data_type })
}

fn null_of(data_type: &DataType) -> Typed {
    Typed { term: Term::Literal(Value::Null), data_type: data_type.clone() }
}

/// Returns a comparison with a literal, exact even where the type cannot hold the literal: an integer is at
/// least 66.6 if it is more than 66.
///
/// # Errors
/// The literal does not fit the type.
pub fn comparison(of: Typed, how: Comparison, literal: &Literal) -> Result<Typed, TypeError> {
    if *literal == Literal::Null {
        return Err(TypeError::new(Span::default(), "a comparison with NULL never holds")
            .help("write IS NULL or IS NOT NULL"));
    }
    comparable(how, &of.data_type).map_err(|message| TypeError::new(Span::default(), message))?;
    if let Some(number) = numbers::beside_wide(literal, &of.data_type) {
        return Ok(Typed::boolean(Term::Compare(how, Box::new(of), Box::new(number))));
    }
    let data_type = literal_type(&of.data_type);
    let bound = literal.bind_below(&data_type).map_err(|error| TypeError::literal(Span::default(), error))?;
    let never = |of: Typed| Typed::boolean(Term::Never(Box::new(of)));
    let how = match (bound.exact, how) {
        (true, how) => how,
        // The literal is below all values of the type.
        (false, Comparison::Less | Comparison::LessOrEqual) if bound.value.is_null() => return Ok(never(of)),
        (false, Comparison::Greater | Comparison::GreaterOrEqual) if bound.value.is_null() => {
            return Ok(never(of).negated());
        }
        (false, Comparison::Less | Comparison::LessOrEqual) => Comparison::LessOrEqual,
        (false, Comparison::Greater | Comparison::GreaterOrEqual) => Comparison::Greater,
        (false, Comparison::Equal) => return Ok(never(of)),
        (false, Comparison::NotEqual) => return Ok(never(of).negated()),
    };
    let value = Typed { term: Term::Literal(bound.value), data_type };
    Ok(Typed::boolean(Term::Compare(how, Box::new(of), Box::new(value))))
}

/// Returns the type to which a literal beside a value binds. The odd width of a computed integer does not
/// limit the literal.
fn literal_type(beside: &DataType) -> DataType {
    match beside {
        DataType::Integer { bits: 8 | 16 | 32 | 64, .. } => beside.clone(),
        DataType::Integer { .. } => DataType::INT128,
        other => other.clone(),
    }
}

fn comparable(how: Comparison, data_type: &DataType) -> Result<(), String> {
    let equality = matches!(how, Comparison::Equal | Comparison::NotEqual);
    if data_type.is_ordered() || (equality && data_type.is_comparable()) {
        Ok(())
    } else {
        Err(format!("values of type {data_type} have no {}", if equality { "equality" } else { "order" }))
    }
}

fn in_set(of: Typed, literals: &[Literal], span: Span) -> Result<Typed, TypeError> {
    comparable(Comparison::Equal, &of.data_type).map_err(|message| TypeError::new(span, message))?;
    let nulls = literals.contains(&Literal::Null);
    let some = literals.iter().filter(|literal| **literal != Literal::Null);
    let found = if is_wide(&of.data_type) && !literals.iter().all(|literal| *literal == Literal::Null) {
        let equal = some.map(|literal| comparison(of.clone(), Comparison::Equal, literal));
        let equal = equal.collect::<Result<_, _>>().map_err(|error| TypeError { span, ..error })?;
        Typed::boolean(Term::Or(equal))
    } else {
        let mut values = Vec::with_capacity(literals.len());
        for literal in some {
            let value = literal.member(&literal_type(&of.data_type));
            values.extend(value.map_err(|error| TypeError::literal(span, error))?);
        }
        Typed::boolean(Term::InSet(Box::new(of), values))
    };
    // In SQL, a value that is not found in a list with a null may be that null.
    let unknown = Typed::boolean(Term::Literal(Value::Null));
    Ok(if nulls { Typed::boolean(Term::Or(vec![found, unknown])) } else { found })
}

fn matches(of: Typed, regex: String, text: Span, span: Span) -> Result<Typed, TypeError> {
    if of.data_type != DataType::String {
        return Err(TypeError::new(text, format!("a pattern needs a string, this is {}", of.data_type)));
    }
    check_regex(&regex).map_err(|error| TypeError::new(span, error.message))?;
    Ok(Typed::boolean(Term::Matches(Box::new(of), regex)))
}
