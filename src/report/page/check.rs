//! A check as the page shows it.

use serde::Serialize;

use super::command::command;
use super::order::is_new;
use super::paths::Home;
use crate::evaluate::Verdict;
use crate::expectation::find;
use crate::report::model::CheckReport;

/// A check, its place on the page, and how much of it is seen at first.
#[derive(Debug, Serialize)]
pub(super) struct CheckPage<'a> {
    #[serde(rename = "is")]
    pub(super) report: &'a CheckReport,
    pub(super) anchor: String,
    /// The demand without the name of the expectation, which stands before it.
    pub(super) demand: &'a str,
    /// Whether its body is seen at first.
    pub(super) open: bool,
    /// Whether its body stands in the page as it is; otherwise it is compressed.
    pub(super) whole: bool,
    /// Whether its id is shown beside it: another check demands the same of the same columns.
    pub(super) named: bool,
    /// `new`, `fixed`, or empty.
    pub(super) news: &'static str,
    /// What does not pass, and since when, where that is longer than this run.
    pub(super) since: &'a str,
    /// The reason for the verdict, and the finding, with paths of the project.
    pub(super) reason: Option<String>,
    pub(super) finding: String,
    pub(super) command: Option<String>,
    /// Whether the page explains its expectation.
    pub(super) explained: bool,
}

impl<'a> CheckPage<'a> {
    pub(super) fn of(report: &'a CheckReport, anchor: String, home: &Home, path: &str) -> Self {
        let reason = report.reason.as_deref().map(|reason| home.text(reason));
        let finding = if report.summary.is_empty() {
            reason.clone().unwrap_or_default()
        } else {
            home.text(&report.summary)
        };
        let past = report.past.as_ref();
        let lasts = past.and_then(|past| past.since.as_ref()).is_some_and(|since| since.runs > 1);
        Self {
            report,
            anchor,
            demand: report
                .expected
                .strip_prefix(report.expectation.as_str())
                .unwrap_or(&report.expected)
                .trim_start(),
            open: false,
            whole: true,
            named: false,
            news: news(report),
            since: past.filter(|_| lasts).map_or("", |past| &past.summary),
            reason,
            finding,
            command: command(home, path, report),
            explained: find(&report.expectation).is_some(),
        }
    }
}

/// Returns what a check has become since the previous run.
fn news(check: &CheckReport) -> &'static str {
    let previous = check.past.as_ref().map(|past| past.previous);
    match previous {
        Some(_) if is_new(check) => "new",
        Some(Some(Verdict::Fail | Verdict::Error | Verdict::Warn)) if check.verdict == Verdict::Pass => {
            "fixed"
        }
        _ => "",
    }
}
