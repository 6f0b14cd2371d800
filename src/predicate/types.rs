//! The types interpreter: an expression and a schema give a resolved expression, or the place
//! where they do not fit.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::functions::Parameter;
use super::{
    Arithmetic, Comparison, Expression, Function, Kind, LIKE_ESCAPE, Term, Typed, check_regex, like_to_regex,
};
use crate::data::{
    ColumnPath, Common, DataType, Decimal, Incomparable, Literal, LiteralError, ResolveError, Schema,
    TypeName, Value, decimal_of, signed_bits,
};
use crate::document::Span;

/// The most digits of a decimal.
const MAX_DIGITS: u8 = 38;

/// Why an expression does not fit a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TypeError {
    /// What does not fit, as a lower-case fragment.
    pub message: String,
    /// Where it stands, in bytes of the predicate's text.
    pub span: Span,
    /// The way out.
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

    fn literal(span: Span, error: LiteralError) -> Self {
        Self { message: error.message, span, help: error.help }
    }
}

impl From<ResolveError> for TypeError {
    fn from(error: ResolveError) -> Self {
        Self { message: error.message, span: Span::default(), help: error.help }
    }
}

/// Resolves a condition.
///
/// # Errors
/// The first place that does not fit, or that the whole is not a condition.
pub fn check_boolean(expression: &Expression, schema: &Schema) -> Result<Typed, TypeError> {
    let typed = check(expression, schema)?;
    match typed.data_type {
        DataType::Boolean => Ok(typed),
        other => Err(TypeError::new(
            expression.span,
            format!("a condition is wanted, this is a value of type {other}"),
        )),
    }
}

/// Resolves an expression.
///
/// # Errors
/// The first place that does not fit.
pub fn check(expression: &Expression, schema: &Schema) -> Result<Typed, TypeError> {
    let span = expression.span;
    let boxed = |of: &Expression| check(of, schema).map(Box::new);
    let conditions =
        |all: &[Expression]| all.iter().map(|one| check_boolean(one, schema)).collect::<Result<_, _>>();
    let term = match &expression.kind {
        Kind::Column(path) => return column(path, span, schema),
        Kind::Literal(literal) => return natural(literal, span),
        Kind::Compare(how, left, right) => return compare(*how, left, right, schema),
        Kind::Arithmetic(how, left, right) => return arithmetic(*how, left, right, span, schema),
        Kind::Negate(of) => return negate(check(of, schema)?, span),
        Kind::And(all) => Term::And(conditions(all)?),
        Kind::Or(all) => Term::Or(conditions(all)?),
        Kind::Not(of) => Term::Not(Box::new(check_boolean(of, schema)?)),
        Kind::IsNull(of) => Term::IsNull(boxed(of)?),
        Kind::IsTrue(of) => Term::IsTrue(Box::new(check_boolean(of, schema)?)),
        Kind::InSet(of, values) => return in_set(check(of, schema)?, values, span),
        Kind::Matches(of, regex) => return matches(check(of, schema)?, regex.clone(), of.span, span),
        Kind::Like(of, pattern) => {
            return matches(check(of, schema)?, like_to_regex(pattern, Some(LIKE_ESCAPE)), of.span, span);
        }
        Kind::Cast(of, to) => return cast(check(of, schema)?, to, span),
        Kind::Call(function, arguments) => return call(*function, arguments, span, schema),
    };
    Ok(Typed::boolean(term))
}

fn column(path: &ColumnPath, span: Span, schema: &Schema) -> Result<Typed, TypeError> {
    let data_type = schema.resolve(path).map_err(|error| {
        let quotes = || format!("a text stands in single quotes: '{path}'");
        TypeError { span, help: error.help.clone().or_else(|| Some(quotes())), ..error.into() }
    })?;
    Ok(Typed::column(path, data_type))
}

