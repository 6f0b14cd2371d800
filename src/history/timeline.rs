//! A check over time.

use super::record::{CheckRecord, RunRecord, SuiteRecord};

/// What a check of a suite came to, run by run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Timeline<'a> {
    /// The name of the suite.
    pub suite: &'a str,
    /// The runs, the newest first.
    pub runs: Vec<CheckAt<'a>>,
}

/// A check in a run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CheckAt<'a> {
    /// The run.
    pub run: &'a RunRecord,
    /// The suite of the check.
    pub suite: &'a SuiteRecord,
    /// What it came to.
    pub check: &'a CheckRecord,
}

/// Finds a check in runs, by its id. Each suite that has one of this id has a timeline of its own.
#[must_use]
pub fn timelines<'a>(runs: &'a [RunRecord], id: &str) -> Vec<Timeline<'a>> {
    let mut timelines: Vec<Timeline<'a>> = Vec::new();
    for run in runs {
        for suite in &run.suites {
            let Some(check) = suite.check(id) else { continue };
            let at = CheckAt { run, suite, check };
            match timelines.iter_mut().find(|timeline| timeline.suite == suite.name) {
                Some(timeline) => timeline.runs.push(at),
                None => timelines.push(Timeline { suite: &suite.name, runs: vec![at] }),
            }
        }
    }
    timelines
}
