//! Numbers as Python writes them.

use crate::document::{Node, NodeKind};

/// Returns a whole number that may be written as a double.
pub(super) fn whole(node: Node) -> Node {
    match &node.kind {
        NodeKind::Scalar(scalar) if !scalar.quoted => match scalar.text.strip_suffix(".0") {
            Some(digits) => Node::derived_plain(digits, node.span),
            None => node,
        },
        _ => node,
    }
}
