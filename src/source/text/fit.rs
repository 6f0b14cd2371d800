//! Converts raw values to values of a type.

use super::raw::Raw;
use super::texts::TextRules;
use crate::data::{DataType, Literal, Value};

/// Converts a raw value to a type, or returns `None` if the value does not fit.
pub(crate) fn fit(value: Raw, data_type: &DataType, rules: &TextRules) -> Option<Value> {
    match (value, data_type) {
        (Raw::Null, _) => Some(Value::Null),
        // JSON numbers keep their digits, and values of mixed kinds become text too.
        (value, DataType::String) => Some(Value::String(value.into_text())),
        (Raw::Boolean(value), DataType::Boolean) => Some(Value::Boolean(value)),
        (
            Raw::Number(digits),
            DataType::Integer { .. } | DataType::Float { .. } | DataType::Decimal { .. },
        ) => number(digits, data_type),
        (Raw::Text(text), _) if rules.may_be_all => field(&text, data_type, rules),
        (
            Raw::Text(text),
            DataType::Decimal { .. } | DataType::Date | DataType::Time | DataType::Timestamp { .. },
        ) => Literal::Text(text).bind(data_type).ok(),
        (Raw::List(items), DataType::List(of)) => {
            items.into_iter().map(|item| fit(item, of, rules)).collect::<Option<_>>().map(Value::List)
        }
        (Raw::Struct(mut fields), DataType::Struct(wanted)) => {
            let values = wanted.iter().map(|field| {
                let found = fields.iter().position(|(name, _)| *name == field.name);
                let value = found.map_or(Raw::Null, |found| fields.swap_remove(found).1);
                Some((field.name.clone(), fit(value, &field.data_type, rules)?))
            });
            let values = values.collect::<Option<_>>()?;
            fields.is_empty().then_some(Value::Struct(values))
        }
        _ => None,
    }
}

/// Converts a CSV field to a type that is not text; blanks around the value are ignored.
fn field(text: &str, data_type: &DataType, rules: &TextRules) -> Option<Value> {
    let text = text.trim_matches([' ', '\t']);
    let usual = rules.usual(text);
    let spelled = match data_type {
        DataType::Float { .. } if usual == text => non_finite(text).unwrap_or(text),
        DataType::Float { .. } => usual,
        _ => text,
    };
    number(spelled.to_owned(), data_type)
}

/// Returns the canonical spelling of NaN and infinity in the spellings of common writers.
fn non_finite(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().as_str() {
        "nan" | "+nan" | "-nan" => "NaN",
        "inf" | "+inf" | "infinity" | "+infinity" => "Infinity",
        "-inf" | "-infinity" => "-Infinity",
        _ => return None,
    })
}

fn number(text: String, data_type: &DataType) -> Option<Value> {
    // The fast path for most numbers.
    if let DataType::Integer { bits: 64, signed: true } = data_type
        && let Ok(value) = text.parse::<i64>()
    {
        return Some(Value::Integer(value.into()));
    }
    Literal::Plain(text).bind(data_type).ok()
}
