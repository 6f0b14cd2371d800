//! `json_schema`: every value is a JSON document that its schema allows.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use super::EveryText;
use serde_json::Value as Json;

use crate::document::{Diagnostic, Node, NodeKind, Span};
use crate::predicate::{JsonSchema, TextTest};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "json_schema",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is a JSON document that its schema allows",
    parameters: &[Parameter::required(
        "schema",
        ParameterKind::JsonSchema,
        "the schema, as a mapping or as JSON text",
    )],
    bare: Some("schema"),
    page: include_str!("../../../expectations/values/json_schema.md"),
    read: |arguments| {
        let node = arguments.required("schema")?;
        let schema = JsonSchema::compile(&schema_of(node)?)
            .map_err(|error| Diagnostic::new(place(node, &error.pointer), wrong(&error.reason)))?;
        Ok(EveryText::demanding(schema.text().to_owned(), TextTest::JsonSchema(schema)))
    },
};

fn wrong(reason: &str) -> String {
    format!("the JSON schema does not hold: {reason}")
}

/// Reads a schema from a mapping or from JSON text.
fn schema_of(node: &Node) -> Result<Json, Diagnostic> {
    match &node.kind {
        NodeKind::Scalar(scalar) => serde_json::from_str(&scalar.text)
            .map_err(|error| Diagnostic::new(node.span, wrong(&error.to_string())).help("{type: object}")),
        _ => Ok(json(node)),
    }
}

fn json(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_null() => Json::Null,
        NodeKind::Scalar(scalar) if scalar.quoted => scalar.text.clone().into(),
        // A scalar that is not valid JSON becomes a text.
        NodeKind::Scalar(scalar) => {
            serde_json::from_str(&scalar.text).unwrap_or_else(|_| scalar.text.clone().into())
        }
        NodeKind::List(items) => items.iter().map(json).collect(),
        NodeKind::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.text.clone(), json(value))).collect())
        }
    }
}

/// Returns the span of the part of a schema to which a JSON pointer points.
fn place(node: &Node, pointer: &str) -> Span {
    let mut at = node;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let inner = match &at.kind {
            NodeKind::Map(entries) => {
                entries.iter().find(|(key, _)| key.text == step).map(|(_, value)| value)
            }
            NodeKind::List(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            NodeKind::Scalar(_) => None,
        };
        match inner {
            Some(inner) => at = inner,
            None => break,
        }
    }
    at.span
}
