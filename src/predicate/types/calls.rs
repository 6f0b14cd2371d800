//! Resolves calls of functions and the types of their arguments.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::numbers::{narrowed, of_digits, widened};
use super::{Context, TypeError, common, comparable, compare, natural, null_of, value};
use crate::data::{DataType, Literal, Moment, TimeUnit, Value, decimal_of};
use crate::document::{Span, did_you_mean};
use crate::predicate::calendar::Unit;
use crate::predicate::functions::{Parameter, Signature};
use crate::predicate::{Comparison, Expression, Function, Kind, Term, Typed, TypedBranch};

pub(super) fn call(
    function: Function,
    arguments: &[Expression],
    span: Span,
    context: Context<'_>,
) -> Result<Typed, TypeError> {
    let signature = function.signature();
    count(function, &signature, arguments.len()).map_err(|message| TypeError::new(span, message))?;
    if signature.parameters.first() == Some(&Parameter::Any) {
        return of_any(function, arguments, context);
    }
    let mut typed = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let parameter = signature.parameters.get(index).or(signature.parameters.last()).copied();
        typed.push(taken(function, parameter.unwrap_or(Parameter::Any), argument, context)?);
    }
    let misfit = |message: String| TypeError::new(span, message);
    let data_type = match (function, signature.gives) {
        (Function::CurrentTimestamp | Function::CurrentDate, _) => return Ok(now(function, context)),
        (Function::DateDiff, _) => {
            typed = typed.into_iter().map(|of| common::cast_to(of, &DataType::Date)).collect();
            DataType::INT64
        }
        (Function::TimestampDiff, _) => return between(typed, span),
        (Function::ToDate, _) => {
            let format = text_of(arguments.get(1)).unwrap_or_default();
            date_format(format).map_err(|message| misfit(message).help("such as '%d.%m.%Y'"))?;
            DataType::Date
        }
        (Function::DateAdd | Function::DateTrunc, _) => return Ok(moved(function, typed)),
        (Function::Round, _) => return round(typed, arguments, span),
        (_, Some(gives)) => gives,
        (Function::Ceil | Function::Floor, None) => rounded(&typed[0].data_type, 0).map_err(misfit)?,
        (_, None) => widened(&typed[0].data_type).map_err(misfit)?,
    };
    Ok(Typed { term: Term::Call(function, typed), data_type })
}

fn count(function: Function, signature: &Signature, found: usize) -> Result<(), String> {
    let most = signature.parameters.len();
    let least = most - signature.optional;
    let wanted = match (signature.repeated, signature.optional) {
        (true, _) if found >= most => return Ok(()),
        (true, _) => format!("at least {most}"),
        (false, _) if (least..=most).contains(&found) => return Ok(()),
        (false, 0) => most.to_string(),
        (false, _) => format!("{least} or {most}"),
    };
    Err(format!("{}() takes {wanted} arguments, found {found}", function.name()))
}

/// Resolves a function whose arguments have one common type.
fn of_any(function: Function, arguments: &[Expression], context: Context<'_>) -> Result<Typed, TypeError> {
    if function == Function::NullIf {
        return null_if(arguments, context);
    }
    let rule = format!("all arguments of {}() have one type", function.name());
    let mut typed = common::unify(&arguments.iter().collect::<Vec<_>>(), &rule, context)?;
    if matches!(function, Function::Greatest | Function::Least) {
        let in_column = |(of, argument): (_, &Expression)| narrowed(of, argument.span);
        typed = typed.into_iter().zip(arguments).map(in_column).collect::<Result<_, _>>()?;
    }
    let data_type = typed.first().map_or(DataType::Null, |first| first.data_type.clone());
    if let (Function::Greatest | Function::Least, Some(first)) = (function, arguments.first()) {
        comparable(Comparison::Less, &data_type).map_err(|message| TypeError::new(first.span, message))?;
    }
    Ok(Typed { term: Term::Call(function, typed), data_type })
}

/// Resolves `nullif` as `CASE WHEN a = b THEN NULL ELSE a END`
fn null_if(arguments: &[Expression], context: Context<'_>) -> Result<Typed, TypeError> {
    let [of, other] = arguments else {
        return Err(TypeError::new(Span::default(), "nullif() takes 2 arguments"));
    };
    let when = compare(Comparison::Equal, of, other, context)?;
    let of = value(of, context)?;
    let data_type = of.data_type.clone();
    let branch = TypedBranch { when, then: null_of(&data_type) };
    Ok(Typed { term: Term::Case(vec![branch], Box::new(of)), data_type })
}

