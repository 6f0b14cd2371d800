//! Nodes that are made from other nodes and take their places in the document.

use super::{Key, Node, NodeKind, Span};

impl Node {
    /// Returns a quoted scalar, which is never read as anything but a text.
    pub fn derived_text(text: impl Into<String>, span: Span) -> Self {
        Self::derived_scalar(text.into(), true, span)
    }

    /// Returns a plain scalar: a number, a boolean or a word.
    pub fn derived_plain(text: impl Into<String>, span: Span) -> Self {
        Self::derived_scalar(text.into(), false, span)
    }

    /// Returns a list.
    #[must_use]
    pub const fn derived_list(items: Vec<Self>, span: Span) -> Self {
        Self { kind: NodeKind::List(items), span }
    }

    /// Returns a mapping. The keys must be distinct.
    pub fn derived_map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>, span: Span) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (Key { text: key.into(), span: value.span }, value))
            .collect();
        Self { kind: NodeKind::Map(entries), span }
    }

    /// Returns the value of a key of a mapping, if the key is present and its value is not null.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.kind {
            NodeKind::Map(entries) => {
                let entry = entries.iter().find(|(key, _)| key.text == name);
                entry.map(|(_, value)| value).filter(|value| !value.is_null())
            }
            NodeKind::Scalar(_) | NodeKind::List(_) => None,
        }
    }

    /// Returns the node as JSON. A plain scalar becomes a number or a boolean only where JSON writes it in
    /// the same way.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.kind {
            NodeKind::Scalar(scalar) if scalar.is_null() => Json::Null,
            NodeKind::Scalar(scalar) if scalar.quoted => Json::String(scalar.text.clone()),
            NodeKind::Scalar(scalar) => match scalar.text.parse::<serde_json::Number>() {
                Ok(number) if number.to_string() == scalar.text => Json::Number(number),
                _ if scalar.text == "true" => Json::Bool(true),
                _ if scalar.text == "false" => Json::Bool(false),
                _ => Json::String(scalar.text.clone()),
            },
            NodeKind::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            NodeKind::Map(entries) => {
                Json::Object(entries.iter().map(|(key, value)| (key.text.clone(), value.to_json())).collect())
            }
        }
    }
}
