//! What did not pass, the worst first, as build servers are told it.

use super::checkout::Checkout;
use super::model::{CheckReport, Report, SuiteReport};
use super::visible::brief;
use crate::evaluate::Verdict;
use crate::suite::digest;

/// How long a message becomes: platforms cut longer ones, or take none of them.
const LONGEST: usize = 1_000;

/// A check that failed, warned or could not be evaluated.
#[derive(Clone, Copy)]
pub(super) struct Trouble<'a> {
    pub(super) suite: &'a SuiteReport,
    pub(super) check: &'a CheckReport,
}

/// What is told at a line of a suite's file.
pub(super) struct Annotation {
    /// fail, error or warn.
    pub(super) verdict: Verdict,
    /// The suite's file.
    pub(super) path: String,
    /// A line in it, from 1.
    pub(super) line: u64,
    /// The suite and the check.
    pub(super) title: String,
    pub(super) message: String,
}

/// The checks that did not pass: those that failed before those that could not be evaluated, then warnings; of each
/// those first of which the greatest share of rows fails; then in the order of the suites.
pub(super) fn worst_first(report: &Report) -> Vec<Trouble<'_>> {
    let all =
        report.suites.iter().flat_map(|suite| suite.checks.iter().map(move |check| Trouble { suite, check }));
    let mut troubles: Vec<Trouble<'_>> =
        all.filter(|trouble| trouble.check.verdict > Verdict::Pass).collect();
    let share =
        |trouble: &Trouble<'_>| trouble.check.counts.as_ref().map_or(0.0, |counts| counts.failing_percent);
    troubles.sort_by(|one, other| {
        let by_verdict = other.check.verdict.cmp(&one.check.verdict);
        by_verdict.then_with(|| share(other).total_cmp(&share(one)))
    });
    troubles
}

/// The same as annotations, of which a suite whose data could not be read has one, and not one for each of its checks.
pub(super) fn annotations(report: &Report, checkout: &Checkout) -> Vec<Annotation> {
    let mut unread_suites: Vec<*const SuiteReport> = Vec::new();
    let mut annotations = Vec::new();
    for trouble in worst_first(report) {
        let Trouble { suite, check } = trouble;
        let (title, message) = match unread(suite, check) {
            Some(error) => {
                if unread_suites.contains(&std::ptr::from_ref(suite)) {
                    continue;
                }
                unread_suites.push(suite);
                (brief(&suite.name, LONGEST), brief(&format!("could not be judged: {error}"), LONGEST))
            }
            None => (title(trouble), message(check)),
        };
        let (verdict, line) = (check.verdict, check.line.max(1));
        annotations.push(Annotation { verdict, path: checkout.path(suite), line, title, message });
    }
    annotations
}

/// Why no check of a suite could be evaluated, and so not this one.
fn unread<'a>(suite: &'a SuiteReport, check: &CheckReport) -> Option<&'a str> {
    let reason = check.reason.as_deref().filter(|_| check.verdict == Verdict::Error)?;
    suite.error.as_deref().filter(|error| reason.starts_with(error))
}

/// `shop/orders: status.in_set`
fn title(Trouble { suite, check }: Trouble<'_>) -> String {
    brief(&format!("{}: {}", suite.name, check.id), LONGEST)
}

/// What was found, in one line that is never empty, and since when.
pub(super) fn message(check: &CheckReport) -> String {
    let found = Some(check.summary.as_str()).filter(|summary| !summary.is_empty());
    let found = found.or(check.reason.as_deref()).map(str::to_owned);
    let found = found.unwrap_or_else(|| format!("it does not hold that {}", check.sentence));
    match check.past.as_ref().map(|past| past.summary.as_str()) {
        None | Some("") => brief(&found, LONGEST),
        Some(since) => brief(&format!("{found}; {since}"), LONGEST),
    }
}

/// What names a check from run to run, wherever it stands and whatever it asks: its id in a suite of that name.
pub(super) fn identity(Trouble { suite, check }: Trouble<'_>) -> String {
    let named = serde_json::json!([suite.name, check.id]).to_string();
    digest(named.as_bytes()).replace("sha256:", "")
}
