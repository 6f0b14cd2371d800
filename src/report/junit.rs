//! `JUnit` XML, as Jenkins, GitLab, Azure Pipelines and others read it: a test suite a suite, a test case a check.

use std::fmt::Write as _;

use super::inert::inert_markup;
use super::model::{CheckReport, Report, SuiteReport};
use super::rows;
use super::troubles::message;
use super::visible::visible;
use crate::evaluate::Verdict;

/// The report as `JUnit` XML. A warning is no failure: its test case passes, and says it in its output.
#[must_use]
pub fn junit(report: &Report) -> String {
    let counts = &report.statistics;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    line(
        &mut out,
        format_args!(
            "<testsuites name=\"karat\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">",
            counts.checks,
            counts.failed,
            counts.errored,
            seconds(report.run.elapsed_ms)
        ),
    );
    for suite in &report.suites {
        test_suite(&mut out, report, suite);
    }
    out.push_str("</testsuites>\n");
    inert_markup(&out).into_owned()
}

fn test_suite(out: &mut String, report: &Report, suite: &SuiteReport) {
    let counts = &suite.statistics;
    let elapsed = suite.execution.as_ref().map_or(0, |execution| execution.elapsed_ms);
    line(
        out,
        format_args!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\" timestamp=\"{}\">",
            xml(&suite.name),
            counts.checks,
            counts.failed,
            counts.errored,
            counts.skipped,
            seconds(elapsed),
            xml(&report.run.started_at)
        ),
    );
    out.push_str("    <properties>\n");
    for (name, value) in properties(report, suite) {
        line(out, format_args!("      <property name=\"{name}\" value=\"{}\"/>", xml(&value)));
    }
    out.push_str("    </properties>\n");
    for check in &suite.checks {
        test_case(out, suite, check);
    }
    if let Some(error) = &suite.error {
        line(out, format_args!("    <system-err>{}</system-err>", xml(error)));
    }
    out.push_str("  </testsuite>\n");
}

/// What a reader of the suite asks for beside its checks.
fn properties(report: &Report, suite: &SuiteReport) -> Vec<(&'static str, String)> {
    let snapshot = suite.snapshot.as_ref();
    let all = [
        ("data", snapshot.map(|snapshot| snapshot.uri.clone())),
        ("version", snapshot.and_then(|snapshot| snapshot.version).map(|version| version.to_string())),
        ("rows", snapshot.and_then(|snapshot| snapshot.rows).map(|rows| rows.to_string())),
        ("layer", suite.layer.clone()),
        ("owner", suite.owner.clone()),
        ("gate", Some(suite.gate.verdict.name().to_owned())),
        ("gate.reason", Some(suite.gate.reason.clone())),
        ("gate.policy", Some(suite.gate.policy.clone())),
        ("suite", Some(suite.path.clone())),
        ("run", Some(report.run.id.clone())),
        ("karat", Some(report.run.karat_version.clone())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// All checks share the scans of their suite: none has a time of its own.
fn test_case(out: &mut String, suite: &SuiteReport, check: &CheckReport) {
    let head = format!("    <testcase classname=\"{}\" name=\"{}\"", xml(&suite.name), xml(&check.id));
    let inner = match check.verdict {
        Verdict::Pass if check.vacuous => "<system-out>passed without a row to judge</system-out>".to_owned(),
        Verdict::Pass => return line(out, format_args!("{head}/>")),
        Verdict::Warn => {
            let message = xml(&message(check));
            format!("<system-out>warning: {message}\n{}</system-out>", lines(suite, check))
        }
        Verdict::Skip => {
            format!("<skipped message=\"{}\"/>", xml(check.reason.as_deref().unwrap_or("not asked for")))
        }
        Verdict::Fail => problem("failure", suite, check),
        Verdict::Error => problem("error", suite, check),
    };
    line(out, format_args!("{head}>\n      {inner}\n    </testcase>"));
}

/// Why a test case did not pass.
fn problem(element: &str, suite: &SuiteReport, check: &CheckReport) -> String {
    let (kind, message) = (xml(&check.expectation), xml(&message(check)));
    format!("<{element} type=\"{kind}\" message=\"{message}\">{}</{element}>", lines(suite, check))
}

/// What a check asks and where, and its failing rows.
fn lines(suite: &SuiteReport, check: &CheckReport) -> String {
    let mut lines = vec![check.sentence.clone(), format!("at {}:{}", suite.path, check.line)];
    lines.extend(check.samples.iter().map(rows::line));
    lines.extend(rows::more(check));
    lines.iter().map(|line| xml(line)).collect::<Vec<_>>().join("\n")
}

/// `0.412`
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

/// A text within XML, between quotes too. Characters that XML has no form for become visible.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Writing to a string cannot fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}
