//! Converts a column from the type that a file stores to the type of the table.

use polars::prelude::{
    Column, DataType as PlType, Expr, Literal as _, NULL, PolarsResult, TimeUnit as PlUnit, as_struct,
    element, lit, polars_bail, when,
};

use crate::engine::polars::expression::computed;
use crate::engine::polars::types::type_of;

/// A type, with the names that nested fields have in files and in the table.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    /// The type with the names in files; null where the values are not read.
    pub(super) stored: &'a PlType,
    /// The type with the names in the table; boolean where the values are not read.
    pub(super) named: &'a PlType,
}

/// Returns the expression that converts values to another type, or the reason why that would lose
/// information.
pub(super) fn convert(value: Expr, found: &PlType, wanted: Target<'_>) -> Result<Expr, String> {
    if found == wanted.named {
        return Ok(value);
    }
    match (found, wanted.stored, wanted.named) {
        (PlType::Struct(found), PlType::Struct(stored), PlType::Struct(named)) => {
            let mut fields = Vec::with_capacity(named.len());
            for (stored, named) in stored.iter().zip(named) {
                let field = match found.iter().find(|field| field.name == stored.name) {
                    Some(field) => {
                        let value = value.clone().struct_().field_by_name(&field.name);
                        let target = Target { stored: &stored.dtype, named: &named.dtype };
                        convert(value, &field.dtype, target)
                            .map_err(|reason| format!("{}: {reason}", named.name))?
                    }
                    None => NULL.lit().cast(named.dtype.clone()),
                };
                fields.push(field.alias(named.name.clone()));
            }
            let absent = NULL.lit().cast(wanted.named.clone());
            Ok(when(value.is_not_null()).then(as_struct(fields)).otherwise(absent))
        }
        (PlType::List(found), PlType::List(stored), PlType::List(named)) => {
            Ok(value.list().eval(convert(element(), found, Target { stored, named })?))
        }
        (PlType::Array(item, _), PlType::List(_), PlType::List(_)) => {
            let list = PlType::List(item.clone());
            convert(value.strict_cast(list.clone()), &list, wanted)
        }
        (PlType::Datetime(PlUnit::Nanoseconds, _), _, PlType::Datetime(PlUnit::Microseconds, _)) => {
            Ok(computed(value, None, whole_microseconds).strict_cast(wanted.named.clone()))
        }
        // Of a value that is not read, only the presence is known.
        (_, PlType::Null, PlType::Boolean) => {
            Ok(when(value.is_not_null()).then(lit(true)).otherwise(NULL.lit()))
        }
        (found, _, named) if widens(found, named) => Ok(value.strict_cast(named.clone())),
        (found, _, named) => Err(format!("{} is stored, and {} expected", type_of(found), type_of(named))),
    }
}

/// Truncates instants to microseconds; fails if one falls between two.
fn whole_microseconds(values: &Column) -> PolarsResult<Column> {
    let physical = values.as_materialized_series().to_physical_repr().into_owned();
    if physical.i64()?.iter().flatten().any(|instant| instant % 1000 != 0) {
        polars_bail!(ComputeError: "the column \"{}\" holds nanoseconds, which are lost in microseconds", values.name());
    }
    Ok(values.clone())
}

/// Returns whether a type holds all values of another one.
fn widens(found: &PlType, wanted: &PlType) -> bool {
    match (found, wanted) {
        (PlType::Null, _) | (PlType::Categorical(..) | PlType::Enum(..) | PlType::Binary, PlType::String) => {
            true
        }
        (PlType::Date, PlType::Datetime(_, None)) => true,
        // Writers differ in the unit, and in whether they mark UTC. The table defines microseconds.
        (PlType::Datetime(..), PlType::Datetime(PlUnit::Microseconds, _)) => true,
        (PlType::Float32, PlType::Float64) => true,
        (PlType::Decimal(digits, scale), PlType::Decimal(most_digits, most_scale)) => {
            most_scale >= scale && most_digits - most_scale >= digits - scale
        }
        (found, wanted) => match (integer(found), wanted) {
            (Some((bits, _, _)), PlType::Float64) => bits <= 32,
            (Some((_, _, digits)), PlType::Decimal(most_digits, scale)) => most_digits - scale >= digits,
            (Some((bits, signed, _)), wanted) => {
                integer(wanted).is_some_and(|(most_bits, wanted_signed, _)| {
                    (signed == wanted_signed && most_bits >= bits) || (wanted_signed && most_bits > bits)
                })
            }
            (None, _) => false,
        },
    }
}

/// Returns the number of bits of an integer type, whether it is signed, and the number of decimal digits that
/// hold all its values.
fn integer(data_type: &PlType) -> Option<(u8, bool, usize)> {
    Some(match data_type {
        PlType::Int8 => (8, true, 3),
        PlType::Int16 => (16, true, 5),
        PlType::Int32 => (32, true, 10),
        PlType::Int64 => (64, true, 19),
        PlType::UInt8 => (8, false, 3),
        PlType::UInt16 => (16, false, 5),
        PlType::UInt32 => (32, false, 10),
        PlType::UInt64 => (64, false, 20),
        _ => return None,
    })
}
