//! What the expectations of a page mean, in a sentence or two of their pages in the catalogue.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::expectation::find;

/// No explanation is longer: the page of the catalogue says the rest.
const MOST: usize = 480;

/// An expectation that the page explains.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    name: &'static str,
    /// What holds when a check passes, in Markdown.
    says: String,
    /// What becomes of nulls, in Markdown.
    nulls: String,
}

/// Returns the expectations of the catalogue among some names, sorted.
pub(super) fn explained<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Explained> {
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().filter_map(explain).collect()
}

fn explain(name: &str) -> Option<Explained> {
    let definition = find(name)?;
    // A page begins with its name.
    let says = paragraph(definition.page.split_once('\n')?.1);
    let nulls = definition.page.split_once("\n## Nulls").and_then(|(_, rest)| rest.split_once('\n'));
    Some(Explained {
        name: definition.id,
        says,
        nulls: nulls.map(|(_, rest)| paragraph(rest)).unwrap_or_default(),
    })
}

/// Returns the first paragraph of a text in one line, without the targets of its links; empty if it is too long.
fn paragraph(text: &str) -> String {
    let lines = text.trim_start().lines().take_while(|line| !line.trim().is_empty());
    let text = unlinked(&lines.collect::<Vec<_>>().join(" "));
    if text.chars().count() <= MOST && !text.starts_with(['|', '#', '-']) { text } else { String::new() }
}

/// `see [row_count](../table/row_count.md)` without where that is.
fn unlinked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((_, after)) = behind.split_once(')') else { break };
        match before.rsplit_once('[') {
            Some((before, name)) => plain.extend([before, "`", name.trim_matches('`'), "`"]),
            None => plain.extend([before, "]"]),
        }
        rest = after;
    }
    plain + rest
}

/// Returns the pieces of a text in Markdown, each with whether it is code: every second one, between backticks.
pub(in crate::report) fn code(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('`').enumerate().map(|(place, piece)| (place % 2 == 1, piece))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expectation::all;

    #[test]
    fn every_expectation_is_explained() {
        let all = explained(all().iter().map(|definition| definition.id));
        for Explained { name, says, nulls } in &all {
            assert!(!says.is_empty(), "{name}");
            for text in [says, nulls] {
                assert!(text.matches('`').count() % 2 == 0 && !text.contains("]("), "{name}: {text}");
            }
        }
        assert!(all.iter().filter(|explained| explained.nulls.is_empty()).count() < all.len() / 4);
        assert_eq!(unlinked("see [a](b.md) and [`c`](d)."), "see `a` and `c`.");
    }
}
