//! Expands a use of a composed expectation to the uses of built-in ones that it stands for.

use std::cell::Cell;

use super::composed::Substitution;
use super::item::Item;
use super::options::applies;
use super::{Catalogue, CatalogueEntry, Composed};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Key, MAX_NODES, Node};
use crate::expectation::Definition;

/// A use of a built-in expectation that a composed one stands for.
pub(super) struct Expanded {
    pub(super) definition: &'static Definition,
    pub(super) item: Item,
    /// The name of the part, if there are several.
    pub(super) part: Option<String>,
}

/// Returns the uses of built-in expectations that a use stands for. Options beside the use go to every part
/// that they apply to.
///
/// # Errors
/// An argument or an option does not fit.
pub(super) fn expand(
    composed: &Composed,
    used: &Item,
    column: Option<&ColumnPath>,
    catalogue: &Catalogue,
) -> Result<Vec<Expanded>, Diagnostic> {
    let mut all = Vec::new();
    let budget = Cell::new(MAX_NODES);
    collect(composed, used, None, &Place { column, catalogue, budget: &budget }, &mut all)?;
    if all.len() > 1 {
        let idle = used
            .options
            .iter()
            .find(|(key, _)| !all.iter().any(|expanded| applies(&key.text, expanded.definition.nature)));
        if let Some((key, _)) = idle {
            let message = format!("{:?} means nothing to any check of {}", key.text, composed.id);
            return Err(Diagnostic::new(key.span, message));
        }
        for Expanded { definition, item, .. } in &mut all {
            item.options.retain(|(key, _)| applies(&key.text, definition.nature));
        }
    }
    Ok(all)
}

struct Place<'a> {
    column: Option<&'a ColumnPath>,
    catalogue: &'a Catalogue,
    budget: &'a Cell<usize>,
}

/// Collects the uses of all parts. The recursion ends: circles and deep nesting of definitions are refused
/// when definitions are read.
fn collect(
    composed: &Composed,
    used: &Item,
    within: Option<&str>,
    place: &Place<'_>,
    all: &mut Vec<Expanded>,
) -> Result<(), Diagnostic> {
    let filling = Substitution::of(composed, used, place.column, place.budget)?;
    for part in &composed.parts {
        let mut item = filling.item(part, place.catalogue)?;
        item.options = beside(item.options, &used.options);
        let name = match (within, composed.parts.len()) {
            (within, 1) => within.map(str::to_owned),
            (None, _) => Some(part.id.clone()),
            (Some(within), _) => Some(format!("{within}.{}", part.id)),
        };
        match place.catalogue.named(&item.key)? {
            CatalogueEntry::BuiltIn(definition) => all.push(Expanded { definition, item, part: name }),
            CatalogueEntry::Composed(inner) => collect(inner, &item, name.as_deref(), place, all)?,
        }
    }
    Ok(())
}

/// Merges the options of a part and of a use. A `where` of the use is one more condition, its limits on
/// failing rows replace all limits of the part, and any other option replaces that of the part.
fn beside(of_part: Vec<(Key, Node)>, of_use: &[(Key, Node)]) -> Vec<(Key, Node)> {
    let limit = |name: &str| matches!(name, "mostly" | "warn_if" | "fail_if");
    let given =
        |name: &str| of_use.iter().any(|(key, _)| key.text == name || (limit(name) && limit(&key.text)));
    let kept = of_part.into_iter().filter(|(key, _)| key.text == "where" || !given(&key.text));
    kept.chain(of_use.iter().filter(|(key, _)| key.text != "id").cloned()).collect()
}
