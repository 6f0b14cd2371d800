//! The names of the JSON Schemas that karat prints.

use serde_json::{Map, Value};

/// A schema of the version of JSON Schema that all of them are written in, under the name by which others may refer to it.
pub(crate) fn identified(id: &str, schema: Value) -> Value {
    let mut identified = Map::new();
    identified.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    identified.insert("$id".to_owned(), id.into());
    if let Value::Object(rest) = schema {
        identified.extend(rest);
    }
    Value::Object(identified)
}