fn natural(literal: &Literal, span: Span) -> Result<Typed, TypeError> {
    let data_type = literal.natural_type();
    let value = literal.bind(&data_type).map_err(|error| TypeError::literal(span, error))?;
    let data_type = match (&value, data_type) {
        (Value::Integer(value), _) => DataType::Integer { bits: bits_of(*value), signed: true },
        (Value::Decimal(Decimal { unscaled, scale }), _) => {
            DataType::Decimal { precision: digits_of(*unscaled).max(*scale), scale: *scale }
        }
        (_, natural) => natural,
    };
    Ok(Typed { term: Term::Literal(value), data_type })
}

fn compare(
    how: Comparison,
    left: &Expression,
    right: &Expression,
    schema: &Schema,
) -> Result<Typed, TypeError> {
    match (&left.kind, &right.kind) {
        (Kind::Literal(_), Kind::Literal(_)) => {}
        (_, Kind::Literal(literal)) => {
            return comparison(check(left, schema)?, how, literal)
                .map_err(|error| TypeError { span: right.span, ..error });
        }
        (Kind::Literal(literal), _) => {
            return comparison(check(right, schema)?, how.flipped(), literal)
                .map_err(|error| TypeError { span: left.span, ..error });
        }
        _ => {}
    }
    let end = right.span;
    compared(how, check(left, schema)?, check(right, schema)?)
        .map_err(|error| TypeError { span: end, ..error })
}

/// A comparison of two values, in a type that holds both, or value by value.
///
/// # Errors
/// They cannot be compared, or have no order.
pub fn compared(how: Comparison, left: Typed, right: Typed) -> Result<Typed, TypeError> {
    let (left, right) = same_type(left, right).map_err(|why| TypeError {
        message: why.message,
        span: Span::default(),
        help: why.help,
    })?;
    let of = if left.data_type == DataType::Null { &right.data_type } else { &left.data_type };
    comparable(how, of).map_err(|message| TypeError::new(Span::default(), message))?;
    Ok(Typed::boolean(Term::Compare(how, Box::new(left), Box::new(right))))
}

