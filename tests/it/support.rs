//! Helpers that run suites and find outcomes in tests.

use karat::evaluate::{Outcome, Verdict};
use karat::source::Trust;
use karat::{CheckOptions, Data, Run, Suite, check};

/// Parses a suite in YAML. Panics if the suite is not valid.
pub fn parsed(suite: &str) -> Suite {
    Suite::from_yaml(suite).unwrap_or_else(|error| panic!("{error:?}\n{suite}"))
}

/// Judges with the default options.
pub fn judge(suite: &str, data: impl Into<Data>) -> Run {
    check(&parsed(suite), data, &CheckOptions::default())
}

pub fn judge_trusting(trust: Trust, suite: &str, data: impl Into<Data>) -> Run {
    check(&parsed(suite), data, &CheckOptions { trust, ..CheckOptions::default() })
}

/// Judges by the rows alone. No statistics replace reading rows.
pub fn judge_reading_all(suite: &str, data: impl Into<Data>) -> Run {
    judge_trusting(Trust::None, suite, data)
}

/// Returns the outcome of a check. Panics if there is no such check.
pub fn outcome<'a>(run: &'a Run, id: &str) -> &'a Outcome {
    let ids = || run.suites.iter().flat_map(|run| run.suite.checks.iter().map(|check| check.id.as_str()));
    run.outcome(id).unwrap_or_else(|| panic!("no check {id:?} among {:?}", ids().collect::<Vec<_>>()))
}

/// Returns the outcome of the only check of a run's only suite.
pub fn only(run: &Run) -> &Outcome {
    match run.suites.as_slice() {
        [suite] if suite.outcomes.len() == 1 => &suite.outcomes[0],
        suites => panic!("{} suites, the first with {} checks", suites.len(), suites[0].outcomes.len()),
    }
}

pub fn assert_all_pass(run: &Run) {
    for suite in &run.suites {
        assert_eq!(suite.error, None);
        for (check, outcome) in suite.suite.checks.iter().zip(&suite.outcomes) {
            assert_eq!(outcome.verdict, Verdict::Pass, "{}: {outcome:?}", check.id);
        }
    }
}
