//! All that is found.

use std::ops::Deref;

use super::super::compared::Claimed;
use super::{members, pairs, single};
use crate::document::{Diagnostic, Lines, Span};
use crate::suite::{Check, Suite};

/// What is found of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What it is, where it stands, and the way out.
    pub diagnostic: Diagnostic,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It does no harm.
    Note,
    /// It can never be as it is written.
    Error,
}

/// A check with what it claims, and where it stands.
pub(super) struct Placed<'a> {
    pub(super) of: Claimed<'a>,
    /// The line of the suite.
    pub(super) line: usize,
}

impl<'a> Deref for Placed<'a> {
    type Target = Claimed<'a>;

    fn deref(&self) -> &Claimed<'a> {
        &self.of
    }
}

impl Finding {
    pub(super) fn error(check: &Check, span: Span, message: &str, help: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::new(span, format!("{}: {message}", check.id)).help(help);
        Self { level: Level::Error, diagnostic }
    }

    pub(super) fn note(check: &Check, message: &str, help: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::new(check.span, format!("{}: {message}", check.id)).help(help);
        Self { level: Level::Note, diagnostic }
    }
}

/// The most pairs of checks that are compared, those of 500 checks on one column: each is proved, which takes its time.
const MOST_PAIRS: usize = 125_000;

/// Finds checks that contradict themselves or each other, that consider no row, that can never fail, and that others
/// make superfluous; in the order of the text.
///
/// Where a suite has more than 125,000 pairs of checks that speak of a common value, a note says from which check on they
/// are not compared.
#[must_use]
pub fn findings(suite: &Suite) -> Vec<Finding> {
    let lines = Lines::of(&suite.text);
    let claimed: Vec<Placed<'_>> = suite
        .checks
        .iter()
        .map(|check| Placed { of: Claimed::of(check), line: lines.line(check.span) })
        .collect();
    let mut found = Vec::new();
    // What is said of a check by itself is not said once more beside others.
    let mut sound = Vec::new();
    for one in &claimed {
        let own = single::findings(one);
        if own.is_empty() {
            sound.push(one);
        }
        found.extend(own);
    }
    let mut related = pairs::related(&sound, MOST_PAIRS + 1);
    let is_whole = related.len() <= MOST_PAIRS;
    if let Some(pair) = related.get(MOST_PAIRS) {
        let message =
            "from here on, checks are not compared with each other: there are too many of the same values";
        let help = "split the suite: suites of one dataset read it once";
        found.push(Finding::note(sound[pair.later].check, message, help));
    }
    related.truncate(MOST_PAIRS);
    found.extend(pairs::findings(&sound, &related));
    let has_finding = |claimed: &Placed<'_>| {
        found.iter().any(|finding: &Finding| finding.diagnostic.span == claimed.check.span)
    };
    let others: Vec<&Placed<'_>> = sound.iter().copied().filter(|claimed| !has_finding(claimed)).collect();
    if is_whole {
        found.extend(members::findings(&others, &sound));
    }
    found.sort_by_key(|finding| (finding.diagnostic.span.start, std::cmp::Reverse(finding.level)));
    found
}