/// A comparison with a literal, exact even where the type cannot hold the literal: an integer is
/// at least 66.6 if it is more than 66.
///
/// # Errors
/// The literal does not fit the type.
pub fn comparison(of: Typed, how: Comparison, literal: &Literal) -> Result<Typed, TypeError> {
    if *literal == Literal::Null {
        return Err(TypeError::new(Span::default(), "a comparison with NULL never holds")
            .help("write IS NULL or IS NOT NULL"));
    }
    comparable(how, &of.data_type).map_err(|message| TypeError::new(Span::default(), message))?;
    let data_type = literal_type(&of.data_type);
    let bound = literal.bind_below(&data_type).map_err(|error| TypeError::literal(Span::default(), error))?;
    let never = |of: Typed| Typed::boolean(Term::Never(Box::new(of)));
    let how = match (bound.exact, how) {
        (true, how) => how,
        // The literal is below all values.
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

/// The type in which a literal beside a value is read. The odd width of a computed integer is no
/// limit to it.
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
    let mut values = Vec::with_capacity(literals.len());
    for literal in literals.iter().filter(|literal| **literal != Literal::Null) {
        let value = literal.member(&literal_type(&of.data_type));
        values.extend(value.map_err(|error| TypeError::literal(span, error))?);
    }
    let found = Typed::boolean(Term::InSet(Box::new(of), values));
    // SQL: a value that is not found among values and a null may be that null.
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

fn arithmetic(
    how: Arithmetic,
    left: &Expression,
    right: &Expression,
    span: Span,
    schema: &Schema,
) -> Result<Typed, TypeError> {
    let (left, right) = (check(left, schema)?, check(right, schema)?);
    let data_type = arithmetic_type(how, &left.data_type, &right.data_type).map_err(|message| {
        TypeError::new(span, message).help("CAST(… AS double) computes in double precision")
    })?;
    Ok(Typed { term: Term::Arithmetic(how, Box::new(left), Box::new(right)), data_type })
}

/// The type of a computation, wide enough for every result.
fn arithmetic_type(how: Arithmetic, left: &DataType, right: &DataType) -> Result<DataType, String> {
    use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
    if !left.is_numeric() || !right.is_numeric() {
        return Err(format!("{left} {} {right} is not defined", how.symbol()));
    }
    if how == Divide {
        return Ok(DataType::FLOAT64);
    }
    if let (Some(left), Some(right)) = (signed_bits(left), signed_bits(right)) {
        let bits = match how {
            Add | Subtract => left.max(right).saturating_add(1),
            Remainder => left.max(right),
            Multiply | Divide => left.saturating_add(right),
        };
        return if bits <= 127 {
            Ok(DataType::Integer { bits, signed: true })
        } else {
            Err("this product may have more than 127 bits".to_owned())
        };
    }
    if how == Remainder {
        return Err(format!("{left} % {right} is not defined; % is of integers"));
    }
    match (decimal_of(left), decimal_of(right)) {
        (Some((left_whole, left_scale)), Some((right_whole, right_scale))) => {
            let (whole, scale) = match how {
                Multiply => (left_whole.saturating_add(right_whole), left_scale.saturating_add(right_scale)),
                _ => (left_whole.max(right_whole).saturating_add(1), left_scale.max(right_scale)),
            };
            let precision = whole.saturating_add(scale);
            if precision <= MAX_DIGITS {
                Ok(DataType::Decimal { precision, scale })
            } else {
                Err(format!("this may have {precision} digits, more than the {MAX_DIGITS} of a decimal"))
            }
        }
        _ => Ok(DataType::FLOAT64),
    }
}

fn negate(of: Typed, span: Span) -> Result<Typed, TypeError> {
    let data_type = widened(&of.data_type).map_err(|message| TypeError::new(span, message))?;
    Ok(Typed { term: Term::Negate(Box::new(of)), data_type })
}

fn cast(of: Typed, to: &TypeName, span: Span) -> Result<Typed, TypeError> {
    use DataType::{Boolean, Date, Float, Integer, String as Text, Timestamp};
    let TypeName::Exact(to) = to else {
        return Err(
            TypeError::new(span, format!("\"{to}\" is a family of types")).help("name one of its types")
        );
    };
    let allowed = match (&of.data_type, to) {
        (Integer { .. }, DataType::Decimal { precision, scale }) => precision > scale,
        (Integer { .. } | Float { .. } | DataType::Decimal { .. }, Integer { .. } | Float { .. })
        | (Text, Integer { .. } | Float { .. } | Date)
        | (Integer { .. } | Boolean | Date, Text)
        | (Timestamp { .. }, Date)
        | (Date, Timestamp { zone: None, .. }) => true,
        (from, to) => from == to,
    };
    if allowed {
        Ok(Typed { term: Term::Cast(Box::new(of)), data_type: to.clone() })
    } else {
        Err(TypeError::new(span, format!("{} cannot be cast to {to}", of.data_type)))
    }
}

fn call(
    function: Function,
    arguments: &[Expression],
    span: Span,
    schema: &Schema,
) -> Result<Typed, TypeError> {
    let signature = function.signature();
    let variadic = function == Function::Coalesce;
    let wanted = signature.parameters.len();
    if arguments.len() < wanted || (arguments.len() > wanted && !variadic) {
        let least = if variadic { "at least " } else { "" };
        let message =
            format!("{}() takes {least}{wanted} arguments, found {}", function.name(), arguments.len());
        return Err(TypeError::new(span, message));
    }
    let mut typed = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let parameter = signature.parameters.get(index).copied().unwrap_or(Parameter::Any);
        let value = check(argument, schema)?;
        if !fits(parameter, &value, argument) {
            let message =
                format!("{}() cannot take a value of type {} here", function.name(), value.data_type);
            return Err(TypeError::new(argument.span, message));
        }
        typed.push(value);
    }
    if variadic {
        let (first, rest) = typed.split_first_mut().ok_or_else(|| TypeError::new(span, "no arguments"))?;
        for (one, argument) in rest.iter_mut().zip(&arguments[1..]) {
            if let Kind::Literal(literal) = &argument.kind {
                let value = literal
                    .bind(&first.data_type)
                    .map_err(|error| TypeError::literal(argument.span, error))?;
                *one = Typed { term: Term::Literal(value), data_type: first.data_type.clone() };
            } else if one.data_type != first.data_type {
                let message = format!("{} beside {}", one.data_type, first.data_type);
                return Err(
                    TypeError::new(argument.span, message).help("all arguments of coalesce() have one type")
                );
            }
        }
    }
    if function == Function::ToDate
        && let Some(Kind::Literal(Literal::Text(format))) = arguments.get(1).map(|argument| &argument.kind)
    {
        date_format(format).map_err(|message| TypeError::new(span, message).help("such as '%d.%m.%Y'"))?;
    }
    let data_type = match (function, signature.gives) {
        (_, Some(gives)) => gives,
        (Function::Abs, None) => {
            widened(&typed[0].data_type).map_err(|message| TypeError::new(span, message))?
        }
        (_, None) => typed[0].data_type.clone(),
    };
    Ok(Typed { term: Term::Call(function, typed), data_type })
}

/// The type of a number without its sign or with the other one: of the least integer, that has
/// one bit more.
fn widened(of: &DataType) -> Result<DataType, String> {
    match of {
        DataType::Integer { bits: 127.., .. } => Err("this may overflow".to_owned()),
        DataType::Integer { bits, .. } => Ok(DataType::Integer { bits: bits + 1, signed: true }),
        other if other.is_numeric() => Ok(other.clone()),
        other => Err(format!("{other} has no sign")),
    }
}

/// A format must say a whole date and nothing else: then a date is read back from what it writes.
fn date_format(format: &str) -> Result<(), String> {
    let Some(date) = NaiveDate::from_ymd_opt(2001, 2, 3) else { return Ok(()) };
    let mut text = String::new();
    let written = write!(text, "{}", date.format(format)).is_ok();
    if written && NaiveDate::parse_from_str(&text, format) == Ok(date) {
        Ok(())
    } else {
        Err(format!("the format {format:?} says no date"))
    }
}

fn fits(parameter: Parameter, value: &Typed, argument: &Expression) -> bool {
    let timestamp = matches!(value.data_type, DataType::Timestamp { .. });
    match parameter {
        Parameter::Any => true,
        Parameter::Number => value.data_type.is_numeric(),
        Parameter::Text => value.data_type == DataType::String,
        Parameter::LiteralText => matches!(&argument.kind, Kind::Literal(Literal::Text(_))),
        Parameter::Date => value.data_type == DataType::Date,
        Parameter::Timestamp => timestamp,
        Parameter::DateOrTimestamp => timestamp || value.data_type == DataType::Date,
    }
}

/// Both values in one type that holds either exactly; as they are, where there is no such type and
/// they are compared value by value.
///
/// # Errors
/// They cannot be compared.
pub fn same_type(left: Typed, right: Typed) -> Result<(Typed, Typed), Incomparable> {
    let Common::Type(common) = Common::of(&left.data_type, &right.data_type)? else {
        return Ok((left, right));
    };
    let to = |typed: Typed| {
        if typed.data_type == common {
            typed
        } else {
            Typed { term: Term::Cast(Box::new(typed)), data_type: common.clone() }
        }
    };
    Ok((to(left), to(right)))
}

fn bits_of(value: i128) -> u8 {
    let magnitude = if value < 0 { !value } else { value };
    u8::try_from(129 - magnitude.leading_zeros()).unwrap_or(128)
}

fn digits_of(unscaled: i128) -> u8 {
    u8::try_from(unscaled.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)).unwrap_or(MAX_DIGITS)
}
