//! Finds the supertype of a column whose type differs between files: a type that holds every value of each.

use polars::prelude::{DataType as PlType, Field as PlField, TimeUnit as PlUnit, TimeZone};

/// Removes the details of storage from a type, which do not change its values: a dictionary type becomes
/// text, and a list of a fixed length becomes a list.
pub(super) fn without_storage(data_type: &PlType) -> PlType {
    match data_type {
        PlType::Categorical(..) | PlType::Enum(..) => PlType::String,
        PlType::List(item) | PlType::Array(item, _) => PlType::List(Box::new(without_storage(item))),
        PlType::Struct(fields) => PlType::Struct(
            fields
                .iter()
                .map(|field| PlField::new(field.name.clone(), without_storage(&field.dtype)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Returns the supertype of two types [`without_storage`]. `None` if no type holds the values of both.
pub(super) fn supertype(left: &PlType, right: &PlType) -> Option<PlType> {
    if left == right {
        return Some(left.clone());
    }
    Some(match (left, right) {
        (PlType::Null, other) | (other, PlType::Null) => other.clone(),
        (PlType::List(left), PlType::List(right)) => PlType::List(Box::new(supertype(left, right)?)),
        (PlType::Struct(left), PlType::Struct(right)) => PlType::Struct(fields(left, right)?),
        (PlType::Float32, PlType::Float64) | (PlType::Float64, PlType::Float32) => PlType::Float64,
        (PlType::Decimal(left, left_scale), PlType::Decimal(right, right_scale)) => {
            const MOST_DIGITS: usize = 38;
            let scale = *left_scale.max(right_scale);
            let digits = left.checked_sub(*left_scale)?.max(right.checked_sub(*right_scale)?) + scale;
            (digits <= MOST_DIGITS).then_some(PlType::Decimal(digits, scale))?
        }
        (PlType::Datetime(left_unit, left), PlType::Datetime(right_unit, right)) => {
            let unit = if left_unit == right_unit { *left_unit } else { PlUnit::Microseconds };
            let zone = match (left, right) {
                (None, None) => None,
                // A time zone changes how instants are shown, not the instants.
                (Some(_), Some(_)) => Some(if left == right { left.clone()? } else { TimeZone::UTC }),
                _ => return None,
            };
            PlType::Datetime(unit, zone)
        }
        (left, right) => return number(left, right),
    })
}

/// Returns the fields of both structs, with the supertype of each field that both have.
fn fields(left: &[PlField], right: &[PlField]) -> Option<Vec<PlField>> {
    let mut all = left.to_vec();
    for field in right {
        match all.iter_mut().find(|known| known.name == field.name) {
            Some(known) => known.dtype = supertype(&known.dtype, &field.dtype)?,
            None => all.push(field.clone()),
        }
    }
    Some(all)
}

/// Returns the numeric type that holds the values of two different ones exactly.
fn number(left: &PlType, right: &PlType) -> Option<PlType> {
    let (left_bits, left_signed) = match (integer(left), right) {
        (Some(left), _) => left,
        (None, _) if left == &PlType::Float64 => return exact_in_double(right),
        _ => return None,
    };
    let Some((right_bits, right_signed)) = integer(right) else {
        return (right == &PlType::Float64).then(|| exact_in_double(left)).flatten();
    };
    let bits = match (left_signed, right_signed) {
        (true, false) if right_bits >= left_bits => right_bits * 2,
        (false, true) if left_bits >= right_bits => left_bits * 2,
        _ => left_bits.max(right_bits),
    };
    Some(match (bits, left_signed || right_signed) {
        (16, true) => PlType::Int16,
        (32, true) => PlType::Int32,
        (64, true) => PlType::Int64,
        (16, false) => PlType::UInt16,
        (32, false) => PlType::UInt32,
        (64, false) => PlType::UInt64,
        _ => return None,
    })
}

fn exact_in_double(integer_type: &PlType) -> Option<PlType> {
    (integer(integer_type)?.0 <= 32).then_some(PlType::Float64)
}

/// Returns the number of bits of an integer type, and whether the type is signed.
fn integer(data_type: &PlType) -> Option<(u8, bool)> {
    Some(match data_type {
        PlType::Int8 => (8, true),
        PlType::Int16 => (16, true),
        PlType::Int32 => (32, true),
        PlType::Int64 => (64, true),
        PlType::UInt8 => (8, false),
        PlType::UInt16 => (16, false),
        PlType::UInt32 => (32, false),
        PlType::UInt64 => (64, false),
        _ => return None,
    })
}
