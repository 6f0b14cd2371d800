//! Literals and columns for people.

use crate::data::{ColumnPath, Literal, reads_as_other};

/// `[O, F, P]`, cut short after a few.
pub(in crate::expectation) fn listed(literals: &[Literal]) -> String {
    const MOST: usize = 8;
    let shown: Vec<_> = literals
        .iter()
        .take(MOST)
        .map(|literal| match literal {
            // A text that could not be seen between commas, or could be taken for what is none.
            Literal::Text(text) if reads_as_other(text) => format!("\"{text}\""),
            Literal::Text(text) => text.clone(),
            other => other.to_string(),
        })
        .collect();
    let more = if literals.len() > MOST { format!(", … {} in all", literals.len()) } else { String::new() };
    format!("[{}{more}]", shown.join(", "))
}

/// `[tenant, order_id]`; nothing of no columns.
pub(super) fn columns(paths: &[ColumnPath]) -> String {
    let names: Vec<_> = paths.iter().map(ToString::to_string).collect();
    if names.is_empty() { String::new() } else { format!("[{}]", names.join(", ")) }
}
