//! Decides whether data may pass.

use super::Policy;
use crate::data::thousands;
use crate::evaluate::Verdict;
use crate::suite::Layer;

/// The decision of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// No verdict stops the data.
    Passed,
    /// Some check could not be evaluated, and no other verdict stops the data.
    Unknown,
    /// Some verdict other than an error stops the data.
    Failed,
}

/// A gate that has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gate {
    /// The decision.
    pub decision: Decision,
    /// The policy that applied.
    pub rule: Policy,
    /// The policy as a phrase: `silver stops on fail and error`.
    pub policy: String,
    /// The counts of verdicts as a phrase: `1 failed, 2 passed`.
    pub reason: String,
}

/// Decides by the verdicts of a suite's checks.
#[must_use]
pub fn decide(layer: Option<&Layer>, policy: Policy, verdicts: &[Verdict]) -> Gate {
    let stop = || verdicts.iter().filter(|verdict| policy.stops_on(**verdict));
    let decision = if stop().any(|verdict| *verdict != Verdict::Error) {
        Decision::Failed
    } else if stop().next().is_some() {
        Decision::Unknown
    } else {
        Decision::Passed
    };
    let who = layer.map_or_else(|| "the gate".to_owned(), ToString::to_string);
    let reason = tally(|wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count() as u64);
    Gate { decision, rule: policy, policy: format!("{who} {policy}"), reason }
}

/// Returns the worst verdict, where a failure is worse than an error; an error if there are no verdicts.
#[must_use]
pub fn verdict(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().max().unwrap_or(Verdict::Error)
}

/// Returns the numbers of verdicts as a phrase, the worst first: `1 failed, 2 passed`.
pub(crate) fn tally(count: impl Fn(Verdict) -> u64) -> String {
    let worst_first = [Verdict::Fail, Verdict::Error, Verdict::Warn, Verdict::Pass, Verdict::Skip];
    let counted = worst_first.into_iter().filter_map(|verdict| {
        let count = count(verdict);
        (count > 0).then(|| format!("{} {}", thousands(&count.to_string()), verdict.past_tense()))
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
