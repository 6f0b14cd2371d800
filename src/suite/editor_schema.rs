//! Builds the JSON Schema of suites, for editors, from the catalogue and its packs.

use serde_json::{Map, Value, json};

use super::{Catalogue, Layers, OnFail, Severity, dialect, options, read};
use crate::data::FileFormat;
use crate::document::identified;
use crate::expectation::{Nature, ParameterKind, Scope, all};

/// Returns the JSON Schema (draft 2020-12) of a suite file.
#[must_use]
pub fn editor_schema() -> Value {
    let mut definitions = Map::new();
    for place in [Scope::Column, Scope::Table] {
        for entry in fitting(place) {
            definitions.insert(entry.name_in(place), entry.arguments());
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
    let schema = json!({
        "title": "karat suite",
        "description": "What a table must be. Made from the code; do not edit.",
        "type": "object",
        "required": ["suite"],
        "additionalProperties": false,
        "properties": properties(),
        "$defs": definitions,
    });
    identified("urn:karat:suite:v1", schema)
}

fn properties() -> Value {
    let text = || json!({"type": "string"});
    let names = || json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
    let mut properties = Map::new();
    for (name, meaning) in read::KEYS {
        let mut property = match name {
            "layer" => json!({"type": "string", "examples": Layers::standard().names().collect::<Vec<_>>()}),
            "key" | "pii" => names(),
            "format" => json!({"enum": FileFormat::ALL.map(FileFormat::name)}),
            "csv" | "schema" => dialect_schema(name),
            "columns" => json!({"type": "object", "additionalProperties": items(Scope::Column)}),
            "table" => items(Scope::Table),
            _ => text(),
        };
        property["description"] = json!(meaning);
        properties.insert(name.to_owned(), property);
    }
    Value::Object(properties)
}

/// Returns the schema of `csv` or of `schema`, which describe the files of a dataset.
pub(crate) fn dialect_schema(key: &str) -> Value {
    match key {
        "csv" => csv(),
        _ => json!({"type": "object", "additionalProperties": {"type": "string"}}),
    }
}

/// Returns the schema of the CSV options.
fn csv() -> Value {
    let mut properties = Map::new();
    for (name, meaning) in dialect::CSV_KEYS {
        let mut property = match name {
            "header" => json!({"type": "boolean"}),
            "null" | "nan" | "infinity" => json!({"type": ["string", "number", "boolean", "array"]}),
            "encoding" => json!({"type": "string"}),
            _ => json!({"type": "string", "maxLength": 1}),
        };
        property["description"] = json!(meaning);
        properties.insert(name.to_owned(), property);
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

/// Returns the schema of a list of checks in a place.
fn items(place: Scope) -> Value {
    let entries = fitting(place);
    let alone: Vec<_> =
        entries.iter().filter(|entry| entry.required().is_empty()).map(|entry| entry.id).collect();
    let mut forms = vec![json!({"enum": alone})];
    forms.extend(entries.iter().map(|entry| entry.item(place)));
    json!({"type": "array", "minItems": 1, "items": {"anyOf": forms}})
}

/// An expectation as the schema describes it in a place.
struct Entry {
    id: &'static str,
    summary: &'static str,
    natures: Vec<Nature>,
    parameters: Vec<Parameter>,
    bare: Option<&'static str>,
}

struct Parameter {
    name: &'static str,
    schema: Value,
    required: bool,
    meaning: &'static str,
}

/// Returns the expectations that may stand in a place.
fn fitting(place: Scope) -> Vec<Entry> {
    let fits = |scope: Scope| scope == place || scope == Scope::Either;
    let built_in = all().iter().filter(|definition| fits(definition.scope)).map(|definition| Entry {
        id: definition.id,
        summary: definition.summary,
        natures: vec![definition.nature],
        parameters: definition
            .parameters_on(place)
            .map(|parameter| Parameter {
                name: parameter.name,
                schema: kind(parameter.kind),
                required: parameter.required,
                meaning: parameter.meaning,
            })
            .collect(),
        bare: definition.bare_parameter(place).map(|parameter| parameter.name),
    });
    let catalogue = Catalogue::standard();
    let packs = catalogue.composed().iter().filter(|pack| fits(pack.scope)).map(|pack| Entry {
        id: &pack.id,
        summary: &pack.summary,
        natures: catalogue.natures(pack),
        parameters: pack
            .parameters
            .iter()
            .map(|parameter| Parameter {
                name: &parameter.name,
                schema: parameter.kind.kind().map_or_else(|| json!({}), kind),
                required: parameter.required(),
                meaning: &parameter.meaning,
            })
            .collect(),
        bare: pack.bare.as_deref(),
    });
    built_in.chain(packs).collect()
}

impl Entry {
    /// Returns the name of the arguments in the schema. The arguments may differ by place.
    fn name_in(&self, place: Scope) -> String {
        let place = if place == Scope::Column { "column" } else { "table" };
        format!("{place}.{}", self.id)
    }

    fn required(&self) -> Vec<&str> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| parameter.name)
            .collect()
    }

    /// Returns the schema of a check with its options.
    fn item(&self, place: Scope) -> Value {
        let mut properties = Map::new();
        properties.insert(
            self.id.to_owned(),
            json!({"$ref": format!("#/$defs/{}", self.name_in(place)), "description": self.summary}),
        );
        for (name, meaning) in options::NAMES {
            if self.natures.iter().any(|nature| options::applies(name, *nature)) {
                let mut option = option(name);
                option["description"] = json!(meaning);
                properties.insert(name.to_owned(), option);
            }
        }
        json!({
            "type": "object",
            "required": [self.id],
            "additionalProperties": false,
            "properties": properties,
        })
    }

    /// Returns the schema of the arguments: by name, or the bare one.
    fn arguments(&self) -> Value {
        let mut properties = Map::new();
        for parameter in &self.parameters {
            let mut schema = parameter.schema.clone();
            schema["description"] = json!(parameter.meaning);
            properties.insert(parameter.name.to_owned(), schema);
        }
        let required = self.required();
        let by_name = json!({
            "type": "object",
            "additionalProperties": false,
            "required": required,
            "properties": properties,
        });
        let bare = self.parameters.iter().find(|parameter| Some(parameter.name) == self.bare);
        let mut forms = vec![by_name];
        forms.extend(bare.map(|parameter| parameter.schema.clone()));
        if required.is_empty() {
            forms.push(json!({"type": "null"}));
        }
        json!({"description": self.summary, "anyOf": forms})
    }
}

fn option(name: &str) -> Value {
    match name {
        "mostly" => json!({"type": "number", "minimum": 0, "maximum": 1}),
        "warn_if" | "fail_if" => json!({"$ref": "#/$defs/limit"}),
        "severity" => json!({"enum": Severity::NAMES.map(|(name, _)| name)}),
        "on_fail" => json!({"enum": OnFail::NAMES.map(|(name, _)| name)}),
        "tags" => json!({"type": "array", "items": {"type": "string"}}),
        "samples" => json!({"type": "integer", "minimum": 0}),
        "group_by" => one_or_several(),
        _ => json!({"type": "string"}),
    }
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
        ParameterKind::Text | ParameterKind::Sql | ParameterKind::Column | ParameterKind::Duration => {
            json!({"type": "string"})
        }
        ParameterKind::JsonSchema => json!({"type": ["object", "boolean", "string"]}),
        ParameterKind::Texts => json!({
            "anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}],
        }),
        // The type `null` is a null to YAML.
        ParameterKind::Type => json!({"type": ["string", "null"]}),
        ParameterKind::Types => {
            json!({"type": "array", "minItems": 1, "items": {"type": ["string", "null"]}})
        }
        ParameterKind::Choice(words) => {
            // An editor reads `4` without quotes as a number.
            let numbers = words.iter().filter_map(|word| word.parse::<u64>().ok()).map(Value::from);
            json!({"enum": words.iter().map(|word| json!(word)).chain(numbers).collect::<Vec<_>>()})
        }
        ParameterKind::Counterparts => json!({"anyOf": [
            {"type": "string"},
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
            {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
        ]}),
        ParameterKind::Dataset => json!({"type": "string"}),
        ParameterKind::Tolerance => json!({"anyOf": [{"type": "number"}, {"type": "string"}]}),
        ParameterKind::Version => {
            json!({"anyOf": [{"type": "integer", "minimum": 0}, {"const": "previous"}]})
        }
        ParameterKind::Columns => one_or_several(),
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
            // JSON writes an infinity as text.
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

/// Returns the schema of one text, or a list of texts.
fn one_or_several() -> Value {
    json!({"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}]})
}
