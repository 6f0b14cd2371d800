//! A Code Quality report of GitLab: what a merge request shows of the checks that did not pass.

use serde_json::{Value as Json, json};

use super::checkout::Checkout;
use super::inert::inert_json;
use super::model::Report;
use super::troubles::{Trouble, identity, message, worst_first};
use super::visible::visible;
use crate::evaluate::Verdict;

/// The report as Code Quality JSON.
#[must_use]
pub fn gitlab(report: &Report, checkout: &Checkout) -> String {
    let issues = worst_first(report).into_iter().map(|trouble| issue(trouble, checkout));
    inert_json(&issues.collect::<Vec<_>>())
}

/// Of two issues with one fingerprint GitLab shows one, and compares those of two branches by it.
fn issue(trouble: Trouble<'_>, checkout: &Checkout) -> Json {
    let Trouble { suite, check } = trouble;
    let severity = match check.verdict {
        Verdict::Fail => "critical",
        Verdict::Error => "major",
        Verdict::Warn | Verdict::Pass | Verdict::Skip => "minor",
    };
    json!({
        "description": format!("{}: {}: {}", visible(&suite.name), visible(&check.id), message(check)),
        "check_name": visible(&check.expectation),
        "fingerprint": identity(trouble),
        "severity": severity,
        "location": { "path": checkout.path(suite), "lines": { "begin": check.line.max(1) } },
    })
}
