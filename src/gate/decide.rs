//! Deciding.

use super::Policy;
use crate::data::thousands;
use crate::evaluate::Verdict;
use crate::suite::Layer;

/// Go, stop, or not to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Nothing stops.
    Passed,
    /// Something could not be evaluated, and nothing failed.
    Unknown,
    /// The data is not as it must be.
    Failed,
}

/// A gate that has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gate {
    /// What it decided.
    pub decision: Decision,
    /// The policy that applied.
    pub rule: Policy,
    /// The same as a phrase: `silver stops on fail and error`.
    pub policy: String,
    /// What it counted, as a phrase: `1 failed, 2 passed`.
    pub reason: String,
}

/// Decides on the verdicts of a suite's checks.
#[must_use]
pub fn decide(layer: Option<Layer>, policy: Policy, verdicts: &[Verdict]) -> Gate {
    let stop = || verdicts.iter().filter(|verdict| policy.stops_on(**verdict));
    let decision = if stop().any(|verdict| *verdict != Verdict::Error) {
        Decision::Failed
    } else if stop().next().is_some() {
        Decision::Unknown
    } else {
        Decision::Passed
    };
    let who = layer.map_or_else(|| "the gate".to_owned(), |layer| layer.to_string());
    Gate { decision, rule: policy, policy: format!("{who} {policy}"), reason: tally(verdicts) }
}

/// The worst verdict; a failure is worse than not knowing. Of none, it is not known.
#[must_use]
pub fn verdict(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().max().unwrap_or(Verdict::Error)
}

fn tally(verdicts: &[Verdict]) -> String {
    const WORDS: [(Verdict, &str); 5] = [
        (Verdict::Fail, "failed"),
        (Verdict::Error, "could not be evaluated"),
        (Verdict::Warn, "warned"),
        (Verdict::Pass, "passed"),
        (Verdict::Skip, "skipped"),
    ];
    let counted = WORDS.iter().filter_map(|(verdict, word)| {
        let count = verdicts.iter().filter(|found| *found == verdict).count();
        (count > 0).then(|| format!("{} {word}", thousands(&count.to_string())))
    });
    counted.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_never_passes_and_a_failure_outweighs_it() {
        let decision = |policy, verdicts: &[Verdict]| decide(None, policy, verdicts).decision;
        assert_eq!(decision(Policy::StopOnFail, &[Verdict::Pass, Verdict::Warn]), Decision::Passed);
        assert_eq!(decision(Policy::StopOnWarn, &[Verdict::Pass, Verdict::Warn]), Decision::Failed);
        assert_eq!(decision(Policy::StopOnFail, &[Verdict::Error, Verdict::Pass]), Decision::Unknown);
        assert_eq!(decision(Policy::StopOnFail, &[Verdict::Error, Verdict::Fail]), Decision::Failed);
        assert_eq!(verdict([Verdict::Error, Verdict::Warn]), Verdict::Error);
        assert_eq!(verdict([]), Verdict::Error);
    }
}
