//! Reads names of columns. Great Expectations has no structs, so a dot is a part of the name.

use crate::data::ColumnPath;
use crate::document::{Diagnostic, Node, NodeKind};

/// Returns the column that a node names.
pub(super) fn path(node: &Node) -> Result<ColumnPath, Diagnostic> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.quoted => Ok(ColumnPath::column(scalar.text.clone())),
        _ => Err(node.expected_error("the name of a column")),
    }
}

/// Returns the name of a column, as karat writes it.
pub(super) fn column_name(node: &Node) -> Result<Node, Diagnostic> {
    Ok(Node::derived_text(path(node)?.to_string(), node.span))
}

/// Returns the names of columns, as karat writes them.
pub(super) fn column_names(node: &Node) -> Result<Node, Diagnostic> {
    let names = node.list("a list of columns")?.iter().map(column_name).collect::<Result<_, _>>()?;
    Ok(Node::derived_list(names, node.span))
}
