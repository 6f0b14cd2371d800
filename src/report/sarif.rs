//! SARIF 2.1.0, as GitHub code scanning and editors read it: a rule an expectation, a result a check that did not pass.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::checkout::Checkout;
use super::inert::inert_json;
use super::model::{CheckReport, Report, SuiteReport};
use super::troubles::{Trouble, identity, message, worst_first};
use super::visible::visible;
use crate::evaluate::Verdict;
use crate::suite::{Catalogue, CatalogueEntry};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What a path within a URI must not hold as it is. A colon before the first slash would end a scheme.
const IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The report as SARIF 2.1.0.
#[must_use]
pub fn sarif(report: &Report, checkout: &Checkout) -> String {
    let rules = rules(report);
    let files: Vec<String> = report.suites.iter().map(|suite| file(suite, checkout)).collect();
    let results = worst_first(report).into_iter().map(|trouble| {
        let suite = report.suites.iter().position(|suite| std::ptr::eq(suite, trouble.suite));
        let rule = rules.iter().position(|rule| rule.expectation == trouble.check.expectation);
        let uri = suite.and_then(|suite| files.get(suite)).map_or("", String::as_str);
        result(trouble, rule, suite, uri)
    });
    inert_json(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "karat",
                "version": report.run.karat_version,
                "rules": rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": report.statistics.errored == 0,
                "startTimeUtc": report.run.started_at,
            }],
            "artifacts": files.iter().map(|uri| json!({ "location": { "uri": uri } })).collect::<Vec<_>>(),
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
            "properties": {
                "run": report.run.id,
                "verdict": report.verdict,
                "gate": report.gate,
                "statistics": report.statistics,
            },
        }],
    }))
}

/// A check of each expectation of the run, in the order in which they come.
fn rules(report: &Report) -> Vec<&CheckReport> {
    let mut rules: Vec<&CheckReport> = Vec::new();
    for check in report.suites.iter().flat_map(|suite| &suite.checks) {
        if rules.iter().all(|rule| rule.expectation != check.expectation) {
            rules.push(check);
        }
    }
    rules
}

/// An expectation, with what it says of itself where it ships with karat.
fn described(rule: &CheckReport) -> Json {
    let id = visible(&rule.expectation);
    let summary = match Catalogue::standard().find(&rule.expectation) {
        Some(CatalogueEntry::BuiltIn(definition)) => definition.summary,
        Some(CatalogueEntry::Composed(composed)) => &composed.summary,
        None => &rule.sentence,
    };
    let summary = json!({ "text": text(summary) });
    let help = format!("karat explain {id} shows its page.");
    json!({
        "id": id,
        "shortDescription": summary,
        "fullDescription": summary,
        "help": { "text": text(&help) },
    })
}

fn result(trouble: Trouble<'_>, rule: Option<usize>, artifact: Option<usize>, uri: &str) -> Json {
    let Trouble { suite, check } = trouble;
    let level = if check.verdict == Verdict::Warn { "warning" } else { "error" };
    let identity = identity(trouble);
    json!({
        "ruleId": visible(&check.expectation),
        "ruleIndex": rule,
        "level": level,
        "message": { "text": text(&format!("{}: {}", check.id, message(check))) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri, "index": artifact },
                "region": { "startLine": check.line.max(1) },
            },
            "logicalLocations": [{
                "name": visible(&check.id),
                "fullyQualifiedName": visible(&format!("{}/{}", suite.name, check.id)),
            }],
        }],
        // The second one is the only one that GitHub looks at.
        "partialFingerprints": { "karatCheck/v1": identity, "primaryLocationLineHash": identity },
        "properties": {
            "suite": visible(&suite.name),
            "check": visible(&check.id),
            "verdict": check.verdict,
            "severity": check.severity,
            "counts": check.counts,
            "fingerprint": check.fingerprint,
        },
    })
}

/// The URI of a suite's file: relative to the repository, or else absolute.
fn file(suite: &SuiteReport, checkout: &Checkout) -> String {
    let path = checkout.path(suite);
    let uri = utf8_percent_encode(&path, IN_PATHS).to_string();
    if path.starts_with('/') { format!("file://{uri}") } else { uri }
}

/// A text in which nothing is a link or a placeholder: braces stand twice in messages, where single ones are
/// placeholders.
fn text(text: &str) -> String {
    visible(text).replace("](", "] (").replace('{', "{{").replace('}', "}}")
}
