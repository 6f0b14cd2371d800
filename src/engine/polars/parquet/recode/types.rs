//! Maps the types of Parquet that the engine lacks to types of the dataset.

use arrow::datatypes::{DataType as ArrowType, TimeUnit as ArrowUnit};
use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::schema::types::Type;

use crate::data::{DataType, TimeUnit};

/// The maximum precision of decimals that are read.
pub(super) const MOST_DIGITS: u8 = 38;

/// Returns the type of single values in the dataset. For a type `Other`, only the nulls are read.
pub(super) fn of_values(data_type: &ArrowType) -> DataType {
    let integer = |bits, signed| DataType::Integer { bits, signed };
    match data_type {
        ArrowType::Boolean => DataType::Boolean,
        ArrowType::Int8 => integer(8, true),
        ArrowType::Int16 => integer(16, true),
        ArrowType::Int32 => integer(32, true),
        ArrowType::Int64 => integer(64, true),
        ArrowType::UInt8 => integer(8, false),
        ArrowType::UInt16 => integer(16, false),
        ArrowType::UInt32 => integer(32, false),
        ArrowType::UInt64 => integer(64, false),
        ArrowType::Float16 | ArrowType::Float32 => DataType::Float { bits: 32 },
        ArrowType::Float64 => DataType::FLOAT64,
        ArrowType::Utf8 => DataType::String,
        ArrowType::Binary | ArrowType::FixedSizeBinary(_) => DataType::Binary,
        ArrowType::Date32 => DataType::Date,
        ArrowType::Time32(_) | ArrowType::Time64(_) => DataType::Time,
        ArrowType::Duration(_) => DataType::Duration,
        ArrowType::Timestamp(unit, zone) => DataType::Timestamp {
            unit: match unit {
                ArrowUnit::Second | ArrowUnit::Millisecond => TimeUnit::Milliseconds,
                ArrowUnit::Microsecond => TimeUnit::Microseconds,
                ArrowUnit::Nanosecond => TimeUnit::Nanoseconds,
            },
            zone: zone.as_ref().map(ToString::to_string),
        },
        ArrowType::Decimal128(precision, scale) | ArrowType::Decimal256(precision, scale) => {
            match u8::try_from(*scale) {
                Ok(scale) if *precision <= MOST_DIGITS && scale <= *precision => {
                    DataType::Decimal { precision: *precision, scale }
                }
                _ => DataType::Other(format!("decimal({precision},{scale})")),
            }
        }
        ArrowType::Interval(_) => DataType::Other("interval".to_owned()),
        ArrowType::Dictionary(_, of) => of_values(of),
        ArrowType::Null => DataType::Null,
        other => DataType::Other(other.to_string().to_lowercase()),
    }
}

/// Returns the name of the type of a column that is not read at all.
pub(super) fn type_name(column: &Type) -> String {
    let info = column.get_basic_info();
    if column.is_group() {
        return match (info.logical_type_ref(), info.converted_type()) {
            (Some(LogicalType::List), _) | (None, ConvertedType::LIST) => "list".to_owned(),
            (Some(LogicalType::Map), _) | (None, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE) => {
                "map".to_owned()
            }
            (Some(LogicalType::Variant(_)), _) => "variant".to_owned(),
            _ => "struct".to_owned(),
        };
    }
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::Decimal(of)), _) => format!("decimal({},{})", of.precision, of.scale),
        (None, ConvertedType::DECIMAL) => {
            format!("decimal({},{})", column.get_precision(), column.get_scale())
        }
        (Some(LogicalType::Integer(of)), _) => {
            format!("{}int{}", if of.is_signed { "" } else { "u" }, of.bit_width)
        }
        (Some(LogicalType::String), _) | (None, ConvertedType::UTF8) => "string".to_owned(),
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => "date".to_owned(),
        (Some(LogicalType::Time(_)), _) => "time".to_owned(),
        (Some(LogicalType::Timestamp(_)), _) => "timestamp".to_owned(),
        (Some(LogicalType::Uuid), _) => "uuid".to_owned(),
        (None, ConvertedType::INTERVAL) => "interval".to_owned(),
        (None, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => "time".to_owned(),
        (None, ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS) => "timestamp".to_owned(),
        (None, converted) if converted != ConvertedType::NONE => {
            converted.to_string().to_lowercase().replace("int_", "int")
        }
        _ => match column.get_physical_type() {
            Physical::BOOLEAN => "boolean",
            Physical::INT32 => "int32",
            Physical::INT64 => "int64",
            Physical::INT96 => "timestamp",
            Physical::FLOAT => "float32",
            Physical::DOUBLE => "float64",
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => "binary",
        }
        .to_owned(),
    }
}
