//! Renders nodes of a document for people.

use crate::document::{Node, NodeKind};

/// Returns a node in one line: `SKU`, `[a, b]`, `min: 0, max: 10`; long lists are cut short.
pub(super) fn shown(node: &Node) -> String {
    const MOST: usize = 8;
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_null() => String::new(),
        // A blank text is quoted, so that it is seen between commas.
        NodeKind::Scalar(scalar) if scalar.text.trim().is_empty() => format!("{:?}", scalar.text),
        NodeKind::Scalar(scalar) => scalar.text.trim().to_owned(),
        NodeKind::List(items) => {
            let first: Vec<_> = items.iter().take(MOST).map(inner).collect();
            let more =
                if items.len() > MOST { format!(", … {} in all", items.len()) } else { String::new() };
            format!("[{}{more}]", first.join(", "))
        }
        NodeKind::Map(entries) => {
            let entries = entries.iter().filter(|(_, value)| !value.is_null());
            entries
                .map(|(key, value)| format!("{}: {}", key.text, inner(value)))
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}

fn inner(node: &Node) -> String {
    if matches!(node.kind, NodeKind::Map(_)) { format!("{{{}}}", shown(node)) } else { shown(node) }
}
