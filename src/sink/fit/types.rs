//! The types of Delta columns for those of Arrow.

use arrow::datatypes::{DataType as Arrow, Field};
use delta_kernel::schema::{
    ArrayType, DataType, DecimalType, MapType, PrimitiveType, StructField, StructType,
};

/// The digits that a Delta decimal has at most.
const MOST_DIGITS: u8 = 38;

/// Returns the narrowest type of Delta that holds all values of a type, or why there is none.
pub(super) fn delta_type(of: &Arrow) -> Result<DataType, String> {
    Ok(match of {
        Arrow::Boolean => DataType::BOOLEAN,
        Arrow::Int8 => DataType::BYTE,
        Arrow::Int16 | Arrow::UInt8 => DataType::SHORT,
        Arrow::Int32 | Arrow::UInt16 => DataType::INTEGER,
        Arrow::Int64 | Arrow::UInt32 => DataType::LONG,
        Arrow::UInt64 => decimal(20, 0)?,
        Arrow::Float16 | Arrow::Float32 => DataType::FLOAT,
        Arrow::Float64 => DataType::DOUBLE,
        Arrow::Utf8 | Arrow::LargeUtf8 | Arrow::Utf8View => DataType::STRING,
        Arrow::Binary | Arrow::LargeBinary | Arrow::BinaryView | Arrow::FixedSizeBinary(_) => {
            DataType::BINARY
        }
        Arrow::Date32 | Arrow::Date64 => DataType::DATE,
        Arrow::Timestamp(_, Some(_)) => DataType::TIMESTAMP,
        Arrow::Timestamp(_, None) => DataType::TIMESTAMP_NTZ,
        Arrow::Decimal32(digits, scale)
        | Arrow::Decimal64(digits, scale)
        | Arrow::Decimal128(digits, scale)
        | Arrow::Decimal256(digits, scale) => decimal(*digits, *scale)?,
        Arrow::Dictionary(_, values) => delta_type(values)?,
        Arrow::RunEndEncoded(_, values) => delta_type(values.data_type())?,
        Arrow::List(element)
        | Arrow::LargeList(element)
        | Arrow::FixedSizeList(element, _)
        | Arrow::ListView(element)
        | Arrow::LargeListView(element) => ArrayType::new(delta_type(element.data_type())?, true).into(),
        Arrow::Struct(fields) => {
            let fields = fields.iter().map(|field| delta_field(field));
            structure(fields.collect::<Result<Vec<_>, _>>()?)?
        }
        Arrow::Map(entries, _) => match entries.data_type() {
            Arrow::Struct(fields) if fields.len() == 2 => {
                let (key, value) = (delta_type(fields[0].data_type())?, delta_type(fields[1].data_type())?);
                MapType::new(key, value, true).into()
            }
            _ => return Err(no_type(of)),
        },
        _ => return Err(no_type(of)),
    })
}

/// Returns a column that may be null, as all that are added may.
pub(super) fn delta_field(field: &Field) -> Result<StructField, String> {
    let data_type = delta_type(field.data_type())
        .map_err(|reason| if is_nested(field) { format!("{}: {reason}", field.name()) } else { reason })?;
    Ok(StructField::nullable(field.name(), data_type))
}

fn is_nested(field: &Field) -> bool {
    matches!(field.data_type(), Arrow::Struct(_))
}

fn structure(fields: Vec<StructField>) -> Result<DataType, String> {
    Ok(StructType::try_new(fields).map_err(|error| error.to_string())?.into())
}

fn no_type(of: &Arrow) -> String {
    format!("Delta has no type for {of}")
}

fn decimal(digits: u8, scale: i8) -> Result<DataType, String> {
    match u8::try_from(scale) {
        Ok(scale) if scale <= digits && digits <= MOST_DIGITS => {
            DataType::decimal(digits, scale).map_err(|error| error.to_string())
        }
        _ => Err(format!("Delta has no decimal with {digits} digits, {scale} of them behind the point")),
    }
}

