//! Annotations of GitHub Actions, as commands that a step writes to its log.

use std::fmt::Write as _;

use super::checkout::Checkout;
use super::inert::inert;
use super::model::Report;
use super::troubles::{Annotation, annotations};
use crate::data::counted;
use crate::evaluate::Verdict;

/// GitHub shows so many errors of a step, and as many warnings.
const MOST: usize = 10;

/// The report as workflow commands: the worst errors and warnings, and how many more there are.
#[must_use]
pub fn github(report: &Report, checkout: &Checkout) -> String {
    let all = annotations(report, checkout);
    let (warnings, errors): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|annotation| annotation.verdict == Verdict::Warn);
    let mut out = String::new();
    let mut more = Vec::new();
    for (command, annotations) in [("error", &errors), ("warning", &warnings)] {
        for Annotation { path, line, title, message, .. } in annotations.iter().take(MOST) {
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "::{command} file={},line={line},title={}::{}",
                property(path),
                property(title),
                data(message)
            );
        }
        let left = u64::try_from(annotations.len().saturating_sub(MOST)).unwrap_or(u64::MAX);
        if left > 0 {
            more.push(counted(left, &format!("more {command}"), &format!("more {command}s")));
        }
    }
    if !more.is_empty() {
        let _ = writeln!(out, "::notice title=karat::{}: see the log and the summary", more.join(" and "));
    }
    out
}

/// What stands behind a command.
fn data(text: &str) -> String {
    inert(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
