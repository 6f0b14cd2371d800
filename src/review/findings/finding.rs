//! All that is found.

use std::ops::Deref;

use super::super::compared::Claimed;
use super::{members, pairs, single};
use crate::document::{Diagnostic, Span};
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

/// The most checks of a suite that are compared in pairs: each pair is proved, which takes its time.
const MOST_CHECKS: usize = 500;

/// Finds checks that contradict themselves or each other, that consider no row, that can never fail, and that others
/// make superfluous; in the order of the text.
///
/// Of a suite with more than 500 checks, the first check gets a note that none were compared.
#[must_use]
pub fn findings(suite: &Suite) -> Vec<Finding> {
    if let Some(first) = suite.checks.first().filter(|_| suite.checks.len() > MOST_CHECKS) {
        let message =
            format!("the suite has more than {MOST_CHECKS} checks, which are not compared with each other");
        return vec![Finding::note(first, &message, "split the suite: suites of one dataset read it once")];
    }
    let claimed: Vec<Placed<'_>> = suite
        .checks
        .iter()
        .map(|check| Placed { of: Claimed::of(check), line: check.span.position(&suite.text).line })
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
    found.extend(pairs::findings(&sound));
    let is_told = |claimed: &Placed<'_>| {
        found.iter().any(|finding: &Finding| finding.diagnostic.span == claimed.check.span)
    };
    let untold: Vec<&Placed<'_>> = sound.iter().copied().filter(|claimed| !is_told(claimed)).collect();
    found.extend(members::findings(&untold, &sound));
    found.sort_by_key(|finding| (finding.diagnostic.span.start, std::cmp::Reverse(finding.level)));
    found
}
