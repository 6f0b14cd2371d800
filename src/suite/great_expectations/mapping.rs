//! Maps expectations of Great Expectations to those of karat.

use super::kwargs::{Kwargs, NamedArguments};
use super::{aggregates, distributions, multi, tables, types, values};
use crate::document::{Diagnostic, Node, Span};
use crate::expectation::find;

/// An expectation of Great Expectations and its equivalent in karat.
pub(in crate::suite) struct Mapping {
    /// The type in Great Expectations.
    pub(in crate::suite) gx_type: &'static str,
    /// The id of karat's expectation, unless the arguments choose another one.
    pub(in crate::suite) id: &'static str,
    /// True if the check stands on the column of its kwarg `column`.
    pub(super) on_column: bool,
    /// The function that takes the arguments.
    pub(super) arguments: fn(&mut Kwargs) -> Result<MappedArguments, Diagnostic>,
}

/// The translation of an expectation's arguments.
#[derive(Debug, Default)]
pub(super) struct MappedArguments {
    /// The id that replaces that of the mapping, if any.
    pub(super) id: Option<&'static str>,
    /// The arguments.
    pub(super) arguments: NamedArguments,
}

impl From<NamedArguments> for MappedArguments {
    fn from(arguments: NamedArguments) -> Self {
        Self { id: None, arguments }
    }
}

impl MappedArguments {
    /// Returns the translation to an expectation other than that of the mapping.
    pub(super) fn other(id: &'static str, arguments: NamedArguments) -> Self {
        Self { id: Some(id), arguments }
    }
}

impl Mapping {
    pub(super) const fn column(
        gx_type: &'static str,
        id: &'static str,
        arguments: fn(&mut Kwargs) -> Result<MappedArguments, Diagnostic>,
    ) -> Self {
        Self { gx_type, id, on_column: true, arguments }
    }

    pub(super) const fn table(
        gx_type: &'static str,
        id: &'static str,
        arguments: fn(&mut Kwargs) -> Result<MappedArguments, Diagnostic>,
    ) -> Self {
        Self { gx_type, id, on_column: false, arguments }
    }
}

/// Returns every mapping, family by family.
pub(in crate::suite) fn mappings() -> impl Iterator<Item = &'static Mapping> {
    let families = [
        tables::MAPPINGS,
        types::MAPPINGS,
        values::MAPPINGS,
        aggregates::MAPPINGS,
        distributions::MAPPINGS,
        multi::MAPPINGS,
    ];
    families.into_iter().flatten()
}

/// Returns the mapping of a type.
pub(super) fn mapping(gx_type: &str) -> Option<&'static Mapping> {
    mappings().find(|mapping| mapping.gx_type == gx_type)
}

/// Names of older versions and of expectations that are supported only in part: suites of karat cannot use
/// them.
const NOT_IN_KARAT_SUITES: [&str; 3] = [
    "expect_column_pair_values_A_to_be_greater_than_B",
    "expect_multicolumn_values_to_be_unique",
    "expect_query_results_to_match_comparison",
];

/// Returns the types by which suites of karat may name an expectation of the catalogue.
pub(super) fn names(id: &str) -> Vec<&'static str> {
    let answering =
        mappings().filter(|mapping| mapping.id == id && !NOT_IN_KARAT_SUITES.contains(&mapping.gx_type));
    answering.map(|mapping| mapping.gx_type).collect()
}

/// Returns the id of the expectation of the catalogue that a type names in suites of karat.
pub(super) fn id(gx_type: &str) -> Option<&'static str> {
    mapping(gx_type)
        .filter(|mapping| !NOT_IN_KARAT_SUITES.contains(&mapping.gx_type))
        .map(|mapping| mapping.id)
}

/// Returns the arguments of a check as a suite writes them: bare, if there is only the bare one.
pub(super) fn argument(id: &str, arguments: NamedArguments, span: Span) -> Node {
    let bare = find(id).and_then(|definition| definition.bare);
    match arguments.as_slice() {
        [] => Node::derived_plain("", span),
        [(name, node)] if bare == Some(name) && !matches!(node.kind, crate::document::NodeKind::Map(_)) => {
            node.clone()
        }
        _ => Node::derived_map(arguments, span),
    }
}

/// Takes no arguments.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn none(_: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(MappedArguments::default())
}

/// Takes `min_value` and `max_value`, and whether they are strict.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn bounds(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(taken_bounds(kwargs).into())
}

/// Takes the bounds of a measured number. Great Expectations allows both to be missing.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn number_bounds(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(bounds_or_least(bounds_or_never_met(kwargs), kwargs, "-.inf").into())
}

