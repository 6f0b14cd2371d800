//! Which of karat's expectations one of Great Expectations is.

use super::kwargs::{Kwargs, Named};
use super::{aggregates, distributions, multi, tables, types, values};
use crate::document::{Diagnostic, Node, Span};
use crate::expectation::find;

/// An expectation of Great Expectations and what it is here.
pub(in crate::suite) struct Mapping {
    /// Its type.
    pub(in crate::suite) theirs: &'static str,
    /// The id of karat's, unless its arguments say otherwise.
    pub(in crate::suite) id: &'static str,
    /// Whether it stands on the column of its kwarg `column`.
    pub(super) on_column: bool,
    /// Takes its arguments.
    pub(super) arguments: fn(&mut Kwargs) -> Result<Mapped, Diagnostic>,
}

/// What an expectation came to.
#[derive(Debug, Default)]
pub(super) struct Mapped {
    /// Another id than the mapping's.
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
    /// Another expectation than the usual one.
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

/// Every mapping, family by family.
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

/// The mapping of a type.
pub(super) fn mapping(theirs: &str) -> Option<&'static Mapping> {
    mappings().find(|mapping| mapping.theirs == theirs)
}

/// Names of older versions, and of what is here only in part: suites of Great Expectations alone may use them.
const ONLY_THERE: [&str; 3] = [
    "expect_column_pair_values_A_to_be_greater_than_B",
    "expect_multicolumn_values_to_be_unique",
    "expect_query_results_to_match_comparison",
];

/// The types to which an expectation of the catalogue answers.
pub(super) fn names(id: &str) -> Vec<&'static str> {
    let answering = mappings().filter(|mapping| mapping.id == id && !ONLY_THERE.contains(&mapping.theirs));
    answering.map(|mapping| mapping.theirs).collect()
}

/// The expectation of the catalogue that answers to a type.
pub(super) fn id(theirs: &str) -> Option<&'static str> {
    mapping(theirs).filter(|mapping| !ONLY_THERE.contains(&mapping.theirs)).map(|mapping| mapping.id)
}

/// The arguments of a check as a suite writes them: bare, where there is but the one that may be.
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

/// No arguments.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn none(_: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(Mapped::default())
}

/// `min_value` and `max_value`, and whether they are strict.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(taken_bounds(kwargs).into())
}

/// Bounds of a measured number, of which Great Expectations need not demand anything.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn number_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(bounds_or_least(unmet_if_reversed(kwargs), kwargs, "-.inf").into())
}

/// The same of what is never below 0.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn count_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(bounds_or_least(unmet_if_reversed(kwargs), kwargs, "0").into())
}

/// The same of the rows, where reversed bounds are a mistake there too.
#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
pub(super) fn row_bounds(kwargs: &mut Kwargs) -> Result<Mapped, Diagnostic> {
    Ok(bounds_or_least(taken_bounds(kwargs), kwargs, "0").into())
}

/// The same of the columns, whose count has no strict bounds.
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
    // What is false is not said.
    arguments.retain(|(name, node)| !name.starts_with("strict") || node.text("") != Ok("false"));
    arguments
}

/// The bounds of a value. Where the least allowed is above the greatest one, no value lies within them there;
/// karat would call it a mistake.
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

/// Returns whether one of two bounds that are written is above the other one: of two numbers, or of two dates or
/// times that are written in the same way.
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

/// The argument that values of another type than the column's are equal to none of it.
pub(super) fn unequal(span: Span) -> (&'static str, Node) {
    ("other_types", Node::made_plain("unequal", span))
}

/// `value_set`, in which Great Expectations sees no nulls.
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
