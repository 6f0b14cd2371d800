//! Types of computed numbers, wide enough for every result: integers and decimals. Decimals of more digits
//! than a column can have are computed and compared row by row.

use super::TypeError;
use crate::data::{
    DataType, Exact, Literal, MAX_COMPUTED, MAX_DIGITS, Value, decimal_of, is_wide, signed_bits,
};
use crate::document::Span;
use crate::predicate::{Arithmetic, Term, Typed};

pub(super) fn arithmetic(how: Arithmetic, left: Typed, right: Typed, span: Span) -> Result<Typed, TypeError> {
    let data_type = arithmetic_type(how, &left.data_type, &right.data_type).map_err(|message| {
        let help = match (how, &left.data_type, &right.data_type) {
            (Arithmetic::Subtract, DataType::Date, DataType::Date) => "datediff(end, start) counts days",
            (
                Arithmetic::Subtract,
                DataType::Timestamp { .. } | DataType::Date,
                DataType::Timestamp { .. } | DataType::Date,
            ) => "timestampdiff('hour', start, end) counts whole hours",
            (_, DataType::Date | DataType::Timestamp { .. }, _) => "date + INTERVAL 1 DAY",
            (Arithmetic::Add, DataType::String, _) => "a || b is one text behind the other",
            _ => "CAST(… AS double) computes in double precision",
        };
        TypeError::new(span, message).help(help)
    })?;
    Ok(Typed { term: Term::Arithmetic(how, Box::new(left), Box::new(right)), data_type })
}

/// Returns the type of a computation, wide enough for every result.
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
        // 128 bits hold the product of any two numbers of 64 bits.
        if bits <= 128 {
            return Ok(DataType::Integer { bits, signed: true });
        }
    }
    match (decimal_of(left), decimal_of(right)) {
        (Some((left_whole, left_scale)), Some((right_whole, right_scale))) => {
            let (whole, scale) = match how {
                Multiply => (left_whole.saturating_add(right_whole), left_scale.saturating_add(right_scale)),
                // A remainder is no further from zero than either operand.
                Remainder => (left_whole.min(right_whole), left_scale.max(right_scale)),
                _ => (left_whole.max(right_whole).saturating_add(1), left_scale.max(right_scale)),
            };
            of_digits(whole, scale)
        }
        _ if how == Remainder => {
            Err(format!("{left} % {right} is not defined; % is of integers and decimals"))
        }
        _ => Ok(DataType::FLOAT64),
    }
}

/// Returns the decimal type with `whole` digits before and `scale` digits after the point.
pub(super) fn of_digits(whole: u8, scale: u8) -> Result<DataType, String> {
    let precision = whole.saturating_add(scale).max(1);
    if precision <= MAX_COMPUTED {
        Ok(DataType::Decimal { precision, scale })
    } else {
        Err(format!("this may have more than {MAX_COMPUTED} digits"))
    }
}

/// Casts a computed number to a type that a column can hold, with the same scale. On no row may the number
/// have more digits than a decimal.
pub(super) fn narrowed(of: Typed, span: Span) -> Result<Typed, TypeError> {
    let scale = match of.data_type {
        DataType::Decimal { precision, scale } if precision > MAX_DIGITS => scale,
        _ => return Ok(of),
    };
    if scale > MAX_DIGITS {
        let message = format!("this has {scale} digits behind the point, and a decimal at most {MAX_DIGITS}");
        return Err(TypeError::new(span, message).help("round(…, 10) has 10, CAST(… AS double) is a double"));
    }
    let data_type = DataType::Decimal { precision: MAX_DIGITS, scale };
    Ok(Typed { term: Term::Cast(Box::new(of)), data_type })
}

/// Returns a literal number as it is written, for comparison with a computed one of more digits than a column
/// can have.
pub(super) fn beside_wide(literal: &Literal, data_type: &DataType) -> Option<Typed> {
    let (Literal::Number(text) | Literal::Plain(text) | Literal::Text(text)) = literal else { return None };
    if !is_wide(data_type) {
        return None;
    }
    let number = Exact::parse(text)?;
    let data_type = match number.digits() {
        Some((digits, scale)) => DataType::Decimal {
            precision: u8::try_from(digits).ok()?.max(u8::try_from(scale).ok()?).max(MAX_DIGITS + 1),
            scale: u8::try_from(scale).ok()?,
        },
        None => return None,
    };
    Some(Typed { term: Term::Literal(Value::Exact(number)), data_type })
}

pub(super) fn negate(of: Typed, span: Span) -> Result<Typed, TypeError> {
    let data_type = widened(&of.data_type).map_err(|message| TypeError::new(span, message))?;
    Ok(Typed { term: Term::Negate(Box::new(of)), data_type })
}

/// Returns the type of a negated number or an absolute value: that of the least integer needs one bit more.
pub(super) fn widened(of: &DataType) -> Result<DataType, String> {
    match of {
        DataType::Integer { bits: 127.., .. } => of_digits(MAX_DIGITS + 1, 0),
        DataType::Integer { bits, .. } => Ok(DataType::Integer { bits: bits + 1, signed: true }),
        other if other.is_numeric() => Ok(other.clone()),
        other => Err(format!("{other} has no sign")),
    }
}

pub(super) fn bits_of(value: i128) -> u8 {
    let magnitude = if value < 0 { !value } else { value };
    u8::try_from(129 - magnitude.leading_zeros()).unwrap_or(128)
}

pub(super) fn digits_of(unscaled: i128) -> u8 {
    u8::try_from(unscaled.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)).unwrap_or(MAX_DIGITS)
}
