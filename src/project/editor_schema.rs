//! The JSON Schema of `karat.yml`, for editors.

use serde_json::{Map, Value, json};

use super::{datasets, settings};
use crate::data::FileFormat;
use crate::document::identified;
use crate::engine::EngineName;
use crate::suite::dialect_schema;

/// Returns the JSON Schema of `karat.yml`, made from the keys that are read.
#[must_use]
pub fn editor_schema() -> Value {
    let text = || json!({"type": "string"});
    let layer = described(&settings::OF_LAYER, |name| match name {
        "fail_on" => json!({"enum": ["error", "warn"]}),
        _ => json!({"enum": ["log", "footer", "none"]}),
    });
    let properties = described(&settings::KEYS, |name| match name {
        "layers" => json!({"oneOf": [
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/layer"}},
            {"type": "array", "minItems": 1, "items": {"oneOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"$ref": "#/$defs/layer"}},
            ]}},
        ]}),
        "datasets" | "variables" | "storage_options" => json!({"$ref": format!("#/$defs/{name}")}),
        "environments" => json!({
            "type": "object",
            "additionalProperties": closed(described(&settings::OF_ENVIRONMENT, |name| {
                json!({"$ref": format!("#/$defs/{name}")})
            })),
        }),
        "history" => json!({"oneOf": [text(), required(
            closed(described(&settings::OF_HISTORY, |_| text())), &["delta"],
        )]}),
        "suites" => json!({"oneOf": [text(), {"type": "array", "minItems": 1, "items": text()}]}),
        "defaults" => closed(described(&settings::OF_DEFAULTS, |name| match name {
            "mask" => json!({"enum": ["withhold", "hash"]}),
            "vacuous" => json!({"enum": ["pass", "fail"]}),
            _ => json!({"type": "boolean"}),
        })),
        _ => text(),
    });
    let dataset = described(&datasets::KEYS, |name| match name {
        "format" => json!({"enum": FileFormat::ALL.map(FileFormat::name)}),
        "engine" => json!({"enum": EngineName::ALL.map(EngineName::name)}),
        "csv" | "schema" => dialect_schema(name),
        "storage_options" => json!({"$ref": "#/$defs/storage_options"}),
        _ => text(),
    });
    let dataset = required(closed(dataset), &["uri"]);
    let schema = json!({
        "title": "karat project",
        "description": "The settings of a project. Made from the code; do not edit.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
        "$defs": {
            "layer": closed(layer),
            "datasets": {"type": "object", "additionalProperties": {"oneOf": [text(), dataset]}},
            "variables": {
                "type": "object",
                "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
                "additionalProperties": {"type": ["string", "number", "boolean"]},
            },
            "storage_options": {
                "type": "object",
                "additionalProperties": {"type": ["string", "number", "boolean"]},
            },
        },
    });
    identified("urn:karat:project:v1", schema)
}

/// Returns the schema of each key, with the key's meaning.
fn described(keys: &[(&str, &str)], schema: impl Fn(&str) -> Value) -> Map<String, Value> {
    let entry = |(name, meaning): &(&str, &str)| {
        let mut schema = schema(name);
        schema["description"] = json!(meaning);
        ((*name).to_owned(), schema)
    };
    keys.iter().map(entry).collect()
}

/// Returns the schema of a mapping that has these keys.
fn required(mut mapping: Value, keys: &[&str]) -> Value {
    mapping["required"] = json!(keys);
    mapping
}

/// Returns the schema of a mapping that has no other keys.
fn closed(properties: Map<String, Value>) -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": Value::Object(properties)})
}
