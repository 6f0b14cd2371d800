//! The types that Delta has for the columns of Parquet files. Files that are appended as they are must store each column with
//! the type by which every reader of the table looks for it.

use delta_kernel::schema::{ArrayType, DataType, MapType, PrimitiveType, StructField, StructType};
use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::Type;

/// Returns why a file that is appended as it is would not be read by others as it is meant: by the columns that it stores, and
/// those of the table.
pub(super) fn misfit(file: &Type, table: &StructType, partitioned: &[String]) -> Result<(), String> {
    for column in table.fields().filter(|column| column.metadata().contains_key("CURRENT_DEFAULT")) {
        let is_stored = file.get_fields().iter().any(|stored| stored.name() == column.name());
        if !is_stored && !partitioned.contains(column.name()) {
            return Err(format!(
                "it lacks the column \"{}\", for which the table has a default",
                column.name()
            ));
        }
    }
    for column in file.get_fields() {
        let Some(wanted) = table.field(column.name()) else { continue };
        let found =
            delta_type(column).map_err(|reason| format!("its column \"{}\": {reason}", column.name()))?;
        if !is_alike(&found, wanted.data_type()) {
            return Err(format!(
                "its column \"{}\" is stored as {found}, and others look for {}: write it with this type",
                column.name(),
                wanted.data_type()
            ));
        }
    }
    Ok(())
}

/// Returns the columns of a table that begins with a file.
pub(super) fn columns_of(file: &Type) -> Result<Vec<StructField>, String> {
    let column = |column: &Type| {
        let name = column.name();
        if name.is_empty() || name.contains([' ', ',', ';', '{', '}', '(', ')', '\n', '\t', '=']) {
            return Err(format!("a column of a Delta table cannot be called \"{name}\""));
        }
        let of = delta_type(column).map_err(|reason| format!("its column \"{name}\": {reason}"))?;
        Ok(StructField::nullable(name, of))
    };
    file.get_fields().iter().map(|field| column(field)).collect()
}

/// Returns whether two types are the same, whatever may be null in them.
fn is_alike(one: &DataType, other: &DataType) -> bool {
    match (one, other) {
        (DataType::Struct(one), DataType::Struct(other)) => one.fields().all(|field| {
            other.field(field.name()).is_some_and(|other| is_alike(field.data_type(), other.data_type()))
        }),
        (DataType::Array(one), DataType::Array(other)) => is_alike(one.element_type(), other.element_type()),
        (DataType::Map(one), DataType::Map(other)) => {
            is_alike(one.key_type(), other.key_type()) && is_alike(one.value_type(), other.value_type())
        }
        (one, other) => one == other,
    }
}

/// Returns the type that Delta has for a column or a part of one.
fn delta_type(column: &Type) -> Result<DataType, String> {
    let info = column.get_basic_info();
    let (logical, converted) = (info.logical_type_ref(), info.converted_type());
    if info.has_repetition() && info.repetition() == Repetition::REPEATED {
        return Err("a list of a form that not every reader knows".to_owned());
    }
    if column.is_primitive() {
        return of_values(column).map(DataType::Primitive);
    }
    let fields = column.get_fields();
    match (logical, converted) {
        (Some(LogicalType::List), _) | (None, ConvertedType::LIST) => {
            match only(fields).map(Type::get_fields) {
                Some([element]) => Ok(ArrayType::new(delta_type(element)?, true).into()),
                _ => Err("a list of a form that not every reader knows".to_owned()),
            }
        }
        (Some(LogicalType::Map), _) | (None, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE) => {
            match only(fields).map(Type::get_fields) {
                Some([key, value]) => Ok(MapType::new(delta_type(key)?, delta_type(value)?, true).into()),
                _ => Err("a map of a form that not every reader knows".to_owned()),
            }
        }
        (None, ConvertedType::NONE) => {
            let parts =
                fields.iter().map(|field| Ok(StructField::nullable(field.name(), delta_type(field)?)));
            let parts = parts.collect::<Result<Vec<_>, String>>()?;
            let of = StructType::try_new(parts).map_err(|error| error.to_string())?;
            Ok(DataType::Struct(Box::new(of)))
        }
        _ => Err(NONE.to_owned()),
    }
}

fn only(fields: &[parquet::schema::types::TypePtr]) -> Option<&Type> {
    match fields {
        [only] if only.is_group() => Some(only),
        _ => None,
    }
}

/// What is said of a type that Delta lacks.
const NONE: &str = "Delta has no such type";

fn of_values(column: &Type) -> Result<PrimitiveType, String> {
    let info = column.get_basic_info();
    let decimal = |precision: i32, scale: i32| {
        let digits = |number: i32| u8::try_from(number).unwrap_or(u8::MAX);
        PrimitiveType::decimal(digits(precision), digits(scale)).map_err(|_| NONE.to_owned())
    };
    let timestamp = |is_instant: bool| {
        Ok(if is_instant { PrimitiveType::Timestamp } else { PrimitiveType::TimestampNtz })
    };
    match (info.logical_type_ref(), info.converted_type(), column.get_physical_type()) {
        (Some(LogicalType::Decimal(of)), ..) => decimal(of.precision, of.scale),
        (None, ConvertedType::DECIMAL, _) => decimal(column.get_precision(), column.get_scale()),
        (Some(LogicalType::Timestamp(of)), _, Physical::INT64) => match of.unit {
            TimeUnit::MICROS => timestamp(of.is_adjusted_to_u_t_c),
            _ => Err("a timestamp in another unit than microseconds".to_owned()),
        },
        (None, ConvertedType::TIMESTAMP_MICROS, Physical::INT64) => timestamp(true),
        (None, ConvertedType::TIMESTAMP_MILLIS, _) => {
            Err("a timestamp in another unit than microseconds".to_owned())
        }
        (None, _, Physical::INT96) => timestamp(true),
        (Some(LogicalType::Date), ..) | (None, ConvertedType::DATE, _) => Ok(PrimitiveType::Date),
        (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _, Physical::BYTE_ARRAY)
        | (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON, Physical::BYTE_ARRAY) => {
            Ok(PrimitiveType::String)
        }
        (Some(LogicalType::Integer(of)), _, Physical::INT32 | Physical::INT64) if of.is_signed => {
            match of.bit_width {
                8 => Ok(PrimitiveType::Byte),
                16 => Ok(PrimitiveType::Short),
                32 => Ok(PrimitiveType::Integer),
                64 => Ok(PrimitiveType::Long),
                _ => Err(NONE.to_owned()),
            }
        }
        (None, ConvertedType::INT_8, _) => Ok(PrimitiveType::Byte),
        (None, ConvertedType::INT_16, _) => Ok(PrimitiveType::Short),
        (None, ConvertedType::INT_32 | ConvertedType::NONE, Physical::INT32) => Ok(PrimitiveType::Integer),
        (None, ConvertedType::INT_64 | ConvertedType::NONE, Physical::INT64) => Ok(PrimitiveType::Long),
        (None, ConvertedType::NONE, Physical::FLOAT) => Ok(PrimitiveType::Float),
        (None, ConvertedType::NONE, Physical::DOUBLE) => Ok(PrimitiveType::Double),
        (None, ConvertedType::NONE, Physical::BOOLEAN) => Ok(PrimitiveType::Boolean),
        (None, ConvertedType::NONE, Physical::BYTE_ARRAY) => Ok(PrimitiveType::Binary),
        _ => Err(NONE.to_owned()),
    }
}
