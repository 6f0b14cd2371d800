//! How values of two types are compared for equality without a loss.

use super::super::types::{in_one_type, sides};
use super::super::{Term, Typed};
use crate::data::{ColumnPath, DataType};

/// In what form two values are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fit {
    /// In a type that holds all values of both.
    Type(DataType),
    /// By all digits of the numbers, whatever their types: a double is the number that it is exactly.
    Digits,
    /// By the nanoseconds since 1970, whatever the units.
    Nanoseconds,
}

/// In what form values of two types are compared.
///
/// # Errors
/// They have nothing in common.
pub fn fit(left: &DataType, right: &DataType) -> Result<Fit, String> {
    use DataType::{Boolean, Date, Decimal, Float, Integer, Null, Timestamp};
    let apart = || format!("{left} and {right} cannot be compared");
    let comparable = |of: &DataType| of.is_comparable();
    if !comparable(left) || !comparable(right) {
        let which = if comparable(left) { right } else { left };
        return Err(format!("values of type {which} have no equality"));
    }
    Ok(match (left, right) {
        (left, right) if left == right => Fit::Type(left.clone()),
        (Null, other) | (other, Null) => Fit::Type(other.clone()),
        (Float { .. }, Float { .. }) => Fit::Type(DataType::FLOAT64),
        // 128 bits hold them all.
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
        (Date, Timestamp { .. }) | (Timestamp { .. }, Date) => {
            return Err(format!("{}; CAST the timestamp AS date", apart()));
        }
        _ => {
            let column = |of: &DataType| Typed {
                term: Term::Column(ColumnPath::column("value")),
                data_type: of.clone(),
            };
            let (common, _) = in_one_type(column(left), column(right))?;
            Fit::Type(common.data_type)
        }
    })
}

/// Two values in one type in which they are equal where a comparison of them says so.
///
/// # Errors
/// There is no such type.
pub(super) fn equal(left: Typed, right: Typed) -> Result<(Typed, Typed), String> {
    let apart = format!("{} and {}", left.data_type, right.data_type);
    let (left, right) = sides(left, right)?;
    if left.data_type != right.data_type {
        return Err(format!("{apart} cannot be looked up in each other exactly; CAST one AS the other"));
    }
    if !left.data_type.is_comparable() {
        return Err(format!("values of type {} have no equality", left.data_type));
    }
    Ok((left, right))
}
