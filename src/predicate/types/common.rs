//! Common supertypes of several values.

use super::{Context, TypeError, natural, null_of, value};
use crate::data::{Common, DataType, Incomparable, Literal, MAX_COMPUTED, decimal_of, signed_bits};
use crate::predicate::{Expression, Kind, Term, Typed};

/// Casts a date or a time to its nanoseconds since 1970, in an integer that holds all of them.
pub(super) fn nanoseconds(of: Typed) -> Typed {
    cast_to(of, &DataType::INT128)
}

pub(super) fn cast_to(of: Typed, data_type: &DataType) -> Typed {
    if of.data_type == *data_type {
        return of;
    }
    Typed { term: Term::Cast(Box::new(of)), data_type: data_type.clone() }
}

/// Casts two values to a supertype that holds both exactly; leaves them as they are if there is none, and
/// they are compared value by value.
///
/// # Errors
/// They cannot be compared.
pub fn same_type(left: Typed, right: Typed) -> Result<(Typed, Typed), Incomparable> {
    match Common::of(&left.data_type, &right.data_type)? {
        Common::Type(common) => Ok((cast_to(left, &common), cast_to(right, &common))),
        Common::Exactly => Ok((left, right)),
    }
}

/// Casts two values to one type in which they are equal if and only if a comparison says so.
///
/// # Errors
/// They cannot be compared, or only value by value.
pub(in crate::predicate) fn cast_for_equality(
    left: Typed,
    right: Typed,
) -> Result<(Typed, Typed), Incomparable> {
    let is_time = |of: &Typed| matches!(of.data_type, DataType::Date | DataType::Timestamp { .. });
    let (left, right) = same_type(left, right)?;
    if left.data_type == right.data_type {
        return Ok((left, right));
    }
    if is_time(&left) && is_time(&right) {
        return Ok((nanoseconds(left), nanoseconds(right)));
    }
    Err(Incomparable {
        message: format!(
            "{} and {} cannot be looked up in each other exactly",
            left.data_type, right.data_type
        ),
        help: Some(format!("CAST one AS the other, such as CAST(… AS {})", right.data_type)),
    })
}

/// Resolves values to one type, as the branches of a `CASE` or the arguments of `coalesce` need. A literal
/// binds to the type of the others if it can; numbers are cast to a supertype of all of them.
pub(super) fn unify(of: &[&Expression], rule: &str, context: Context<'_>) -> Result<Vec<Typed>, TypeError> {
    let mut found: Option<DataType> = None;
    let mut typed: Vec<Option<Typed>> = Vec::with_capacity(of.len());
    let join = |found: Option<DataType>, next: &DataType, at: &Expression| match found {
        None => Ok(next.clone()),
        Some(before) => {
            supertype(&before, next).map_err(|message| TypeError::new(at.span, message).help(rule))
        }
    };
    for one in of {
        if matches!(one.kind, Kind::Literal(_)) {
            typed.push(None);
            continue;
        }
        let value = value(one, context)?;
        found = Some(join(found, &value.data_type, one)?);
        typed.push(Some(value));
    }
    let beside = found.clone();
    for (slot, one) in typed.iter_mut().zip(of) {
        let Kind::Literal(literal) = &one.kind else { continue };
        if *literal == Literal::Null {
            continue;
        }
        let as_others = beside.as_ref().map(|data_type| (data_type, literal.bind(data_type)));
        let value = match as_others {
            Some((data_type, Ok(value))) => {
                Typed { term: Term::Literal(value), data_type: data_type.clone() }
            }
            Some((data_type, Err(_))) if data_type.is_numeric() && matches!(literal, Literal::Number(_)) => {
                natural(literal, one.span)?
            }
            Some((_, Err(error))) => return Err(TypeError::literal(one.span, error)),
            None => natural(literal, one.span)?,
        };
        found = Some(join(found, &value.data_type, one)?);
        *slot = Some(value);
    }
    let Some(common) = found else {
        let span = of.first().map(|one| one.span).unwrap_or_default();
        return Err(TypeError::new(span, "nothing but NULL has no type").help("CAST(NULL AS …) has one"));
    };
    let values = typed.into_iter();
    Ok(values.map(|value| value.map_or_else(|| null_of(&common), |value| cast_to(value, &common))).collect())
}

/// Returns the supertype of two types, which holds the values of both exactly, except beside a float.
///
/// # Errors
/// There is none.
pub(in crate::predicate) fn supertype(left: &DataType, right: &DataType) -> Result<DataType, String> {
    if left == right {
        return Ok(left.clone());
    }
    let apart = || format!("{right} beside {left}");
    if let (Some(left_bits), Some(right_bits)) = (signed_bits(left), signed_bits(right)) {
        let bits = match left_bits.max(right_bits) {
            ..=8 => 8,
            9..=16 => 16,
            17..=32 => 32,
            33..=64 => 64,
            wider => wider,
        };
        return Ok(DataType::Integer { bits, signed: true });
    }
    if let (Some((left_whole, left_scale)), Some((right_whole, right_scale))) =
        (decimal_of(left), decimal_of(right))
    {
        let scale = left_scale.max(right_scale);
        let precision = left_whole.max(right_whole).saturating_add(scale);
        return if precision <= MAX_COMPUTED {
            Ok(DataType::Decimal { precision, scale })
        } else {
            Err(format!("{}: together they may have {precision} digits", apart()))
        };
    }
    match (left, right) {
        (left, right) if left.is_numeric() && right.is_numeric() => Ok(DataType::FLOAT64),
        (
            DataType::Timestamp { unit: left_unit, zone: left_zone },
            DataType::Timestamp { unit: right_unit, zone: right_zone },
        ) if left_unit == right_unit && left_zone.is_some() && right_zone.is_some() => Ok(left.clone()),
        _ => Err(apart()),
    }
}
