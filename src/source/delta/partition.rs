//! Parses and writes partition values, which the log holds as text.

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

/// Returns a partition value as the log writes it; `None` for null.
///
/// # Errors
/// Not every reader would read the same value.
pub(crate) fn partition_text(value: &Value, data_type: &DataType) -> Result<Option<String>, String> {
    let text = match value {
        Value::Null => return Ok(None),
        // Readers take such a time without zone only with a blank.
        Value::Timestamp { instant: false, .. } => value.to_string().replace('T', " "),
        _ => value.to_string(),
    };
    match partition_value(Some(&text), data_type) {
        Ok(read) if read == *value && *data_type != DataType::Binary => Ok(Some(text)),
        _ if text.is_empty() => Err("an empty text is null as the value of a partition".to_owned()),
        _ => Err(format!("a partition value of the type {data_type} cannot be written")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TimeUnit;

    #[test]
    fn what_is_written_is_read_again() {
        let timestamp = |zone: Option<&str>| DataType::Timestamp {
            unit: TimeUnit::Microseconds,
            zone: zone.map(str::to_owned),
        };
        let cases = [
            ("01", DataType::INT64, "1"),
            ("2024-01-31", DataType::Date, "2024-01-31"),
            ("a b/ü=1", DataType::String, "a b/ü=1"),
            ("TRUE", DataType::Boolean, "true"),
            ("1.50", DataType::Decimal { precision: 9, scale: 2 }, "1.50"),
            ("2024-01-31 10:00:00.5", timestamp(None), "2024-01-31 10:00:00.500"),
            ("2024-01-31T10:00:00Z", timestamp(Some("UTC")), "2024-01-31T10:00:00Z"),
        ];
        for (text, data_type, written) in cases {
            let value = partition_value(Some(&text.to_owned()), &data_type).unwrap();
            assert_eq!(partition_text(&value, &data_type), Ok(Some(written.to_owned())), "{text}");
        }
        assert_eq!(partition_text(&Value::Null, &DataType::Date), Ok(None));
        assert!(partition_text(&Value::String(String::new()), &DataType::String).is_err());
        assert!(partition_text(&Value::Binary(vec![97]), &DataType::Binary).is_err());
    }
}
