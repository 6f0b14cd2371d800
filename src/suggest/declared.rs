//! What a Delta table says of itself: constraints, invariants, generated columns.

use super::suggestion::Suggestion;
use crate::document::yaml_text;
use crate::source::TableDetails;

/// What every row must meet, as far as it can be said here.
pub(super) fn rules(table: Option<&TableDetails>) -> Vec<Suggestion> {
    let rules = table.map(|table| table.rules.as_slice()).unwrap_or_default();
    let suggestions = rules.iter().map(|rule| {
        let reason = format!("{} {} of the table", rule.kind, rule.name);
        // Where it is null, a value is missing, of which other checks speak.
        let rows = format!("{{predicate: {}, nulls: pass}}", yaml_text(&rule.sql));
        // A constraint may be called as an invariant's column is.
        Suggestion::on_table("rows", rows, reason).named(format!("{}.{}", rule.kind, rule.name))
    });
    suggestions.collect()
}
