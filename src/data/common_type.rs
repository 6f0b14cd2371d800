//! Common supertypes, in which values of two types are compared without loss.

use super::DataType;

/// Maximum precision of a decimal column.
pub(crate) const MAX_DIGITS: u8 = 38;
/// Maximum precision of a number that a predicate computes, beyond that of any column.
pub(crate) const MAX_COMPUTED: u8 = 240;
/// Maximum width, sign included, at which every integer is exact in double precision.
pub(crate) const EXACT_IN_DOUBLE: u8 = 54;

/// The way in which values of two types are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Common {
    /// In a supertype that holds every value of both.
    Type(DataType),
    /// Value by value, since no type holds every value of both.
    Exactly,
}

/// The reason why values of two types cannot be compared, as a lower-case fragment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Incomparable {
    /// The two types.
    pub message: String,
    /// A way to make them comparable.
    pub help: Option<String>,
}

impl Common {
    /// Returns how values of two types are compared. All numbers are comparable with each other; so are dates
    /// and wall-clock times, and instants, whatever their units. A date stands for its midnight.
    ///
    /// # Errors
    /// No value of one means anything beside one of the other.
    pub fn of(left: &DataType, right: &DataType) -> Result<Self, Incomparable> {
        use DataType::{Date, Duration, Null, Timestamp};
        match (left, right) {
            // The unit of a duration is not part of its type.
            (Duration, Duration) => Ok(Self::Exactly),
            (left, right) if left == right && left.is_comparable() => Ok(Self::Type(left.clone())),
            (Null, other) | (other, Null) if other.is_comparable() => Ok(Self::Type(other.clone())),
            (left, right) if left.is_numeric() && right.is_numeric() => {
                Ok(common_number(left, right).map_or(Self::Exactly, Self::Type))
            }
            (Date, Timestamp { zone: None, .. }) | (Timestamp { zone: None, .. }, Date) => Ok(Self::Exactly),
            (
                Timestamp { unit: left_unit, zone: left_zone },
                Timestamp { unit: right_unit, zone: right_zone },
            ) if left_zone.is_some() == right_zone.is_some() => {
                // A zone tells how an instant is displayed; the instant is the same in every zone.
                Ok(if left_unit == right_unit { Self::Type(left.clone()) } else { Self::Exactly })
            }
            _ => Err(incomparable(left, right)),
        }
    }
}

fn incomparable(left: &DataType, right: &DataType) -> Incomparable {
    use DataType::{Date, String, Timestamp};
    let help = match (left, right) {
        (Timestamp { .. }, Timestamp { .. }) => Some(
            "one has a time zone and the other has none: which instants the latter means is not known; \
             CAST(… AS timestamp_ntz) gives the wall clock in UTC, CAST(… AS date) the day"
                .to_owned(),
        ),
        (Date, Timestamp { .. }) | (Timestamp { .. }, Date) => {
            Some("CAST the timestamp AS date, which is its day in UTC".to_owned())
        }
        (String, other) | (other, String) if other.is_comparable() => Some(format!(
            "a text is no {other}; `schema:` gives a column of a text file its type, CAST one of a predicate"
        )),
        _ => None,
    };
    Incomparable { message: format!("{left} and {right} cannot be compared"), help }
}

/// Returns the numeric supertype that holds every value of two types, if there is one.
pub(crate) fn common_number(left: &DataType, right: &DataType) -> Option<DataType> {
    if let (Some(left), Some(right)) = (signed_bits(left), signed_bits(right)) {
        return Some(if left.max(right) <= 64 { DataType::INT64 } else { DataType::INT128 });
    }
    if let (Some((left_whole, left_scale)), Some((right_whole, right_scale))) =
        (decimal_of(left), decimal_of(right))
    {
        let (whole, scale) = (left_whole.max(right_whole), left_scale.max(right_scale));
        let fits = whole.saturating_add(scale) <= MAX_DIGITS;
        return fits.then_some(DataType::Decimal { precision: MAX_DIGITS, scale });
    }
    let in_double = |data_type: &DataType| {
        matches!(data_type, DataType::Float { .. })
            || signed_bits(data_type).is_some_and(|bits| bits <= EXACT_IN_DOUBLE)
    };
    (in_double(left) && in_double(right)).then_some(DataType::FLOAT64)
}

/// Returns the width of a signed integer that holds every value of an integer type.
pub(crate) fn signed_bits(data_type: &DataType) -> Option<u8> {
    match data_type {
        DataType::Integer { bits, signed: true } => Some(*bits),
        DataType::Integer { bits, signed: false } => Some(bits + 1),
        _ => None,
    }
}

/// Returns whether a type has more digits than a column can have, as only computed numbers do.
pub(crate) fn is_wide(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Decimal { precision, .. } if *precision > MAX_DIGITS)
}

/// Returns the numbers of digits before and after the point of an integer or a decimal type.
pub(crate) fn decimal_of(data_type: &DataType) -> Option<(u8, u8)> {
    match data_type {
        DataType::Decimal { precision, scale } => Some((precision.saturating_sub(*scale), *scale)),
        DataType::Integer { bits, .. } => {
            // log10(2) is a little above 0.301.
            let digits = (u16::from(*bits) * 302).div_ceil(1000);
            Some((u8::try_from(digits).unwrap_or(u8::MAX), 0))
        }
        _ => None,
    }
}
