//! What a report says of gates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::count;
use crate::data::counted;
use crate::evaluate::Verdict;
use crate::gate::{Decision, Gate};
use crate::run::{Run, SuiteRun};

/// The decision of a gate.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GateReport {
    /// pass, fail, error if the gate could not decide, or skip if no check was selected.
    pub verdict: Verdict,
    /// The policy that applied; empty if every suite has its own.
    pub policy: String,
    /// The counts behind the decision.
    pub reason: String,
}

/// Returns the worst of all gates.
pub(super) fn gate_of_all(run: &Run) -> GateReport {
    match (run.suites.as_slice(), run.suites.iter().max_by_key(|suite| suite.gate.decision)) {
        ([only], _) => gate(only),
        (_, Some(worst)) => GateReport { policy: String::new(), reason: gates(run), ..gate(worst) },
        (_, None) => GateReport {
            verdict: Verdict::Error,
            policy: String::new(),
            reason: "no suite was run".to_owned(),
        },
    }
}

/// Returns the gate of a suite.
pub(super) fn gate(run: &SuiteRun) -> GateReport {
    GateReport { verdict: gate_verdict(run), ..(&run.gate).into() }
}

impl From<&Gate> for GateReport {
    fn from(gate: &Gate) -> Self {
        let verdict = decided(gate.decision);
        Self { verdict, policy: gate.policy.clone(), reason: gate.reason.clone() }
    }
}

/// Returns the verdict of a gate. A gate that had no check to decide on lets the data through, but counts as
/// skipped.
pub(super) fn gate_verdict(run: &SuiteRun) -> Verdict {
    match run.gate.decision {
        Decision::Passed if run.verdict() == Verdict::Skip => Verdict::Skip,
        decision => decided(decision),
    }
}

/// Returns a decision as a verdict.
pub(super) const fn decided(decision: Decision) -> Verdict {
    match decision {
        Decision::Passed => Verdict::Pass,
        Decision::Failed => Verdict::Fail,
        Decision::Unknown => Verdict::Error,
    }
}

/// Returns a summary of the gates: `2 of 4 gates passed, 1 skipped`.
pub(super) fn gates(run: &Run) -> String {
    let suites = |wanted| run.suites.iter().filter(|suite| gate_verdict(suite) == wanted).count() as u64;
    let skipped = match suites(Verdict::Skip) {
        0 => String::new(),
        skipped => format!(", {} skipped", count(skipped)),
    };
    let all = counted(run.suites.len() as u64, "gate", "gates");
    format!("{} of {all} passed{skipped}", count(suites(Verdict::Pass)))
}
