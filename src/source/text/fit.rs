//! A value as it was read → the value of a type.

use crate::data::{DataType, Literal, Value};

/// The value of the type that a field of CSV is; nothing if it is none.
pub(super) fn field(text: String, data_type: &DataType) -> Option<Value> {
    match data_type {
        DataType::String => Some(Value::String(text)),
        // As most numbers are written.
        DataType::Integer { bits: 64, signed: true } if let Ok(value) = text.parse::<i64>() => {
            Some(Value::Integer(value.into()))
        }
        _ => Literal::Plain(text).bind(data_type).ok(),
    }
}

/// The value of the type that a value of JSON is; nothing if it is none.
pub(super) fn json(value: Value, data_type: &DataType) -> Option<Value> {
    match (value, data_type) {
        (Value::Null, _) => Some(Value::Null),
        (value @ Value::Boolean(_), DataType::Boolean) | (value @ Value::String(_), DataType::String) => {
            Some(value)
        }
        (
            Value::Integer(value),
            DataType::Integer { .. } | DataType::Float { .. } | DataType::Decimal { .. },
        ) => number(&value.to_string(), data_type),
        (Value::Float(value), DataType::Float { .. } | DataType::Decimal { .. }) => {
            number(&value.0.to_string(), data_type)
        }
        (
            Value::String(text),
            DataType::Decimal { .. } | DataType::Date | DataType::Time | DataType::Timestamp { .. },
        ) => Literal::Text(text).bind(data_type).ok(),
        (Value::List(items), DataType::List(of)) => {
            items.into_iter().map(|item| json(item, of)).collect::<Option<_>>().map(Value::List)
        }
        (Value::Struct(fields), DataType::String) if fields.is_empty() => {
            Some(Value::String("{}".to_owned()))
        }
        (Value::Struct(mut fields), DataType::Struct(wanted)) => {
            let values = wanted.iter().map(|field| {
                let found = fields.iter().position(|(name, _)| *name == field.name);
                let value = found.map_or(Value::Null, |found| fields.swap_remove(found).1);
                Some((field.name.clone(), json(value, &field.data_type)?))
            });
            let values = values.collect::<Option<_>>()?;
            fields.is_empty().then_some(Value::Struct(values))
        }
        _ => None,
    }
}

/// A whole number that a double does not hold is none.
fn number(text: &str, data_type: &DataType) -> Option<Value> {
    let value = Literal::Number(text.to_owned()).bind(data_type).ok()?;
    match (&value, text.parse::<i128>()) {
        (Value::Float(_), Ok(whole)) if value.compare(&Value::Integer(whole))?.is_ne() => None,
        _ => Some(value),
    }
}
