//! Answers for a stage of a pipeline: which checks failed, whether to go on, and text for its log.

use std::fmt;

use super::phrases::finding;
use super::{TextOptions, inert, text, visible};
use crate::evaluate::{Outcome, Verdict};
use crate::gate::Decision;
use crate::run::{Run, SuiteRun};
use crate::suite::Check;

/// A check that stopped a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The name of the suite.
    pub suite: String,
    /// The check's name within the suite.
    pub check: String,
    /// The verdict of the check: fail or error, or warn where the policy stops on warnings.
    pub verdict: Verdict,
    /// The finding, or why the check could not be evaluated.
    pub reason: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { suite, check, reason, .. } = self;
        let failure = format!("{} of {}: {}", visible(check), visible(suite), visible(reason));
        // It is a line of somebody's log.
        f.write_str(&inert(&failure))
    }
}

/// The error of a gate that did not let the data through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct Stopped {
    /// Whether the data failed, or could not be judged.
    pub decision: Decision,
    /// The checks that stopped the gate, in the order of the run.
    pub failures: Vec<Failure>,
}

impl fmt::Display for Stopped {
    /// Writes one line with the first few checks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 5;
        if self.failures.is_empty() {
            return f.write_str("the gate stopped: no suite was run");
        }
        f.write_str("the gate stopped: ")?;
        for (index, failure) in self.failures.iter().take(MOST).enumerate() {
            write!(f, "{}{failure}", if index == 0 { "" } else { "; " })?;
        }
        match self.failures.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl Run {
    /// Returns the checks that stopped the gates, suite by suite.
    pub fn failures(&self) -> impl Iterator<Item = Failure> {
        self.suites.iter().flat_map(SuiteRun::failures)
    }

    /// Returns `Ok` if every gate let the data through.
    ///
    /// # Errors
    /// A gate did not; the error says for which checks.
    pub fn gate(&self) -> Result<(), Stopped> {
        if self.passed() {
            return Ok(());
        }
        Err(Stopped { decision: self.decision(), failures: self.failures().collect() })
    }
}

impl SuiteRun {
    /// Returns the checks that stopped the gate, in the suite's order.
    pub fn failures(&self) -> impl Iterator<Item = Failure> {
        let stops = |(_, outcome): &(&Check, &Outcome)| self.gate.rule.stops_on(outcome.verdict);
        self.suite.checks.iter().zip(&self.outcomes).filter(stops).map(|(check, outcome)| Failure {
            suite: self.suite.name.clone(),
            check: check.id.clone(),
            verdict: outcome.verdict,
            reason: reason(check, outcome),
        })
    }
}

fn reason(check: &Check, outcome: &Outcome) -> String {
    match finding(check, outcome) {
        found if found.is_empty() => format!("it does not hold that {}", check.summary),
        found => found,
    }
}

impl fmt::Display for Run {
    /// Writes the text report without colours and failing rows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(without_styles(&text(self, TextOptions::default())).trim_end())
    }
}

/// Removes the ANSI styles. Escapes in the data were made visible before, so every remaining escape begins a
/// style.
fn without_styles(styled: &str) -> String {
    let after = |part: &str| part.split_once('m').map_or_else(String::new, |(_, rest)| rest.to_owned());
    let mut parts = styled.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(parts.map(after)).collect()
}
