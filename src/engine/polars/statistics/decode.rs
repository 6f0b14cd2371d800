//! Decodes single values, as footers and dictionaries store them, to values of the table's type.

use polars::prelude::{DataType as PlType, TimeUnit as PlUnit};
use polars_parquet_format::{ConvertedType, LogicalType, SchemaElement, TimeUnit as StoredUnit, Type};

use super::writer::StatisticsOrder;
use crate::data::{DataType, Decimal, TimeUnit, Value};

/// The stored form of a column, and its type in the table.
#[derive(Clone, Copy)]
pub(super) struct ColumnDecoder<'a> {
    /// The column's element in the schema of the file.
    pub(super) element: &'a SchemaElement,
    /// The type to which the engine decodes the column.
    pub(super) decoded: &'a PlType,
    /// The type in the table.
    pub(super) wanted: &'a DataType,
}

impl ColumnDecoder<'_> {
    /// Returns the order in which the column is compared for statistics.
    pub(super) fn order(&self) -> StatisticsOrder {
        let physical = self.element.type_;
        let bytes = matches!(physical, Some(Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY));
        match self.decoded {
            PlType::Boolean => StatisticsOrder::Boolean,
            PlType::Int8 | PlType::Int16 | PlType::Int32 | PlType::Int64 => StatisticsOrder::Signed,
            PlType::Date | PlType::Time | PlType::Datetime(..) if !self.is_int96() => StatisticsOrder::Signed,
            PlType::UInt32 if physical == Some(Type::INT32) => StatisticsOrder::UnsignedFull,
            PlType::UInt64 => StatisticsOrder::UnsignedFull,
            PlType::UInt8 | PlType::UInt16 | PlType::UInt32 => StatisticsOrder::Unsigned,
            PlType::Decimal(..) if bytes => StatisticsOrder::DecimalBytes,
            PlType::Decimal(..) => StatisticsOrder::Decimal,
            // The order of intervals is not defined.
            _ if self.element.converted_type == Some(ConvertedType::INTERVAL) => StatisticsOrder::Unordered,
            PlType::String | PlType::Categorical(..) | PlType::Enum(..) | PlType::Binary if bytes => {
                StatisticsOrder::Bytes
            }
            // Statistics of floats leave out NaN.
            _ => StatisticsOrder::Unordered,
        }
    }

    /// Returns whether the column holds timestamps of 96 bits, which have no defined order.
    fn is_int96(&self) -> bool {
        self.element.type_ == Some(Type::INT96)
    }

    /// Returns whether the scan gives a value for every stored value, and never an error. Other conversions
    /// fail where a value would change.
    pub(super) fn converts(&self) -> bool {
        let integer = |decoded: &PlType| decoded.is_integer();
        match (self.decoded, self.wanted) {
            (PlType::Datetime(..), DataType::Timestamp { .. }) if self.is_int96() => true,
            (PlType::Datetime(unit, _), DataType::Timestamp { unit: wanted, .. }) => {
                nanoseconds(*unit) == wanted.nanoseconds()
            }
            (PlType::Boolean, DataType::Boolean)
            | (PlType::Date, DataType::Date)
            | (PlType::Time, DataType::Time)
            | (PlType::Duration(_), DataType::Duration)
            | (PlType::Float32 | PlType::Float64, DataType::Float { .. })
            | (PlType::Decimal(..), DataType::Decimal { .. })
            | (PlType::String | PlType::Categorical(..) | PlType::Enum(..), DataType::String)
            | (PlType::Binary, DataType::Binary) => true,
            (decoded, DataType::Integer { .. } | DataType::Decimal { .. } | DataType::Float { .. }) => {
                integer(decoded)
            }
            _ => false,
        }
    }

    /// Decodes a value. Returns `None` if the column cannot hold these bytes.
    pub(super) fn value(&self, bytes: &[u8]) -> Option<Value> {
        match (self.decoded, self.wanted) {
            (PlType::Boolean, DataType::Boolean) => match bytes {
                [0] => Some(Value::Boolean(false)),
                [1] => Some(Value::Boolean(true)),
                _ => None,
            },
            (PlType::Date, DataType::Date) => i32::try_from(self.whole(bytes)?).ok().map(Value::Date),
            (PlType::Time, DataType::Time) => {
                const DAY: i128 = 86_400_000_000_000;
                let nanoseconds = self.whole(bytes)?.checked_mul(self.unit()?.nanoseconds())?;
                let within = (0..DAY).contains(&nanoseconds);
                i64::try_from(nanoseconds).ok().filter(|_| within).map(Value::Time)
            }
            (PlType::Datetime(unit, _), DataType::Timestamp { zone, .. }) => {
                // The engine takes the unit from Arrow's schema, if there is one.
                let step = self.unit()?.nanoseconds();
                let nanoseconds = self.whole(bytes)?.checked_mul(step)?;
                let same = step == self::nanoseconds(*unit);
                same.then_some(Value::Timestamp { nanoseconds, instant: zone.is_some() })
            }
            (PlType::Decimal(_, scale), DataType::Decimal { .. }) => {
                let scale =
                    u8::try_from(*scale).ok().filter(|scale| self.scale() == Some(i32::from(*scale)))?;
                self.number(Decimal { unscaled: self.whole(bytes)?, scale })
            }
            (PlType::String | PlType::Categorical(..) | PlType::Enum(..), DataType::String) => {
                String::from_utf8(self.bytes(bytes)?.to_vec()).ok().map(Value::String)
            }
            (PlType::Float32, DataType::Float { .. }) if self.element.type_ == Some(Type::FLOAT) => {
                Some(Value::float(f32::from_le_bytes(bytes.try_into().ok()?).into()))
            }
            (PlType::Float64, DataType::Float { .. }) if self.element.type_ == Some(Type::DOUBLE) => {
                Some(Value::float(f64::from_le_bytes(bytes.try_into().ok()?)))
            }
            (PlType::Binary, DataType::Binary) => Some(Value::Binary(self.bytes(bytes)?.to_vec())),
            (decoded, _) => {
                let whole = self.whole(bytes)?;
                let held = range(decoded)?;
                // The engine wraps a value around that the narrower type does not hold.
                held.contains(&whole).then_some(())?;
                self.number(Decimal { unscaled: whole, scale: 0 })
            }
        }
    }

    /// Decodes an integer as it is stored.
    fn whole(&self, bytes: &[u8]) -> Option<i128> {
        let whole = match (self.element.type_?, bytes.len()) {
            (Type::INT32, 4) => i128::from(i32::from_le_bytes(bytes.try_into().ok()?)),
            (Type::INT64, 8) => i128::from(i64::from_le_bytes(bytes.try_into().ok()?)),
            (Type::FIXED_LEN_BYTE_ARRAY, length @ 1..=16)
                if i32::try_from(length).ok() == self.element.type_length =>
            {
                let sign = if bytes[0] & 0x80 == 0 { 0 } else { -1 };
                bytes.iter().fold(sign, |whole: i128, byte| whole << 8 | i128::from(*byte))
            }
            _ => return None,
        };
        match bytes.len() {
            4 if self.is_unsigned() => Some(whole & i128::from(u32::MAX)),
            8 if self.is_unsigned() => Some(whole & i128::from(u64::MAX)),
            _ => Some(whole),
        }
    }

    fn bytes<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        match self.element.type_? {
            Type::BYTE_ARRAY => Some(bytes),
            Type::FIXED_LEN_BYTE_ARRAY => {
                (i32::try_from(bytes.len()).ok() == self.element.type_length).then_some(bytes)
            }
            _ => None,
        }
    }

    /// Converts a number to the column's type in the table, if that type holds it exactly.
    fn number(&self, number: Decimal) -> Option<Value> {
        match self.wanted {
            DataType::Integer { .. } => (number.scale == 0).then_some(Value::Integer(number.unscaled)),
            DataType::Decimal { scale, .. } => match number.floor_to(*scale)? {
                (unscaled, true) => Some(Value::Decimal(Decimal { unscaled, scale: *scale })),
                (_, false) => None,
            },
            _ => None,
        }
    }

    /// Returns whether the file states that the column's integers are unsigned, and so compared as unsigned.
    pub(super) fn is_unsigned(&self) -> bool {
        match (&self.element.logical_type, self.element.converted_type) {
            (Some(LogicalType::INTEGER(integer)), _) => !integer.is_signed,
            (Some(_), _) => false,
            (None, converted) => matches!(
                converted,
                Some(
                    ConvertedType::UINT_8
                        | ConvertedType::UINT_16
                        | ConvertedType::UINT_32
                        | ConvertedType::UINT_64
                )
            ),
        }
    }

    /// Returns the unit of the column's times or timestamps.
    fn unit(&self) -> Option<TimeUnit> {
        match (&self.element.logical_type, self.element.converted_type) {
            (Some(LogicalType::TIMESTAMP(of)), _) => Some(unit_of(&of.unit)),
            (Some(LogicalType::TIME(of)), _) => Some(unit_of(&of.unit)),
            (Some(_), _) => None,
            (None, Some(ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIME_MILLIS)) => {
                Some(TimeUnit::Milliseconds)
            }
            (None, Some(ConvertedType::TIMESTAMP_MICROS | ConvertedType::TIME_MICROS)) => {
                Some(TimeUnit::Microseconds)
            }
            (None, _) => None,
        }
    }

    /// Returns the scale of the column's decimals.
    fn scale(&self) -> Option<i32> {
        match (&self.element.logical_type, self.element.converted_type) {
            (Some(LogicalType::DECIMAL(of)), _) => Some(of.scale),
            (None, Some(ConvertedType::DECIMAL)) => Some(self.element.scale.unwrap_or(0)),
            _ => None,
        }
    }
}

