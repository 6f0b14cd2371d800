//! Writes values as Great Expectations does: integers with all digits, decimals as doubles, timestamps with
//! an offset.

use serde_json::{Number, Value as Json};

use crate::data::Value;

/// Returns a value as JSON. A number that JSON cannot hold is text, as in karat's own report.
pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::Integer(whole) => whole_number(*whole),
        Value::Float(_) | Value::Decimal(_) | Value::Exact(_) => {
            let number = value.as_f64().and_then(Number::from_f64);
            number.map_or_else(|| value.to_json(), Json::Number)
        }
        Value::Timestamp { instant: true, .. } => {
            let text = value.to_string();
            let utc = text.strip_suffix('Z').map(|local| format!("{local}+00:00"));
            Json::String(utc.unwrap_or(text))
        }
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Struct(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), json(value))).collect())
        }
        other => other.to_json(),
    }
}

fn whole_number(whole: i128) -> Json {
    match (i64::try_from(whole), u64::try_from(whole)) {
        (Ok(small), _) => small.into(),
        (_, Ok(large)) => large.into(),
        _ => Json::String(whole.to_string()),
    }
}
