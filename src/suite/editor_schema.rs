//! The JSON Schema of suites, for editors, made of the catalogue.

use serde_json::{Map, Value, json};

use super::{Layer, Severity, options, read};
use crate::expectation::{Definition, Nature, ParameterKind, Scope, all};

/// The JSON Schema (draft 2020-12) of a suite file.
#[must_use]
pub fn editor_schema() -> Value {
    let mut definitions = Map::new();
    for place in [Scope::Column, Scope::Table] {
        for definition in fitting(place) {
            definitions.insert(name_in(place, definition), arguments(definition, place));
        }
    }
    definitions.insert(
        "limit".to_owned(),
        json!({
            "type": "string",
            "pattern": "^\\s*>=?\\s*[0-9.]+\\s*%?\\s*$",
            "examples": ["> 0", ">= 10", "> 0.1 %"],
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "karat suite",
        "description": "What a table must be. Made from the code; do not edit.",
        "type": "object",
        "required": ["suite"],
        "additionalProperties": false,
        "properties": properties(),
        "$defs": definitions,
    })
}

fn properties() -> Value {
    let text = || json!({"type": "string"});
    let names = || json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
    let mut properties = Map::new();
    for (name, meaning) in read::KEYS {
        let mut property = match name {
            "layer" => json!({"enum": Layer::ALL.map(Layer::name)}),
            "key" | "pii" => names(),
            "columns" => json!({"type": "object", "additionalProperties": items(Scope::Column)}),
            "table" => items(Scope::Table),
            _ => text(),
        };
        property["description"] = json!(meaning);
        properties.insert(name.to_owned(), property);
    }
    Value::Object(properties)
}

/// A list of checks that may stand in a place.
fn items(place: Scope) -> Value {
    let alone: Vec<_> = fitting(place)
        .filter(|definition| !definition.parameters_on(place).any(|parameter| parameter.required))
        .map(|definition| definition.id)
        .collect();
    let mut forms = vec![json!({"enum": alone})];
    forms.extend(fitting(place).map(|definition| item(definition, place)));
    json!({"type": "array", "minItems": 1, "items": {"anyOf": forms}})
}

fn fitting(place: Scope) -> impl Iterator<Item = &'static Definition> {
    let fits = move |definition: &&Definition| definition.scope == place || definition.scope == Scope::Either;
    all().iter().copied().filter(fits)
}

/// What the arguments of an expectation are called in the schema; they may differ by the place.
fn name_in(place: Scope, definition: &Definition) -> String {
    let place = if place == Scope::Column { "column" } else { "table" };
    format!("{place}.{}", definition.id)
}

/// A check of one expectation with its options.
fn item(definition: &Definition, place: Scope) -> Value {
    let mut properties = Map::new();
    properties.insert(
        definition.id.to_owned(),
        json!({"$ref": format!("#/$defs/{}", name_in(place, definition)), "description": definition.summary}),
    );
    for (name, meaning) in options::NAMES {
        let of_rows = matches!(name, "mostly" | "warn_if" | "fail_if" | "samples");
        let fits = match definition.nature {
            Nature::Rows => true,
            Nature::Measured => !of_rows,
            Nature::Schema => !of_rows && name != "where",
        };
        if fits {
            let mut option = option(name);
            option["description"] = json!(meaning);
            properties.insert(name.to_owned(), option);
        }
    }
    json!({
        "type": "object",
        "required": [definition.id],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn option(name: &str) -> Value {
    match name {
        "mostly" => json!({"type": "number", "minimum": 0, "maximum": 1}),
        "warn_if" | "fail_if" => json!({"$ref": "#/$defs/limit"}),
        "severity" => json!({"enum": Severity::NAMES.map(|(name, _)| name)}),
        "tags" => json!({"type": "array", "items": {"type": "string"}}),
        "samples" => json!({"type": "integer", "minimum": 0}),
        _ => json!({"type": "string"}),
    }
}

/// What an expectation takes: its parameters by name, or the bare one.
fn arguments(definition: &Definition, place: Scope) -> Value {
    let mut properties = Map::new();
    for parameter in definition.parameters_on(place) {
        let mut schema = kind(parameter.kind);
        schema["description"] = json!(parameter.meaning);
        properties.insert(parameter.name.to_owned(), schema);
    }
    let required: Vec<_> = definition
        .parameters_on(place)
        .filter(|parameter| parameter.required)
        .map(|parameter| parameter.name)
        .collect();
    let by_name = json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    });
    let bare = definition.bare_parameter(place).map(|parameter| kind(parameter.kind));
    let mut forms = vec![by_name];
    forms.extend(bare);
    if required.is_empty() {
        forms.push(json!({"type": "null"}));
    }
    json!({"description": definition.summary, "anyOf": forms})
}

fn kind(kind: ParameterKind) -> Value {
    let scalar = || json!({"type": ["string", "number", "boolean"]});
    match kind {
        ParameterKind::Literal => scalar(),
        ParameterKind::Literals => json!({"type": "array", "items": scalar()}),
        ParameterKind::Pairs => {
            let part = json!({"type": ["string", "number", "boolean", "null"]});
            json!({"type": "array", "items": {"type": "array", "items": part, "minItems": 2, "maxItems": 2}})
        }
        ParameterKind::Number => json!({"type": "number"}),
        ParameterKind::Count => json!({"type": "integer", "minimum": 0}),
        ParameterKind::Boolean => json!({"type": "boolean"}),
        ParameterKind::Text | ParameterKind::Column | ParameterKind::Duration => json!({"type": "string"}),
        // The type `null` is what YAML calls nothing.
        ParameterKind::Type => json!({"type": ["string", "null"]}),
        ParameterKind::Types => {
            json!({"type": "array", "minItems": 1, "items": {"type": ["string", "null"]}})
        }
        ParameterKind::Columns => json!({"type": "array", "minItems": 1, "items": {"type": "string"}}),
        ParameterKind::Choice(words) => json!({"enum": words}),
        ParameterKind::Numbers => json!({
            "type": ["object", "array"],
            "items": {"type": "number"},
            "additionalProperties": {"type": "number"},
        }),
        ParameterKind::Bins => {
            let values = json!({"type": "array", "minItems": 1, "items": scalar()});
            json!({"type": "array", "minItems": 1, "items": {"anyOf": [{"type": ["number", "string"]}, values]}})
        }
        ParameterKind::Partition => {
            // An infinity is a text to JSON.
            let numbers = json!({"type": "array", "minItems": 1, "items": {"type": ["number", "string"]}});
            let weights = json!({"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}});
            let mut tails = weights.clone();
            tails["minItems"] = json!(2);
            tails["maxItems"] = json!(2);
            json!({
                "type": "object",
                "additionalProperties": false,
                "required": ["weights"],
                "oneOf": [{"required": ["bins"]}, {"required": ["values"]}],
                "properties": {
                    "bins": numbers,
                    "values": {"type": "array", "minItems": 1, "items": scalar()},
                    "weights": weights,
                    "tail_weights": tails,
                },
            })
        }
        ParameterKind::QuantileRanges => json!({
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["at"],
                "properties": {
                    "at": {"type": "number", "minimum": 0, "maximum": 1},
                    "min": {"type": ["number", "string"]},
                    "max": {"type": ["number", "string"]},
                },
            },
        }),
    }
}