fn unit_of(unit: &StoredUnit) -> TimeUnit {
    match unit {
        StoredUnit::MILLIS(_) => TimeUnit::Milliseconds,
        StoredUnit::MICROS(_) => TimeUnit::Microseconds,
        StoredUnit::NANOS(_) => TimeUnit::Nanoseconds,
    }
}

/// Returns the number of nanoseconds in a unit.
fn nanoseconds(unit: PlUnit) -> i128 {
    match unit {
        PlUnit::Milliseconds => 1_000_000,
        PlUnit::Microseconds => 1_000,
        PlUnit::Nanoseconds => 1,
    }
}

/// Returns the range of integers that a type holds.
fn range(decoded: &PlType) -> Option<std::ops::RangeInclusive<i128>> {
    Some(match decoded {
        PlType::Int8 => i8::MIN.into()..=i8::MAX.into(),
        PlType::Int16 => i16::MIN.into()..=i16::MAX.into(),
        PlType::Int32 => i32::MIN.into()..=i32::MAX.into(),
        PlType::Int64 => i64::MIN.into()..=i64::MAX.into(),
        PlType::UInt8 => 0..=u8::MAX.into(),
        PlType::UInt16 => 0..=u16::MAX.into(),
        PlType::UInt32 => 0..=u32::MAX.into(),
        PlType::UInt64 => 0..=u64::MAX.into(),
        _ => return None,
    })
}
