//! Converts Polars' types to karat's.

use polars::prelude::{DataType as PlType, Schema as PlSchema, TimeUnit as PlUnit};

use crate::data::{DataType, Field, Schema, TimeUnit};

/// Converts the schema of a frame.
pub(super) fn schema_of(schema: &PlSchema) -> Schema {
    let fields =
        schema.iter().map(|(name, data_type)| Field::new(name.as_str(), type_of(data_type))).collect();
    Schema { fields }
}

/// Converts a type of Polars to karat's.
pub(super) fn type_of(data_type: &PlType) -> DataType {
    let integer = |bits, signed| DataType::Integer { bits, signed };
    match data_type {
        PlType::Null => DataType::Null,
        PlType::Boolean => DataType::Boolean,
        PlType::Int8 => integer(8, true),
        PlType::Int16 => integer(16, true),
        PlType::Int32 => integer(32, true),
        PlType::Int64 => integer(64, true),
        PlType::Int128 => integer(128, true),
        PlType::UInt8 => integer(8, false),
        PlType::UInt16 => integer(16, false),
        PlType::UInt32 => integer(32, false),
        PlType::UInt64 => integer(64, false),
        PlType::Float32 => DataType::Float { bits: 32 },
        PlType::Float64 => DataType::FLOAT64,
        PlType::Decimal(precision, scale) => match (u8::try_from(*precision), u8::try_from(*scale)) {
            (Ok(precision), Ok(scale)) => DataType::Decimal { precision, scale },
            _ => DataType::Other(data_type.to_string()),
        },
        PlType::String => DataType::String,
        PlType::Binary => DataType::Binary,
        PlType::Date => DataType::Date,
        PlType::Time => DataType::Time,
        PlType::Duration(_) => DataType::Duration,
        PlType::Datetime(unit, zone) => DataType::Timestamp {
            unit: match unit {
                PlUnit::Milliseconds => TimeUnit::Milliseconds,
                PlUnit::Microseconds => TimeUnit::Microseconds,
                PlUnit::Nanoseconds => TimeUnit::Nanoseconds,
            },
            zone: zone.as_ref().map(ToString::to_string),
        },
        PlType::List(of) => DataType::List(Box::new(type_of(of))),
        PlType::Struct(fields) => DataType::Struct(
            fields.iter().map(|field| Field::new(field.name.as_str(), type_of(&field.dtype))).collect(),
        ),
        other => DataType::Other(other.to_string()),
    }
}