/// Resolves an argument, which must fit the parameter.
fn taken(
    function: Function,
    parameter: Parameter,
    argument: &Expression,
    context: Context<'_>,
) -> Result<Typed, TypeError> {
    let typed = match (parameter, &argument.kind) {
        // A text in place of a date is read as a date, as in comparisons.
        (Parameter::DateOrTimestamp | Parameter::Timestamp, Kind::Literal(Literal::Text(text))) => {
            let date = Literal::Moment(Moment::Date, text.clone());
            let timestamp = Literal::Moment(Moment::Timestamp, text.clone());
            let read = |literal| natural(&literal, argument.span);
            read(date).or_else(|_| read(timestamp)).or_else(|_| value(argument, context))?
        }
        _ => value(argument, context)?,
    };
    let data_type = &typed.data_type;
    let timestamp = matches!(data_type, DataType::Timestamp { .. });
    let fits = match parameter {
        Parameter::Any => true,
        Parameter::Number => data_type.is_numeric(),
        Parameter::Integer => matches!(data_type, DataType::Integer { .. }),
        Parameter::LiteralInteger => matches!(typed.term, Term::Literal(Value::Integer(_))),
        Parameter::Text => *data_type == DataType::String,
        Parameter::LiteralText => text_of(Some(argument)).is_some(),
        Parameter::Unit => match text_of(Some(argument)).map(|name| (name, Unit::parse(name))) {
            Some((name, None)) => return Err(no_unit(name, argument.span)),
            unit => unit.is_some(),
        },
        Parameter::DateOrTimestamp => timestamp || *data_type == DataType::Date,
        Parameter::Timestamp => timestamp,
    };
    if fits {
        return Ok(typed);
    }
    let message = format!("{}() cannot take a value of type {data_type} here", function.name());
    let help = match (parameter, data_type) {
        (Parameter::Text, DataType::Integer { .. } | DataType::Boolean | DataType::Date) => {
            "CAST(… AS string)".to_owned()
        }
        (Parameter::DateOrTimestamp, DataType::String) => {
            "CAST(… AS date), or to_date(text, format)".to_owned()
        }
        _ => format!("it takes {}", parameter.wanted()),
    };
    Err(TypeError::new(argument.span, message).help(help))
}

fn text_of(argument: Option<&Expression>) -> Option<&str> {
    match argument.map(|argument| &argument.kind) {
        Some(Kind::Literal(Literal::Text(text))) => Some(text),
        _ => None,
    }
}

fn no_unit(name: &str, span: Span) -> TypeError {
    let help = did_you_mean(&name.to_lowercase(), Unit::names())
        .unwrap_or_else(|| format!("the units are {}", Unit::names().join(", ")));
    TypeError::new(span, format!("no unit {name:?}")).help(help)
}

/// Returns the time of the run, or its day in UTC.
fn now(function: Function, context: Context<'_>) -> Typed {
    if function == Function::CurrentDate {
        let days = context.now.date_naive().to_epoch_days();
        return Typed { term: Term::Literal(Value::Date(days)), data_type: DataType::Date };
    }
    let nanoseconds = i128::from(context.now.timestamp_micros()) * 1_000;
    Typed {
        term: Term::Literal(Value::Timestamp { nanoseconds, instant: true }),
        data_type: DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".to_owned()) },
    }
}

/// Resolves `dateadd` and `date_trunc`. A date moved by hours becomes a timestamp, from its midnight on.
fn moved(function: Function, mut typed: Vec<Typed>) -> Typed {
    let unit = typed.first().and_then(unit_of);
    let of = typed.pop().map(|of| match (&of.data_type, unit) {
        (DataType::Date, Some(unit)) if function == Function::DateAdd && !unit.is_of_days() => {
            common::cast_to(of, &DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None })
        }
        _ => of,
    });
    let data_type = of.as_ref().map_or(DataType::Null, |of| of.data_type.clone());
    typed.extend(of);
    Typed { term: Term::Call(function, typed), data_type }
}

fn unit_of(typed: &Typed) -> Option<Unit> {
    match &typed.term {
        Term::Literal(Value::String(name)) => Unit::parse(name),
        _ => None,
    }
}

/// Resolves `timestampdiff`, whose times must both have a zone or both have none.
fn between(typed: Vec<Typed>, span: Span) -> Result<Typed, TypeError> {
    let has_zone = |of: &Typed| matches!(of.data_type, DataType::Timestamp { zone: Some(_), .. });
    let mut moments = typed.into_iter();
    let unit = moments.next();
    let moments: Vec<_> = moments.collect();
    if moments.iter().any(has_zone) && !moments.iter().all(has_zone) {
        return Err(TypeError::new(span, "one of these is an instant, and the other has no zone")
            .help("CAST(… AS timestamp_ntz) is the wall clock in UTC"));
    }
    let moments = moments.into_iter().map(common::nanoseconds);
    let arguments = unit.into_iter().chain(moments).collect();
    Ok(Typed { term: Term::Call(Function::TimestampDiff, arguments), data_type: DataType::INT64 })
}

fn round(mut typed: Vec<Typed>, arguments: &[Expression], span: Span) -> Result<Typed, TypeError> {
    let digits = match typed.get(1).map(|digits| &digits.term) {
        Some(Term::Literal(Value::Integer(digits))) => {
            i8::try_from(*digits).ok().filter(|digits| digits.abs() <= 38)
        }
        _ => Some(0),
    };
    let Some(digits) = digits else {
        let place = arguments.get(1).map_or(span, |argument| argument.span);
        return Err(TypeError::new(place, "a number has at most 38 digits to round"));
    };
    let data_type = rounded(&typed[0].data_type, digits).map_err(|message| TypeError::new(span, message))?;
    typed.truncate(1);
    typed.push(Typed { term: Term::Literal(Value::Integer(digits.into())), data_type: DataType::INT64 });
    Ok(Typed { term: Term::Call(Function::Round, typed), data_type })
}

/// Returns the type of a number rounded to `digits` digits; rounding may add a digit before the point.
fn rounded(of: &DataType, digits: i8) -> Result<DataType, String> {
    let kept = u8::try_from(digits).unwrap_or(0);
    match (of, decimal_of(of)) {
        (DataType::Integer { .. }, _) if digits >= 0 => Ok(of.clone()),
        (DataType::Integer { .. }, _) => widened(of),
        (DataType::Decimal { scale, .. }, _) if digits >= 0 && kept >= *scale => Ok(of.clone()),
        (DataType::Decimal { .. }, Some((whole, _))) => of_digits(whole.saturating_add(1), kept),
        _ => Ok(of.clone()),
    }
}

/// Checks that a format writes a whole date and nothing else, such that the text can be parsed back to the
/// date.
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
