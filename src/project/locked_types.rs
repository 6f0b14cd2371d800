//! Types as a lock writes them: all that distinguishes two of them.

use serde_json::{Value as Json, json};

use super::lock::entries;
use crate::data::{DataType, Field, TimeUnit, TypeName};
use crate::document::{Diagnostic, Node, NodeKind};

const UNITS: [TimeUnit; 3] = [TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds];

/// A type as JSON: a word, or an object for what is made of others.
pub(super) fn written_type(data_type: &DataType) -> Json {
    match data_type {
        DataType::List(of) => json!({ "list": written_type(of) }),
        DataType::Struct(fields) => {
            let field = |field: &Field| json!([field.name, written_type(&field.data_type)]);
            json!({ "struct": fields.iter().map(field).collect::<Vec<_>>() })
        }
        DataType::Timestamp { unit, zone } => json!({ "timestamp": unit.symbol(), "zone": zone }),
        DataType::Other(name) => json!({ "other": name }),
        DataType::Unread { name, reason } => json!({ "unread": name, "reason": reason }),
        other => json!(other.to_string()),
    }
}

/// Reads a type.
pub(super) fn read_type(node: &Node) -> Result<DataType, Diagnostic> {
    const WANTED: &str = "a type";
    let NodeKind::Map(keys) = &node.kind else { return word(node) };
    let first = keys.first().map(|(key, _)| key.text.as_str());
    match first {
        Some("list") => {
            let [of] = entries(node, ["list"])?;
            Ok(DataType::List(Box::new(read_type(of)?)))
        }
        Some("struct") => {
            let [fields] = entries(node, ["struct"])?;
            let fields = fields.list("a list of fields")?.iter().map(field);
            Ok(DataType::Struct(fields.collect::<Result<_, _>>()?))
        }
        Some("timestamp") => {
            let [unit, zone] = entries(node, ["timestamp", "zone"])?;
            let text = unit.text("ms, us or ns")?;
            let known = UNITS.into_iter().find(|unit| unit.symbol() == text);
            let zone = if zone.is_null() { None } else { Some(zone.text("a zone")?.to_owned()) };
            Ok(DataType::Timestamp { unit: known.ok_or_else(|| unit.expected_error("ms, us or ns"))?, zone })
        }
        Some("other") => {
            let [name] = entries(node, ["other"])?;
            Ok(DataType::Other(name.text(WANTED)?.to_owned()))
        }
        Some("unread") => {
            let [name, reason] = entries(node, ["unread", "reason"])?;
            let text = |node: &Node| node.text("a text").map(str::to_owned);
            Ok(DataType::Unread { name: text(name)?, reason: text(reason)? })
        }
        _ => Err(node.expected_error(WANTED)),
    }
}

fn field(node: &Node) -> Result<Field, Diagnostic> {
    match node.list("a name and its type")? {
        [name, data_type] => Ok(Field::new(name.scalar("a name")?.text.as_str(), read_type(data_type)?)),
        _ => Err(node.expected_error("a name and its type")),
    }
}

fn word(node: &Node) -> Result<DataType, Diagnostic> {
    let text = &node.scalar("a type")?.text;
    match TypeName::parse(text) {
        Ok(TypeName::Exact(data_type)) => Ok(data_type),
        _ => Err(node.expected_error("a type")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    #[test]
    fn every_type_is_read_as_it_was_written() {
        let text = DataType::String;
        let timestamp =
            |unit, zone: Option<&str>| DataType::Timestamp { unit, zone: zone.map(str::to_owned) };
        for data_type in [
            DataType::Null,
            DataType::Boolean,
            DataType::Integer { bits: 8, signed: false },
            DataType::INT64,
            DataType::Float { bits: 32 },
            DataType::Decimal { precision: 38, scale: 38 },
            text.clone(),
            DataType::Binary,
            DataType::Date,
            DataType::Time,
            DataType::Duration,
            timestamp(TimeUnit::Nanoseconds, Some("Europe/Stockholm")),
            timestamp(TimeUnit::Milliseconds, None),
            DataType::List(Box::new(DataType::Struct(vec![
                Field::new("a \"b\"", text.clone()),
                Field::new("", DataType::List(Box::new(text))),
            ]))),
            DataType::Other("interval".to_owned()),
            DataType::Unread { name: "variant".to_owned(), reason: "it is not known".to_owned() },
        ] {
            let written = written_type(&data_type).to_string();
            assert_eq!(read_type(&parse(&written, Syntax::Json).unwrap()), Ok(data_type), "{written}");
        }
    }
}
