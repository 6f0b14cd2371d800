//! Renders the report as a piece of HTML, for a page of somebody else such as a notebook: a table of the checks, the worst
//! first. It has no script, loads nothing, has the colours of the page around it, and reads well where its style is taken away.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::html::{HtmlError, page_environment};
use super::inert::inert_markup;
use super::model::{CheckReport, Report, SuiteReport};
use super::page::worst_first;
use super::rows;
use crate::data::counted;
use crate::evaluate::Verdict;

/// The most checks that are listed; what else there is, is counted.
const LISTED: usize = 50;

/// What the template shows of a suite.
#[derive(Serialize)]
struct Part<'a> {
    suite: &'a SuiteReport,
    checks: Vec<Line<'a>>,
    /// `12 more checks: 10 passed, 2 warned`
    rest: Option<String>,
}

/// What it shows of a check.
#[derive(Serialize)]
struct Line<'a> {
    check: &'a CheckReport,
    rows: Vec<String>,
    more: Option<String>,
}

/// Renders the report as a piece of HTML within one element.
///
/// # Errors
/// The template does not fit the report, which a test rules out.
pub fn fragment(report: &Report) -> Result<String, HtmlError> {
    let mut environment = page_environment()?;
    environment.add_template("fragment.html", include_str!("../../reports/fragment.html.j2"))?;
    let parts: Vec<Part<'_>> = report.suites.iter().map(Part::of).collect();
    let given = minijinja::context! {
        parts => Value::from(Serde(&parts)),
        css => include_str!("../../reports/fragment.css"),
    };
    Ok(inert_markup(&environment.get_template("fragment.html")?.render(given)?).into_owned())
}

impl<'a> Part<'a> {
    fn of(suite: &'a SuiteReport) -> Self {
        let mut checks: Vec<&CheckReport> = suite.checks.iter().collect();
        checks.sort_by(|one, other| worst_first(one, other));
        let rest = checks.split_off(checks.len().min(LISTED));
        Self { suite, rest: left_out(&rest), checks: checks.into_iter().map(Line::of).collect() }
    }
}

impl<'a> Line<'a> {
    fn of(check: &'a CheckReport) -> Self {
        Self { check, rows: check.samples.iter().map(rows::line).collect(), more: rows::more(check) }
    }
}

fn left_out(rest: &[&CheckReport]) -> Option<String> {
    let of = |verdict: Verdict| rest.iter().filter(|check| check.verdict == verdict).count();
    let verdicts = [Verdict::Fail, Verdict::Error, Verdict::Warn, Verdict::Pass, Verdict::Skip];
    let told = verdicts.into_iter().filter(|verdict| of(*verdict) > 0);
    let told: Vec<String> = told.map(|verdict| format!("{} {}", of(verdict), verdict.past_tense())).collect();
    let count = u64::try_from(rest.len()).unwrap_or(u64::MAX);
    (count > 0).then(|| format!("{}: {}", counted(count, "more check", "more checks"), told.join(", ")))
}
