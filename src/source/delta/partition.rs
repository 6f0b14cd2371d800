//! Parses partition values, which the log writes as text.

use crate::data::{DataType, Literal, Value};

/// Parses a partition value; an empty text stands for null.
pub(crate) fn partition_value(text: Option<&String>, data_type: &DataType) -> Result<Value, String> {
    match (text.map(String::as_str), data_type) {
        (None | Some(""), _) => Ok(Value::Null),
        (Some(text), DataType::Boolean) if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
        (Some(text), DataType::Boolean) if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
        // Writers do not agree on how to write bytes other than ASCII.
        (Some(text), DataType::Binary) if text.is_ascii() => Ok(Value::Binary(text.as_bytes().to_vec())),
        (Some(text), _) => Literal::Plain(text.to_owned())
            .bind(data_type)
            .map_err(|error| format!("a partition value: {error}")),
    }
}
