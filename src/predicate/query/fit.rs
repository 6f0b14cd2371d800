//! The forms in which values of two types are compared for equality without loss.

use serde::Serialize;

use crate::data::{Common, DataType, Incomparable};

/// The form in which two values are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// In a type that holds all values of both types.
    Type(DataType),
    /// By all digits of the numbers, whatever their types; a double counts as its exact value.
    Digits,
    /// By the nanoseconds since 1970, whatever the units.
    Nanoseconds,
}

/// Returns the form in which values of two types are compared.
///
/// # Errors
/// They have nothing in common.
pub fn fit(left: &DataType, right: &DataType) -> Result<Fit, String> {
    use DataType::{Boolean, Date, Decimal, Float, Integer, Null, Timestamp};
    let comparable = |of: &DataType| of.is_comparable();
    if !comparable(left) || !comparable(right) {
        let which = if comparable(left) { right } else { left };
        return Err(format!("values of type {which} have no equality"));
    }
    Ok(match (left, right) {
        (left, right) if left == right => Fit::Type(left.clone()),
        (Null, other) | (other, Null) => Fit::Type(other.clone()),
        (Float { .. }, Float { .. }) => Fit::Type(DataType::FLOAT64),
        // 128 bits hold the values of all of these types.
        (Boolean | Integer { .. }, Boolean | Integer { .. }) => Fit::Type(DataType::INT128),
        (
            Boolean | Integer { .. } | Decimal { .. } | Float { .. },
            Boolean | Integer { .. } | Decimal { .. } | Float { .. },
        ) => Fit::Digits,
        (Timestamp { zone: left, .. }, Timestamp { zone: right, .. })
            if left.is_some() == right.is_some() =>
        {
            Fit::Nanoseconds
        }
        (Date, Timestamp { zone: None, .. }) | (Timestamp { zone: None, .. }, Date) => Fit::Nanoseconds,
        (left, right) => match Common::of(left, right) {
            Ok(Common::Type(common)) => Fit::Type(common),
            Ok(Common::Exactly) => Fit::Digits,
            Err(Incomparable { message, help }) => {
                return Err(help.map_or(message.clone(), |help| format!("{message}; {help}")));
            }
        },
    })
}
