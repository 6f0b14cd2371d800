//! Lists of literals and of columns, formatted for people.

use crate::data::{ColumnPath, Literal, reads_as_other};

/// Formats literals as `[O, F, P]`. Only the first few are shown.
pub(in crate::expectation) fn listed(literals: &[Literal]) -> String {
    const MOST: usize = 8;
    let shown: Vec<_> = literals
        .iter()
        .take(MOST)
        .map(|literal| match literal {
            // Quotes a text that would be invisible between commas, or that reads as another kind of literal.
            Literal::Text(text) if reads_as_other(text) => format!("\"{text}\""),
            Literal::Text(text) => text.clone(),
            other => other.to_string(),
        })
        .collect();
    let more = if literals.len() > MOST { format!(", … {} in all", literals.len()) } else { String::new() };
    format!("[{}{more}]", shown.join(", "))
}

/// Formats columns as `[tenant, order_id]`; an empty text for no columns.
pub(super) fn columns(paths: &[ColumnPath]) -> String {
    let names: Vec<_> = paths.iter().map(ToString::to_string).collect();
    if names.is_empty() { String::new() } else { format!("[{}]", names.join(", ")) }
}
