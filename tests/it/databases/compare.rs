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
    /// Those that the database has computed.
    pub there: u64,
    /// Those that were computed of fetched rows.
    pub here: u64,
}

impl Told {
    pub fn add(&mut self, other: Self) {
        self.same += other.same;
        self.refused += other.refused;
        self.there += other.there;
        self.here += other.here;
        self.errors += other.errors;
    }

    pub fn checks(self) -> u64 {
        self.same + self.refused + self.errors
    }
}

/// What a comparison of two runs has found. Each line begins with the id of its check.
pub struct Compared {
    pub told: Told,
    /// The checks that came to something else.
    pub wrong: Vec<String>,
    /// The checks that are not judged there, with the reasons.
    pub refused: Vec<String>,
}

impl Compared {
    /// Returns what must not be where all may be fetched: what differs, and what is refused but for an order that rows have not.
    pub fn unexpected(self) -> impl Iterator<Item = String> {
        let refused = self.refused.into_iter().filter(|line| !line.contains("no order"));
        self.wrong.into_iter().chain(refused)
    }
}

/// Compares two runs of a suite.
pub fn compared(there: &Run, here: &Run, system: &str) -> Compared {
    let (mut told, mut wrong, mut refused) = (Told::default(), Vec::new(), Vec::new());
    let (there, here) = (&there.suites[0], &here.suites[0]);
    if there.error.is_some() || here.error.is_some() {
        wrong.push(format!("{:?} and {:?}", there.error, here.error));
    }
    for ((check, theirs), own) in here.suite.checks.iter().zip(&there.outcomes).zip(&here.outcomes) {
        let reason = theirs.reason.as_deref().unwrap_or_default();
        if theirs.verdict != Verdict::Error
            && let Some(origin) = &theirs.origin
        {
            let is_fetched = origin.engine.starts_with("polars");
            *if is_fetched { &mut told.here } else { &mut told.there } += 1;
        }
        match (theirs.verdict, own.verdict) {
            (Verdict::Error, Verdict::Error) => told.errors += 1,
            (Verdict::Error, _) if is_refused(reason, system) => {
                told.refused += 1;
                refused.push(format!("{}: {reason}", check.id));
            }
            _ if described(theirs) == described(own) => told.same += 1,
            _ => wrong.push(format!(
                "{}: {system} {}, Polars {}\n  {reason}",
                check.id,
                described(theirs),
                described(own)
            )),
        }
    }
    Compared { told, wrong, refused }
}

/// Returns whether a reason says that a check is not judged there. What a database computes out of its range is an error
/// there, too, and never a verdict.
fn is_refused(reason: &str, system: &str) -> bool {
    reason.contains(&format!("{system}: "))
        || reason.contains("--fetch ROWS")
        || reason.to_lowercase().contains("out of range")
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
