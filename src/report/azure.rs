//! Issues of Azure Pipelines, as commands that a task writes to its log.

use std::fmt::Write as _;

use super::checkout::Checkout;
use super::inert::inert;
use super::model::Report;
use super::troubles::{Annotation, annotations};
use crate::evaluate::Verdict;

/// The report as logging commands: an issue for each check that did not pass, the worst first. Azure shows the first ten
/// errors and warnings of a task beside its log, and all of them in it.
#[must_use]
pub fn azure(report: &Report, checkout: &Checkout) -> String {
    let mut out = String::new();
    for Annotation { verdict, path, line, title, message } in annotations(report, checkout) {
        let kind = if verdict == Verdict::Warn { "warning" } else { "error" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "##vso[task.logissue type={kind};sourcepath={};linenumber={line};]{}",
            property(&path),
            data(&format!("{title}: {message}"))
        );
    }
    out
}

/// What stands behind a command.
fn data(text: &str) -> String {
    inert(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}
