//! Compares the outcomes of a suite over a database with those over Polars.

use karat::Run;
use karat::data::Value;
use karat::evaluate::{Outcome, Verdict};

/// How many checks came to what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// To the same.
    pub same: u64,
    /// To an error that says why the check is not judged there.
    pub refused: u64,
    /// To an error on both sides.
    pub errors: u64,
}

impl Told {
    pub fn add(&mut self, other: Self) {
        self.same += other.same;
        self.refused += other.refused;
        self.errors += other.errors;
    }

    pub fn checks(self) -> u64 {
        self.same + self.refused + self.errors
    }
}

/// Compares two runs of a suite; every difference is a line.
pub fn compared(there: &Run, here: &Run, system: &str) -> (Told, Vec<String>) {
    let (mut told, mut wrong) = (Told::default(), Vec::new());
    let (there, here) = (&there.suites[0], &here.suites[0]);
    if there.error.is_some() || here.error.is_some() {
        wrong.push(format!("{:?} and {:?}", there.error, here.error));
    }
    for ((check, theirs), own) in here.suite.checks.iter().zip(&there.outcomes).zip(&here.outcomes) {
        let reason = theirs.reason.as_deref().unwrap_or_default();
        match (theirs.verdict, own.verdict) {
            (Verdict::Error, Verdict::Error) => told.errors += 1,
            (Verdict::Error, _) if is_refused(reason, system) => told.refused += 1,
            _ if described(theirs) == described(own) => told.same += 1,
            _ => wrong.push(format!(
                "{}: {system} {}, Polars {}\n  {reason}",
                check.id,
                described(theirs),
                described(own)
            )),
        }
    }
    (told, wrong)
}

/// Returns whether a reason says that a check is not judged there. What a database computes out of its range is an error
/// there, too, and never a verdict.
fn is_refused(reason: &str, system: &str) -> bool {
    reason.contains(&format!("{system}: ")) || reason.to_lowercase().contains("out of range")
}

fn described(outcome: &Outcome) -> String {
    format!(
        "{} {:?} vacuous {} observed {} details {}",
        outcome.verdict.name(),
        outcome.counts,
        outcome.vacuous,
        shown(&outcome.observed),
        shown(&outcome.details),
    )
}

/// Returns a value as text; numbers by what they are, whatever their types.
fn shown(value: &Value) -> String {
    match value {
        Value::Decimal(decimal) => decimal.normalised().to_string(),
        Value::Float(float) => format!("{:?}", float.0 + 0.0),
        Value::List(items) => format!("{:?}", items.iter().map(shown).collect::<Vec<_>>()),
        Value::Struct(fields) => {
            format!("{:?}", fields.iter().map(|(name, value)| (name, shown(value))).collect::<Vec<_>>())
        }
        other => other.to_string(),
    }
}
