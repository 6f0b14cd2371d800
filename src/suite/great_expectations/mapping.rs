//! Maps expectations of Great Expectations to those of karat.

use super::kwargs::{Kwargs, Named};
use super::{aggregates, distributions, multi, tables, types, values};
use crate::document::{Diagnostic, Node, Span};
use crate::expectation::find;

/// An expectation of Great Expectations and its equivalent in karat.
pub(in crate::suite) struct Mapping {
    /// The type in Great Expectations.
    pub(in crate::suite) theirs: &'static str,
    /// The id of karat's expectation, unless the arguments choose another one.
    pub(in crate::suite) id: &'static str,
    /// True if the check stands on the column of its kwarg `column`.
    pub(super) on_column: bool,
    /// The function that takes the arguments.
    pub(super) arguments: fn(&mut Kwargs) -> Result<Mapped, Diagnostic>,
}

/// The translation of an expectation's arguments.
#[derive(Debug, Default)]
pub(super) struct Mapped {
    /// The id that replaces that of the mapping, if any.
    pub(super) id: Option<&'static str>,
    /// The arguments.
    pub(super) arguments: Named,
}

impl From<Named> for Mapped {
    fn from(arguments: Named) -> Self {
        Self { id: None, arguments }
    }
}

impl Mapped {
    /// Returns the translation to an expectation other than that of the mapping.
    pub(super) fn other(id: &'static str, arguments: Named) -> Self {
        Self { id: Some(id), arguments }
    }
}

impl Mapping {
    pub(super) const fn column(
        theirs: &'static str,
        id: &'static str,
        arguments: fn(&mut Kwargs) -> Result<Mapped, Diagnostic>,
    ) -> Self {
        Self { theirs, id, on_column: true, arguments }
    }

    pub(super) const fn table(
        theirs: &'static str,
        id: &'static str,
        arguments: fn(&mut Kwargs) -> Result<Mapped, Diagnostic>,
    ) -> Self {
        Self { theirs, id, on_column: false, arguments }
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
pub(super) fn mapping(theirs: &str) -> Option<&'static Mapping> {
    mappings().find(|mapping| mapping.theirs == theirs)
}

/// Names of older versions and of expectations that are supported only in part: suites of karat cannot use
/// them.
const ONLY_THERE: [&str; 3] = [
    "expect_column_pair_values_A_to_be_greater_than_B",
    "expect_multicolumn_values_to_be_unique",
    "expect_query_results_to_match_comparison",
];

/// Returns the types by which suites of karat may name an expectation of the catalogue.
pub(super) fn names(id: &str) -> Vec<&'static str> {
    let answering = mappings().filter(|mapping| mapping.id == id && !ONLY_THERE.contains(&mapping.theirs));
    answering.map(|mapping| mapping.theirs).collect()
}

/// Returns the id of the expectation of the catalogue that a type names in suites of karat.
pub(super) fn id(theirs: &str) -> Option<&'static str> {
    mapping(theirs).filter(|mapping| !ONLY_THERE.contains(&mapping.theirs)).map(|mapping| mapping.id)
}

/// Returns the arguments of a check as a suite writes them: bare, if there is only the bare one.
pub(super) fn argument(id: &str, arguments: Named, span: Span) -> Node {
    let bare = find(id).and_then(|definition| definition.bare);
    match arguments.as_slice() {
        [] => Node::made_plain("", span),
        [(name, node)] if bare == Some(name) && !matches!(node.kind, crate::document::NodeKind::Map(_)) => {
            node.clone()
        }
        _ => Node::made_map(arguments, span),
    }
}

/// Takes no arguments.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn none(_: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(Mapped::default())
}

/// Takes `min_value` and `max_value`, and whether they are strict.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(taken_bounds(kwargs).into())
}

/// Takes the bounds of a measured number. Great Expectations allows both to be missing.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn number_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(bounds_or_least(unmet_if_reversed(kwargs), kwargs, "-.inf").into())
}

/// Takes the bounds of a measured number that is never below 0.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn count_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(bounds_or_least(unmet_if_reversed(kwargs), kwargs, "0").into())
}

/// Takes the bounds of the row count, for which Great Expectations refuses reversed bounds, too.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn row_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(bounds_or_least(taken_bounds(kwargs), kwargs, "0").into())
}

/// Takes the bounds of the column count. Great Expectations has no strict ones, so a check with one is never
/// met.
pub(super) fn column_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    let mapped = count_bounds(kwargs)?;
    if mapped.arguments.iter().any(|(name, _)| name.starts_with("strict")) {
        return Ok(vec![("min", Node::made_plain(".inf", kwargs.span))].into());
    }
    Ok(mapped)
}

fn bounds_or_least(mut arguments: Named, kwargs: &Kwargs, least: &str) -> Named {
    if !arguments.iter().any(|(name, _)| matches!(*name, "min" | "max")) {
        arguments.push(("min", Node::made_plain(least, kwargs.span)));
    }
    arguments
}

pub(super) fn taken_bounds(kwargs: &mut Kwargs) -> Named {
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
pub(super) fn unmet_if_reversed(kwargs: &mut Kwargs) -> Named {
    let arguments = taken_bounds(kwargs);
    let bound = |wanted: &str| arguments.iter().find(|(name, _)| *name == wanted).map(|(_, node)| node);
    let (Some(min), Some(max)) = (bound("min"), bound("max")) else { return arguments };
    if !is_above(min, max) {
        return arguments;
    }
    let shown = |node: &Node| node.text("a bound").unwrap_or_default().to_owned();
    kwargs.note(format!("nothing lies between {} and {}: this is never met", shown(min), shown(max)));
    let strict = |name| (name, Node::made_plain("true", kwargs.span));
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
pub(super) fn unequal(span: Span) -> (&'static str, Node) {
    ("other_types", Node::made_plain("unequal", span))
}

/// Takes `value_set` without its nulls, which Great Expectations ignores.
pub(super) fn value_set(kwargs: &mut Kwargs) -> Result<Node, Diagnostic> {
    let set = kwargs.required("value_set")?;
    let values = set.list("a list of values")?.iter().filter(|value| !value.is_null()).cloned().collect();
    Ok(Node::made_list(values, set.span))
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
        for Mapping { theirs, id, .. } in mappings() {
            assert!(seen.insert(*theirs), "{theirs}");
            let definition = find(id).unwrap_or_else(|| panic!("no expectation {id}"));
            let line = format!("| `{theirs}` | [{id}]({}/{id}.md)", definition.family.name());
            assert!(PAGE.contains(&line), "{line}");
        }
    }

    #[test]
    fn the_catalogue_answers_to_the_same_names() {
        for definition in all() {
            for theirs in names(definition.id) {
                assert_eq!(id(theirs), Some(definition.id), "{theirs}");
            }
        }
        for theirs in ONLY_THERE {
            assert!(mapping(theirs).is_some() && id(theirs).is_none(), "{theirs}");
        }
    }
}
