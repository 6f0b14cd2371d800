//! Types of computed numbers, wide enough for every result.

use super::TypeError;
use crate::data::{DataType, MAX_DIGITS, decimal_of, signed_bits};
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
        // So many hold the product of any two numbers of 64 bits.
        return if bits <= 128 {
            Ok(DataType::Integer { bits, signed: true })
        } else {
            Err("this may have more than 128 bits".to_owned())
        };
    }
    match (decimal_of(left), decimal_of(right)) {
        (Some((left_whole, left_scale)), Some((right_whole, right_scale))) => {
            let (whole, scale) = match how {
                Remainder => (left_whole.max(right_whole), left_scale.max(right_scale)),
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
        _ if how == Remainder => {
            Err(format!("{left} % {right} is not defined; % is of integers and decimals"))
        }
        _ => Ok(DataType::FLOAT64),
    }
}

pub(super) fn negate(of: Typed, span: Span) -> Result<Typed, TypeError> {
    let data_type = widened(&of.data_type).map_err(|message| TypeError::new(span, message))?;
    Ok(Typed { term: Term::Negate(Box::new(of)), data_type })
}

/// The type of a number without its sign or with the other one: of the least integer, that has
/// one bit more.
pub(super) fn widened(of: &DataType) -> Result<DataType, String> {
    match of {
        DataType::Integer { bits: 127.., .. } => Err("this may overflow".to_owned()),
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
