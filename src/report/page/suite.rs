//! A suite as the page shows it: its checks by column, with what is wrong first.

use std::collections::HashMap;

use serde::Serialize;

use super::anchors::Anchors;
use super::check::CheckPage;
use super::order::{newest_first, place, worst_first};
use super::paths::Home;
use crate::evaluate::Verdict;
use crate::report::gate::GateReport;
use crate::report::model::{CheckReport, ExecutionReport, SnapshotReport, Statistics, SuiteReport};
use crate::report::past::SuitePastReport;
use crate::suite::Severity;

/// A suite, and what is seen of it at first.
#[derive(Debug, Serialize)]
pub(super) struct SuitePage<'a> {
    pub(super) name: &'a str,
    pub(super) layer: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) owner: Option<&'a str>,
    pub(super) verdict: Verdict,
    pub(super) gate: &'a GateReport,
    pub(super) snapshot: Option<&'a SnapshotReport>,
    pub(super) execution: Option<&'a ExecutionReport>,
    pub(super) statistics: &'a Statistics,
    pub(super) past: Option<&'a SuitePastReport>,
    pub(super) digest: &'a str,
    pub(super) anchor: String,
    /// The paths of its file and of its data, relative to the project.
    pub(super) path: String,
    pub(super) uri: String,
    /// Where the web shows its file.
    pub(super) web: Option<&'a str>,
    pub(super) error: Option<String>,
    /// Whether more than its name is seen.
    pub(super) open: bool,
    pub(super) groups: Vec<Group<'a>>,
    pub(super) problems: Vec<Problem<'a>>,
}

/// The checks on the same columns. Each list of columns stands once.
#[derive(Debug, Serialize)]
pub(super) struct Group<'a> {
    pub(super) columns: &'a [String],
    /// What is wrong, the worst first.
    pub(super) problems: Vec<CheckPage<'a>>,
    /// What holds or was skipped, in the order of the suite.
    pub(super) held: Vec<CheckPage<'a>>,
}

/// A line of the list of what is wrong.
#[derive(Debug, Serialize)]
pub(super) struct Problem<'a> {
    verdict: Verdict,
    /// The check's id; `None` for the whole suite.
    id: Option<&'a str>,
    anchor: String,
    finding: String,
    /// The share of considered rows that fail, in percent.
    percent: Option<f64>,
    /// The check's severity; `None` for the whole suite.
    severity: Option<Severity>,
    news: &'static str,
    /// Since when it does not pass: `since v38, 4 runs`.
    since: &'a str,
    /// For so many runs, if it is more than this one.
    runs: u64,
}

impl<'a> SuitePage<'a> {
    pub(super) fn of(report: &'a SuiteReport, anchors: &mut Anchors, home: &Home) -> Self {
        let anchor = anchors.of(&report.name);
        let unjudged = report.error.is_some();
        let mut checks: Vec<CheckPage<'a>> = Vec::with_capacity(report.checks.len());
        for check in &report.checks {
            let anchor = anchors.of(&format!("{}:{}", report.name, check.id));
            checks.push(CheckPage::of(check, anchor, home, &report.path));
        }
        name_doubles(&mut checks);
        let mut problems: Vec<&CheckPage<'a>> =
            checks.iter().filter(|check| !unjudged && is_problem(check.report)).collect();
        problems.sort_by(|one, other| newest_first(one.report, other.report));
        let mut problems: Vec<Problem<'a>> = problems.into_iter().map(Problem::of).collect();
        let error = report.error.as_deref().map(|error| home.text(error));
        problems.extend(error.as_deref().map(|error| Problem::of_suite(report, &anchor, error)));
        Self {
            name: &report.name,
            layer: report.layer.as_deref(),
            description: report.description.as_deref(),
            owner: report.owner.as_deref(),
            verdict: report.verdict,
            gate: &report.gate,
            snapshot: report.snapshot.as_ref(),
            execution: report.execution.as_ref(),
            statistics: &report.statistics,
            past: report.past.as_ref(),
            digest: &report.digest,
            anchor,
            path: home.path(&report.path),
            web: report.web.as_deref(),
            uri: report.snapshot.as_ref().map(|snapshot| home.path(&snapshot.uri)).unwrap_or_default(),
            error,
            open: true,
            groups: groups(checks, unjudged),
            problems,
        }
    }

    /// Opens the first problems of the suite that stop its gate.
    pub(super) fn open_first(&mut self, most: usize) {
        let stops = |check: &CheckPage<'_>| {
            check.report.verdict != Verdict::Warn || self.gate.verdict != Verdict::Pass
        };
        let problems = self.groups.iter_mut().flat_map(|group| &mut group.problems);
        for check in problems.filter(|check| check.whole && stops(check)).take(most) {
            check.open = true;
        }
    }
}

fn is_problem(check: &CheckReport) -> bool {
    place(check.verdict) < place(Verdict::Pass)
}

/// Shows the ids of checks that read alike.
fn name_doubles(checks: &mut [CheckPage<'_>]) {
    let mut first: HashMap<(&[String], &str), usize> = HashMap::new();
    for at in 0..checks.len() {
        let Some(report) = checks.get(at).map(|check| check.report) else { continue };
        let other = *first.entry((&report.columns, &report.expected)).or_insert(at);
        if other != at {
            for double in [at, other] {
                if let Some(check) = checks.get_mut(double) {
                    check.named = true;
                }
            }
        }
    }
}

/// Puts checks together by their columns: first those with a problem, the worst first, then in the order of the suite. Of a
/// suite that could not be judged, all checks have the same problem, which stands above them.
fn groups(checks: Vec<CheckPage<'_>>, unjudged: bool) -> Vec<Group<'_>> {
    let mut places: HashMap<&[String], usize> = HashMap::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for check in checks {
        let columns = check.report.columns.as_slice();
        let place = *places.entry(columns).or_insert_with(|| {
            groups.push(Group { columns, problems: Vec::new(), held: Vec::new() });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(place) else { continue };
        if is_problem(check.report) && !unjudged {
            group.problems.push(check);
        } else {
            group.held.push(check);
        }
    }
    for group in &mut groups {
        group.problems.sort_by(|one, other| worst_first(one.report, other.report));
    }
    groups.sort_by(|one, other| match (one.problems.first(), other.problems.first()) {
        (Some(one), Some(other)) => worst_first(one.report, other.report),
        (one, other) => one.is_none().cmp(&other.is_none()),
    });
    groups
}

impl<'a> Problem<'a> {
    fn of(check: &CheckPage<'a>) -> Self {
        let report = check.report;
        let finding = if check.finding.is_empty() { &report.sentence } else { &check.finding };
        Self {
            verdict: report.verdict,
            id: Some(&report.id),
            anchor: check.anchor.clone(),
            finding: finding.clone(),
            percent: report
                .counts
                .as_ref()
                .map(|counts| counts.failing_percent)
                .filter(|percent| *percent > 0.0),
            severity: Some(report.severity),
            news: check.news,
            since: check.since.find("since").map_or("", |at| &check.since[at..]),
            runs: report.past.as_ref().and_then(|past| past.since.as_ref()).map_or(0, |since| since.runs),
        }
    }

    fn of_suite(suite: &SuiteReport, anchor: &str, error: &str) -> Self {
        Self {
            verdict: suite.verdict,
            id: None,
            anchor: anchor.to_owned(),
            finding: error.to_owned(),
            percent: None,
            severity: None,
            news: "",
            since: "",
            runs: 0,
        }
    }
}