/// Returns the type that a column of a table has once values of another type are written into it, or why they cannot be. Only
/// a struct changes: it gets the fields that it lacks, if the table may evolve.
pub(super) fn merged(table: &DataType, values: &DataType, evolve: bool) -> Result<DataType, String> {
    match (table, values) {
        (DataType::Struct(table), DataType::Struct(values)) => {
            Ok(merged_fields(table, values.fields(), evolve)?.into())
        }
        (DataType::Array(table), DataType::Array(values)) => {
            let element = merged(table.element_type(), values.element_type(), evolve)?;
            Ok(ArrayType::new(element, table.contains_null()).into())
        }
        (DataType::Map(table), DataType::Map(values)) => {
            let key = merged(table.key_type(), values.key_type(), false)?;
            let value = merged(table.value_type(), values.value_type(), evolve)?;
            Ok(MapType::new(key, value, table.value_contains_null()).into())
        }
        (table, values) if table == values => Ok(table.clone()),
        (DataType::Primitive(table), DataType::Primitive(values)) if holds(table, values) => {
            Ok(DataType::Primitive(table.clone()))
        }
        _ => Err(format!("it is {values}, and {table} in the table")),
    }
}

fn merged_fields<'f>(
    table: &StructType,
    values: impl Iterator<Item = &'f StructField>,
    evolve: bool,
) -> Result<StructType, String> {
    let mut fields: Vec<StructField> = table.fields().cloned().collect();
    let mut seen = vec![false; fields.len()];
    for value in values {
        let at = |error: String| format!("{}: {error}", value.name());
        let same = fields.iter().position(|field| field.name() == value.name());
        if same.is_none() && is_spelled_otherwise(&fields, value.name()) {
            return Err(at("the table spells it in other letters".to_owned()));
        }
        match same.and_then(|place| Some((fields.get_mut(place)?, seen.get_mut(place)))) {
            Some((field, seen)) => {
                field.data_type = merged(field.data_type(), value.data_type(), evolve).map_err(at)?;
                if let Some(seen) = seen {
                    *seen = true;
                }
            }
            None if evolve => fields.push(value.clone()),
            None => return Err(at("the table has no such field".to_owned())),
        }
    }
    let missing = fields.iter().zip(&seen).find(|(field, seen)| !**seen && !field.is_nullable());
    if let Some((field, _)) = missing {
        return Err(format!("it lacks {}, which must have a value", field.name()));
    }
    StructType::try_new(fields).map_err(|error| error.to_string())
}

/// Returns whether a name is there in other letters. Delta does not tell them apart.
pub(super) fn is_spelled_otherwise(fields: &[StructField], name: &str) -> bool {
    fields.iter().any(|field| field.name().to_lowercase() == name.to_lowercase() && field.name() != name)
}

/// Returns whether a type holds all values of another one.
fn holds(table: &PrimitiveType, values: &PrimitiveType) -> bool {
    use PrimitiveType::{Byte, Decimal, Double, Float, Integer, Long, Short};
    match (table, values) {
        (Short, Byte) | (Integer, Byte | Short) | (Long, Byte | Short | Integer) => true,
        (Float, Byte | Short) | (Double, Byte | Short | Integer | Float) => true,
        (Decimal(table), Byte) => has_digits(*table, 3, 0),
        (Decimal(table), Short) => has_digits(*table, 5, 0),
        (Decimal(table), Integer) => has_digits(*table, 10, 0),
        (Decimal(table), Long) => has_digits(*table, 19, 0),
        (Decimal(table), Decimal(values)) => {
            has_digits(*table, values.precision() - values.scale(), values.scale())
        }
        _ => false,
    }
}

fn has_digits(decimal: DecimalType, before: u8, behind: u8) -> bool {
    decimal.scale() >= behind && decimal.precision() - decimal.scale() >= before
}
