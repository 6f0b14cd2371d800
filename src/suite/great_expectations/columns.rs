//! Names of columns. Great Expectations has no structs: a dot is a letter of the name.

use crate::data::ColumnPath;
use crate::document::{Diagnostic, Node, NodeKind};

/// The column of a node, as karat names it.
pub(super) fn path(node: &Node) -> Result<ColumnPath, Diagnostic> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.quoted => Ok(ColumnPath::column(scalar.text.clone())),
        _ => Err(node.not("the name of a column")),
    }
}

/// The name of a column.
pub(super) fn one(node: &Node) -> Result<Node, Diagnostic> {
    Ok(Node::made_text(path(node)?.to_string(), node.span))
}

/// Names of columns.
pub(super) fn several(node: &Node) -> Result<Node, Diagnostic> {
    let names = node.list("a list of columns")?.iter().map(one).collect::<Result<_, _>>()?;
    Ok(Node::made_list(names, node.span))
}