/// Takes the bounds of a measured number that is never below 0.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn count_bounds(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(bounds_or_least(bounds_or_never_met(kwargs), kwargs, "0").into())
}

/// Takes the bounds of the row count, for which Great Expectations refuses reversed bounds, too.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn row_bounds(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(bounds_or_least(taken_bounds(kwargs), kwargs, "0").into())
}

/// Takes the bounds of the column count. Great Expectations has no strict ones, so a check with one is never
/// met.
pub(super) fn column_bounds(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let mapped = count_bounds(kwargs)?;
    if mapped.arguments.iter().any(|(name, _)| name.starts_with("strict")) {
        return Ok(vec![("min", Node::derived_plain(".inf", kwargs.span))].into());
    }
    Ok(mapped)
}

fn bounds_or_least(mut arguments: NamedArguments, kwargs: &Kwargs, least: &str) -> NamedArguments {
    if !arguments.iter().any(|(name, _)| matches!(*name, "min" | "max")) {
        arguments.push(("min", Node::derived_plain(least, kwargs.span)));
    }
    arguments
}

pub(super) fn taken_bounds(kwargs: &mut Kwargs) -> NamedArguments {
    const NAMES: [(&str, &str); 4] = [
        ("min_value", "min"),
        ("max_value", "max"),
        ("strict_min", "strict_min"),
        ("strict_max", "strict_max"),
    ];
    let mut arguments = kwargs.renamed(&NAMES);
    // A strict flag that is false is the default.
    arguments.retain(|(name, node)| !name.starts_with("strict") || node.text("") != Ok("false"));
    arguments
}

/// Takes the bounds of a value. Reversed bounds are never met in Great Expectations but refused by karat, so
/// bounds that no value meets replace them.
pub(super) fn bounds_or_never_met(kwargs: &mut Kwargs) -> NamedArguments {
    let arguments = taken_bounds(kwargs);
    let bound = |wanted: &str| arguments.iter().find(|(name, _)| *name == wanted).map(|(_, node)| node);
    let (Some(min), Some(max)) = (bound("min"), bound("max")) else { return arguments };
    if !is_above(min, max) {
        return arguments;
    }
    let shown = |node: &Node| node.text("a bound").unwrap_or_default().to_owned();
    kwargs.note(format!("nothing lies between {} and {}: this is never met", shown(min), shown(max)));
    let strict = |name| (name, Node::derived_plain("true", kwargs.span));
    vec![("min", max.clone()), ("max", max.clone()), strict("strict_min"), strict("strict_max")]
}

/// Returns whether a bound is above another one: both are numbers, or both are dates or times in the same
/// form.
fn is_above(one: &Node, other: &Node) -> bool {
    let number = |node: &Node| node.number::<f64>("a number").ok();
    if let (Some(one), Some(other)) = (number(one), number(other)) {
        return one > other;
    }
    let is_dated = |text: &str| text.len() >= 10 && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
    match (one.text("a date"), other.text("a date")) {
        (Ok(one), Ok(other)) => is_dated(one) && is_dated(other) && one.len() == other.len() && one > other,
        _ => false,
    }
}

/// Returns the argument by which a value of another type equals no value of the column.
pub(super) fn other_types_unequal(span: Span) -> (&'static str, Node) {
    ("other_types", Node::derived_plain("unequal", span))
}

/// Takes `value_set` without its nulls, which Great Expectations ignores.
pub(super) fn value_set(kwargs: &mut Kwargs) -> Result<Node, Diagnostic> {
    let set = kwargs.required("value_set")?;
    let values = set.list("a list of values")?.iter().filter(|value| !value.is_null()).cloned().collect();
    Ok(Node::derived_list(values, set.span))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::expectation::all;

    #[test]
    fn each_type_has_one_mapping_and_the_page_lists_them() {
        const PAGE: &str = include_str!("../../../expectations/great-expectations.md");
        let mut seen = HashSet::new();
        for Mapping { gx_type, id, .. } in mappings() {
            assert!(seen.insert(*gx_type), "{gx_type}");
            let definition = find(id).unwrap_or_else(|| panic!("no expectation {id}"));
            let line = format!("| `{gx_type}` | [{id}]({}/{id}.md)", definition.family.name());
            assert!(PAGE.contains(&line), "{line}");
        }
    }

    #[test]
    fn the_catalogue_answers_to_the_same_names() {
        for definition in all() {
            for gx_type in names(definition.id) {
                assert_eq!(id(gx_type), Some(definition.id), "{gx_type}");
            }
        }
        for gx_type in NOT_IN_KARAT_SUITES {
            assert!(mapping(gx_type).is_some() && id(gx_type).is_none(), "{gx_type}");
        }
    }
}
